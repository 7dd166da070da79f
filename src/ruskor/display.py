"""A corpus in a notebook: its event table as HTML, with the direction of each text left to the browser."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ruskor.corpus import CorpusEvent
from ruskor.interface import Words, load_words

_MOST = 100
_COLOURS = {
    "occurred": "#2a7d46", "ongoing": "#1b6f80", "planned": "#8a6100", "possible": "#8a3fa0", "denied": "#b3261e", "called_off": "#b3261e",
}  # fmt: skip


def events_html(events: Sequence[CorpusEvent], *, articles: int, failed: int = 0, lang: str = "en") -> str:
    """A heading and a table of the first events; all text is escaped, nothing is loaded and no script runs."""
    words = load_words(lang)
    head = f"{words.count(articles, 'article')}: {words.count(len(events), 'event')}"
    if failed:
        head += words.fill("say.failed", n=f"{failed:,}")
    names = ("date", "status", "type", "event", "place", "told", "evidence")
    header = "".join(f'<th style="text-align:start">{escape(words.word(f"column.{name}"))}</th>' for name in names)
    rows = "".join(_row(event, words) for event in events[:_MOST])
    more = f"<p>{escape(words.fill('say.more', n=len(events) - _MOST))}</p>" if len(events) > _MOST else ""
    direction = words.table["direction"]
    return (
        f'<div dir="{direction}" lang="{words.lang}"><p><b>{escape(head)}</b></p>'
        f"<table><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>{more}</div>"
    )


def _row(event: CorpusEvent, words: Words) -> str:
    place = event.places[0] if event.places else None
    title = (event.title_ar if words.rtl else event.title_en) or event.event_id
    passage = event.evidence.text if event.evidence else ""
    short = passage if len(passage) <= 120 else passage[:119].rstrip() + "…"
    cells = (
        escape(words.days(event.date)),
        f'<span style="color:{_COLOURS.get(event.status, "inherit")}">{escape(words.status(event.status)[0])}</span>',
        escape(words.type(event.type)),
        f'<bdi title="{escape(event.event_id)}">{"<b>" if event.core else ""}{escape(title)}{"</b>" if event.core else ""}</bdi>',
        f"<bdi>{escape((place.name_ar if words.rtl else place.name) if place else '')}</bdi>",
        str(event.n_articles),
    )
    return (
        "<tr>" + "".join(f'<td style="text-align:start" dir="auto">{cell}</td>' for cell in cells)
        + f'<td lang="ar" dir="auto" title="{escape(passage)}">{escape(short)}</td></tr>'
    )  # fmt: skip
