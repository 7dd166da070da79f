"""Dossiers: all that a corpus says of one person or place, and what the gazetteers know."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ruskor.annotation import Annotation
from ruskor.context import one_line
from ruskor.corpus import CorpusEvent
from ruskor.errors import RuskorError
from ruskor.explain import arabic_name
from ruskor.gazetteer import Gazetteer, Person, Place
from ruskor.interface import Words
from ruskor.model import PersonMention, PlaceMention
from ruskor.select import name_test
from ruskor.spark import counts, make_scale, sparkline
from ruskor.summary import interval_of
from ruskor.terminal import Block, Cell, Grid, Heading, Text
from ruskor.words import STATUS_MARKS

Json = dict[str, Any]
Mention = PersonMention | PlaceMention
_FEW, _LONG = 15, 12


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a dossier is about: its canonical name, and its entry in the gazetteers."""

    name: str
    person: Person | None = None
    place: Place | None = None


def find_subject(query: str, annotations: Sequence[Annotation], gazetteer: Gazetteer, *, kind: str) -> Subject:
    """The one person or place (`kind`) that a name, an alias or an id denotes: named in the articles, else known.

    Raises RuskorError (usage) where nobody bears it, or several do.
    """
    known: Sequence[Person | Place] = gazetteer.people if kind == "person" else gazetteer.places
    index = gazetteer.person_index if kind == "person" else gazetteer.place_index
    counted = Counter(m.name for a in annotations for m in _mentions(a, kind))
    aliased, matches = name_test(gazetteer, query, kind=kind)
    ids = {row.name for row in known if query and row.id == query}
    arabic = {m.name for a in annotations for m in _mentions(a, kind) if query in (m.name_ar, m.text, m.id)}
    wide = {name for name in counted if matches(name)} | arabic
    for group in ({query} if query in counted or query in index else set(), ids, (aliased | arabic) & set(counted), wide, aliased):
        names = sorted(group, key=lambda name: (-counted[name], -known[index[name]].prominence if name in index else 0, name))
        if len(names) == 1:
            return _subject(names[0], gazetteer, kind)
        if names:
            raise RuskorError(f"{one_line(query)}: could be several", hint=f"name one of them: {', '.join(names[:8])}")
    folded = [name for name in index if matches(name)]
    if len(folded) == 1:
        return _subject(folded[0], gazetteer, kind)
    near = folded[:8] or difflib.get_close_matches(query, [*counted, *index], n=4, cutoff=0.6)
    hint = f"perhaps: {', '.join(near)}" if near else "`ruskor data search` looks through the gazetteers"
    raise RuskorError(f"{one_line(query)}: no {kind} of that name", hint=hint)


def _subject(name: str, gazetteer: Gazetteer, kind: str) -> Subject:
    if kind == "person":
        return Subject(name, person=gazetteer.people[gazetteer.person_index[name]] if name in gazetteer.person_index else None)
    return Subject(name, place=gazetteer.places[gazetteer.place_index[name]] if name in gazetteer.place_index else None)


def _mentions(annotation: Annotation, kind: str) -> Sequence[Mention]:
    return annotation.people if kind == "person" else annotation.places


def make_dossier(
    subject: Subject,
    annotations: Sequence[Annotation],
    events: Sequence[CorpusEvent],
    gazetteer: Gazetteer,
    *,
    kind: str,
    lang: str,
    hidden: int = 0,
) -> Json:
    """The dossier as plain values; `events` are the rows to show, `hidden` how many more there are."""
    found = [(a, [m for m in _mentions(a, kind) if m.name == subject.name]) for a in annotations]
    found = [(a, mentions) for a, mentions in found if mentions]
    first = found[0][1][0] if found else None
    known = subject.person or subject.place
    dossier: Json = {
        "kind": kind,
        "name": subject.name,
        "name_ar": known.name_ar if known else first.name_ar if first else None,
        "id": known.id if known else first.id if first else None,
        "country": known.country if known else first.country if first else None,
        "in_gazetteer": known is not None,
    }
    dossier |= _known_person(subject.person, gazetteer) if kind == "person" else _known_place(subject.place)
    dossier |= {
        "n_mentions": sum(len(mentions) for _, mentions in found),
        "n_articles": len(found),
        "spellings": _spellings(found),
        "events": [_event(e, lang) for e in events],
        "events_hidden": hidden,
        "partners": _partners(subject.name, events, kind),
        "articles": [_article(a, mentions) for a, mentions in found],
    }
    return dossier


def _known_person(person: Person | None, gazetteer: Gazetteer) -> Json:
    if person is None:
        return {"offices": [], "family": []}
    terms = sorted(person.terms, key=lambda term: (term.since, term.office))
    names = {t.office: gazetteer.offices.get(t.office, ("", t.office.replace("_", " ")))[1] for t in terms}
    offices = [{"office": names[t.office], "key": t.office, "of": t.of, "from": t.since, "to": t.until} for t in terms]
    return {"offices": offices, "family": [{"relation": relation, "name": name} for relation, name in person.kin.items()]}


def _known_place(place: Place | None) -> Json:
    if place is None:
        return {"place_kind": None, "inside": [], "latitude": None, "longitude": None}
    return {"place_kind": place.kind, "inside": list(place.inside), "latitude": place.lat, "longitude": place.lon}


def _spellings(found: Sequence[tuple[Annotation, Sequence[Mention]]]) -> list[Json]:
    rows: dict[tuple[str, str], Json] = {}
    for annotation, mentions in found:
        for m in mentions:
            kind = m.kind if isinstance(m, PersonMention) else m.role
            text = " ".join(m.text.split())
            row = rows.setdefault((text, kind), {"text": text, "kind": kind, "n": 0, "articles": {}})
            row["n"] += 1
            row["articles"][annotation.article.article] = None
    whole = [{**row, "articles": list(row["articles"])} for row in rows.values()]
    return sorted(whole, key=lambda row: (-row["n"], row["text"], row["kind"]))


def _event(event: CorpusEvent, lang: str) -> Json:
    return {
        "event_id": event.event_id,
        "date": event.date.to_json() if event.date else None,
        "type": event.type,
        "status": event.status,
        "core": event.core,
        "title": (event.title_ar if lang == "ar" else event.title_en) or event.event_id,
        "place": event.places[0].name if event.places else None,
        "people": [p.name for p in event.people],
        "articles": event.n_articles,
        "evidence": event.evidence.text if event.evidence else None,
    }


def _partners(name: str, events: Sequence[CorpusEvent], kind: str) -> list[Json]:
    """Who takes part in the same events, by how many; those that happened come first."""
    rows: dict[str, Json] = {}
    for event in events:
        for p in {p.name: p for p in event.people}.values():
            if kind == "person" and p.name == name:
                continue
            row = rows.setdefault(p.name, {"name": p.name, "id": p.id, "events": 0, "occurred": 0})
            row["events"] += 1
            row["occurred"] += event.status in {"occurred", "ongoing"}
    return sorted(rows.values(), key=lambda row: (-row["occurred"], -row["events"], row["name"]))


def _article(annotation: Annotation, mentions: Sequence[Mention]) -> Json:
    own = annotation.published.value
    return {
        "article": annotation.article.article,
        "published": own.to_json() if own else None,
        "title": annotation.title,
        "n": len(mentions),
        "mentions": [{"text": m.text, "span": list(m.span), "kind": m.kind if isinstance(m, PersonMention) else m.role} for m in mentions],
    }


def event_test(subject: Subject, *, kind: str, gazetteer: Gazetteer) -> Callable[[CorpusEvent], bool]:
    """Whether an event is the subject's: a person takes part in it, a place holds one of its places."""
    if kind == "person":
        return lambda event: any(p.name == subject.name for p in event.people)
    country = subject.place.country if subject.place and subject.place.kind == "country" else None

    def here(event: CorpusEvent) -> bool:
        for place in event.places:
            index = gazetteer.place_index.get(place.name)
            inside = gazetteer.places[index].inside if index is not None else ()
            if place.name == subject.name or subject.name in inside or (country and place.country == country):
                return True
        return False

    return here


def dossier_blocks(dossier: Json, *, words: Words, columns: int | None = None) -> list[Block]:
    """The dossier for people."""
    name = (dossier["name_ar"] if words.rtl else None) or dossier["name"]
    other = dossier["name"] if words.rtl else dossier["name_ar"]
    blocks: list[Block] = [Heading(name), Grid(_facts(dossier, other, words), fixed=frozenset({0})), Text("")]
    if dossier.get("offices"):
        blocks += [Heading(words.word("heading.offices")), _offices(dossier, words), Text("")]
    if not dossier["n_mentions"]:
        return [*blocks, Text(words.word("say.no_mention"), "dim")]
    group = "kind" if dossier["kind"] == "person" else "place_role"
    spellings: list[list[Cell]] = [
        [(s["text"], "green"), words.word(f"{group}.{s['kind']}"), str(s["n"]), str(len(s["articles"]))]
        for s in dossier["spellings"][:_FEW]
    ]
    header = tuple(words.word(f"column.{column}") for column in ("spelling", "kind", "mentions", "articles"))
    grid = Grid(spellings, header=header, fixed=frozenset({2, 3}), right=frozenset({2, 3}))
    heading = f"{words.word('heading.spellings')} ({len(dossier['spellings']):,})"
    blocks += [Heading(heading), grid, *_rest(dossier["spellings"], _FEW, words), Text("")]
    blocks += _events(dossier, words, columns=columns)
    blocks += _others(dossier, words)
    articles: list[list[Cell]] = [
        [a["article"], words.days(interval_of(a["published"])) if a["published"] else words.word("say.unknown"), str(a["n"]), a["title"]]
        for a in dossier["articles"][:_FEW]
    ]
    header = tuple(words.word(f"column.{column}") for column in ("article", "published", "mentions", "title"))
    blocks += [
        Heading(f"{words.word('heading.articles')} ({dossier['n_articles']:,})"),
        Grid(articles, header=header, fixed=frozenset({1, 2, *steady(articles, columns)}), right=frozenset({2})),
        *_rest(dossier["articles"], _FEW, words),
    ]
    return blocks


def steady(rows: Sequence[Sequence[Cell]], columns: int | None) -> tuple[int, ...]:
    """The first column, if its names are short enough to be kept whole."""
    longest = max((len(row[0]) for row in rows if isinstance(row[0], str)), default=0)
    return (0,) if columns is None or longest * 5 <= columns * 2 else ()


def _rest(rows: Sequence[Any], shown: int, words: Words) -> list[Block]:
    return [Text(words.fill("say.more", n=f"{len(rows) - shown:,}"), "dim")] if len(rows) > shown else []


def _facts(dossier: Json, other: str | None, words: Words) -> list[list[Cell]]:
    comma = words.table["comma"]

    def called(name: str) -> str:
        return arabic_name(name, words.gazetteer) if words.rtl else name

    facts: list[tuple[str, Cell]] = [(words.word("column.name"), other)] if other else []
    if dossier["id"]:
        facts.append((words.word("fact.id"), dossier["id"]))
    if not dossier["in_gazetteer"]:
        facts.append((words.word("fact.known"), (words.word("say.not_known"), "yellow")))
    if dossier.get("place_kind"):
        facts.append((words.word("fact.kind"), words.word(f"kind.{dossier['place_kind']}")))
    if dossier["country"]:
        facts.append((words.word("fact.country"), dossier["country"]))
    if dossier.get("inside"):
        facts.append((words.word("fact.inside"), comma.join(map(called, dossier["inside"]))))
    if dossier.get("latitude") is not None:
        facts.append((words.word("fact.coordinates"), f"{dossier['latitude']}, {dossier['longitude']}"))
    if dossier.get("family"):
        family = (f"{called(k['name'])} ({words.word('relation.' + k['relation'])})" for k in dossier["family"])
        facts.append((words.word("fact.family"), comma.join(family)))
    line = _over_time(dossier)
    if line:
        facts.append((words.word("column.over_time"), (line, "cyan")))
    said = comma.join((words.count(dossier["n_articles"], "article"), words.count(len(dossier["events"]), "event")))
    facts.append((words.word("heading.mentions"), f"{dossier['n_mentions']:,} ({said})"))
    return [[(label, "dim"), cell] for label, cell in facts]


def _over_time(dossier: Json) -> str:
    """A sparkline of the events with its first and last stretch."""
    values = [interval_of(e["date"]) for e in dossier["events"] if e["date"]]
    scale = make_scale(values)
    if scale is None or scale.size < 2:
        return ""
    starts = scale.starts()
    return f"{starts[0]} {sparkline(counts(values, scale))} {starts[-1]}"


def _offices(dossier: Json, words: Words) -> Grid:
    rows: list[list[Cell]] = [
        [_office_name(o, words), o["of"], o["from"], o["to"] or (words.word("say.in_office"), "green")] for o in dossier["offices"]
    ]
    header = tuple(words.word(f"column.{column}") for column in ("office", "state", "since", "until"))
    return Grid(rows, header=header, fixed=frozenset({1, 2, 3}))


def _office_name(office: Json, words: Words) -> str:
    """The office's name; in Arabic that of `data/offices.yaml`, where it has one."""
    return (arabic_offices().get(office["key"]) if words.rtl else None) or str(office["office"])


def arabic_offices() -> dict[str, str]:
    """Office key → its Arabic name."""
    from ruskor.lexicon import data_files, load_yaml

    rows: list[Json] = load_yaml(data_files("offices.yaml")[0])
    return {row["key"]: row["name_ar"] for row in rows if row.get("name_ar")}


def _events(dossier: Json, words: Words, *, columns: int | None) -> list[Block]:
    hidden = [Text(words.fill("say.shown_hidden", n=dossier["events_hidden"]), "dim")] if dossier["events_hidden"] else []
    if not dossier["events"]:
        return [Heading(f"{words.word('heading.events')} (0)"), *hidden, Text("")]
    width = columns or 10_000
    rows: list[list[Cell]] = []
    for e in dossier["events"]:
        mark, colour = STATUS_MARKS[e["status"]]
        row: list[Cell] = [
            words.days(interval_of(e["date"]) if e["date"] else None),
            (mark, colour),
            (e["title"], "bold" if e["core"] else ""),
        ]
        row += [str(e["articles"])] if width >= 60 else []
        row += [(e["event_id"], "dim")] if width >= 120 else []
        rows.append(row)
    names = ("date", "", "event", *(["told"] if width >= 60 else []), *(["event_id"] if width >= 120 else []))
    header = tuple(words.word(f"column.{name}") if name else "" for name in names)
    used = [status for status in STATUS_MARKS if any(e["status"] == status for e in dossier["events"])]
    legend = Text("   ".join(words.status(status)[0] for status in used), "dim")
    grid = Grid(rows, header=header, fixed=frozenset({0, 1, 3}), right=frozenset({3}))
    return [Heading(f"{words.word('heading.events')} ({len(rows):,})"), legend, grid, *hidden, Text("")]


def _others(dossier: Json, words: Words) -> list[Block]:
    rows = dossier["partners"]
    if not rows:
        return []
    shown: list[list[Cell]] = [
        [arabic_name(p["name"], words.gazetteer) if words.rtl else p["name"], (p["id"] or "", "dim"), str(p["events"]), str(p["occurred"])]
        for p in rows[:_LONG]
    ]
    heading = "partners" if dossier["kind"] == "person" else "people_here"
    header = (*(words.word(f"column.{column}") for column in ("name", "id", "events")), words.word("status.occurred"))
    grid = Grid(shown, header=header, fixed=frozenset({1, 2, 3}), right=frozenset({2, 3}))
    return [Heading(f"{words.word(f'heading.{heading}')} ({len(rows):,})"), grid, *_rest(rows, _LONG, words), Text("")]
