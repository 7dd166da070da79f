"""Clusters of tellings made rows of the event table: values, ids, titles, codes, disagreements."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from ruskor.codes import set_codes
from ruskor.corpus import CorpusEvent, Disagreement, Witness
from ruskor.gazetteer import Gazetteer
from ruskor.headings import joined, make_title
from ruskor.merge import Cluster, Telling, fused_date, fused_status, votes
from ruskor.model import Event, Interval, Participant, PlaceMention

_TYPE_ORDER = ("summit", "visit", "agreement", "call", "meeting", "negotiation", "delegation")
# The most specific kinds first; what is not listed counts like an area.
_KINDS = ("venue site base airport port station bridge", "island", "city capital", "area border", "region", "", "country")
_KIND_ORDER = {kind: rank for rank, kinds in enumerate(_KINDS) for kind in kinds.split()}
Told = tuple[Telling, Event]


def make_row(cluster: Cluster, events: dict[tuple[str, str], Event], gazetteer: Gazetteer) -> CorpusEvent:
    """One row; `event_id` and `part_of` are given later, when all rows are known."""
    told: list[Told] = [(t, events[t.key]) for t in cluster.tellings]
    kind = _type(cluster.tellings)
    status = fused_status(cluster.tellings)
    when, other_dates = fused_date(cluster.tellings)
    people, actors = _participants(told, gazetteer)
    places, other_places = _places(told, gazetteer)
    located = next((gazetteer.places[gazetteer.place_index[p.name]] for p in places), None)
    row = CorpusEvent(
        event_id="",
        type=kind,
        status=status,
        date=when,
        core=any(e.core for _, e in told),
        relevant=any(e.relevant for _, e in told),
        series=any(t.series for t in cluster.tellings),
        people=people,
        actors=actors,
        places=places,
        country=located.country if located else None,
        latitude=located.lat if located else None,
        longitude=located.lon if located else None,
        confidence=_confidence(told),
        witnesses=[_witness(t, e) for t, e in told],
        why=list(dict.fromkeys(cluster.why)),
    )
    best_telling, best = max(told, key=lambda te: (te[1].core, te[0].date is not None, te[1].confidence, te[0].key))
    if best.evidence:
        row.evidence = max(best.evidence, key=lambda e: (min(len(e.text), 240), -e.span[0]))
        row.evidence_article = best_telling.article
    row.disagreements = [
        *_date_disagreement(row, other_dates, cluster.tellings),
        *other_places,
        *_status_disagreement(row, cluster.tellings),
    ]
    set_codes(row, gazetteer)
    row.title_en, row.title_ar = (_title(row, told, gazetteer, lang) for lang in ("en", "ar"))
    return row


def _type(tellings: Sequence[Telling]) -> str:
    """The most telling type: a summit that others call a meeting is a summit, a delegation with a named guest a visit."""
    kinds = {t.type for t in tellings}
    return next((kind for kind in _TYPE_ORDER if kind in kinds), votes(t.type for t in tellings)[0])


def _witness(t: Telling, event: Event) -> Witness:
    return Witness(t.article, t.event, t.type, t.status, t.date, t.published, tuple(event.evidence), t.places, t.copy_of)


def _participants(told: Sequence[Told], gazetteer: Gazetteer) -> tuple[list[Participant], list[Participant]]:
    """People, most often named first; and the states and organisations that take part."""
    counts = votes(p.name for _, e in told for p in e.participants)
    best: dict[str, Participant] = {}
    for _, event in told:
        for p in event.participants:
            best.setdefault(p.name, p)
    people = [best[name] for name in counts if best[name].kind == "person"]
    others = {name: best[name] for name in counts if best[name].kind != "person"}
    for p in people:
        if p.country in gazetteer.countries:
            state = gazetteer.places[gazetteer.countries[p.country]]
            others.setdefault(state.name, Participant(state.name, state.id, p.role, "state", p.country))
    return people, [others[name] for name in sorted(others)]


def _places(told: Sequence[Told], gazetteer: Gazetteer) -> tuple[list[PlaceMention], list[Disagreement]]:
    """Places, the most specific of the most witnessed country first; and what contradicts it."""
    mentions: dict[str, PlaceMention] = {}
    where: dict[str, set[str]] = {}
    for t, event in told:
        for place in event.places:
            mentions.setdefault(place.name, place)
            where.setdefault(place.name, set()).add(t.copy_of or t.article)
    if not mentions:
        return [], []
    countries = votes(p.country or "" for _, e in told for p in list({p.name: p for p in e.places}.values()))
    chosen = countries[0]
    inside = [p for p in mentions.values() if (p.country or "") == chosen]

    def rank(place: PlaceMention) -> tuple[int, int, str]:
        kind = gazetteer.places[gazetteer.place_index[place.name]].kind
        return -len(where[place.name]) if _KIND_ORDER.get(kind, 3) < 6 else 1, _KIND_ORDER.get(kind, 3), place.name

    ordered = sorted(inside, key=rank)
    # What lies inside a witnessed place is more exact than that place.
    first = ordered[0]
    for place in ordered[1:]:
        if first.name in gazetteer.places[gazetteer.place_index[place.name]].inside:
            first = place
    ordered = [first, *[p for p in ordered if p is not first]]
    disagreements = []
    against = _contradicting_places(told, gazetteer, first)
    if against:
        values = ((first.name, tuple(sorted(where[first.name]))), *against)
        text = " against ".join(f"{name} ({', '.join(articles)})" for name, articles in values)
        disagreements.append(Disagreement("place", text, tuple(values)))
    return ordered, disagreements


def _contradicting_places(told: Sequence[Told], gazetteer: Gazetteer, chosen: PlaceMention) -> list[tuple[str, tuple[str, ...]]]:
    """Most specific places of other articles of which neither contains the chosen one; a journey has many stops."""
    if told[0][0].group == "travel":
        return []
    known = gazetteer.places[gazetteer.place_index[chosen.name]]
    found: dict[str, set[str]] = {}
    for t, event in told:
        names = {p.name for p in event.places}
        if not names or chosen.name in names:
            continue
        finest = min(event.places, key=lambda p: (_KIND_ORDER.get(p.kind, 3), p.name))
        other = gazetteer.places[gazetteer.place_index[finest.name]]
        if other.name in known.inside or known.name in other.inside:
            continue
        if finest.country == chosen.country and not {"country", "region"}.isdisjoint((other.kind, known.kind)):
            continue  # what lies in a region is not always known
        if set(other.inside[:1]) & set(known.inside[:1]):
            continue
        found.setdefault(finest.name, set()).add(t.article)
    return [(name, tuple(sorted(articles))) for name, articles in sorted(found.items())]


def in_words(value: Interval) -> str:
    """«18–19 June 2024», «June 2024», «2024», «from 12 September 2023»."""
    a, b = value.start, value.end
    if value.precision == "year" and b and a.year == b.year and (a.month, b.month) == (1, 12):
        return f"{a.year}"
    if value.precision == "month" and b and a.day == 1 and (a.year, a.month) == (b.year, b.month):
        return f"{a:%B %Y}"
    if b is None:
        return f"from {a.day} {a:%B %Y}"
    if a == b:
        return f"{a.day} {a:%B %Y}"
    if (a.year, a.month) == (b.year, b.month):
        return f"{a.day}–{b.day} {a:%B %Y}"
    return f"{a.day} {a:%B %Y} – {b.day} {b:%B %Y}"


def _date_disagreement(row: CorpusEvent, others: list[tuple[Interval, list[str]]], tellings: Sequence[Telling]) -> list[Disagreement]:
    if not others or row.date is None:
        return []
    against = {value for value, _ in others}
    agreeing = sorted({t.article for t in tellings if t.date is not None and t.date not in against and t.date.overlaps(row.date)})
    values = ((in_words(row.date), tuple(agreeing)), *((in_words(value), tuple(articles)) for value, articles in others))
    return [Disagreement("date", " against ".join(f"{value} ({', '.join(articles)})" for value, articles in values), values)]


def _status_disagreement(row: CorpusEvent, tellings: Sequence[Telling]) -> list[Disagreement]:
    """A denial told after the event is said to have occurred."""
    done = [t for t in tellings if t.status == "occurred"]
    denied = [t for t in tellings if t.status in ("denied", "called_off")]
    if row.status != "occurred" or not denied:
        return []
    first = min((t.published.start for t in done if t.published), default=None)
    later = [t for t in denied if first is None or (t.published and t.published.start >= first)]
    if not later:
        return []
    values = (
        ("occurred", tuple(sorted({t.article for t in done}))),
        *((status, tuple(sorted({t.article for t in later if t.status == status}))) for status in sorted({t.status for t in later})),
    )
    return [Disagreement("status", " against ".join(f"{value} ({', '.join(articles)})" for value, articles in values), values)]


def _confidence(told: Sequence[Told]) -> float:
    """1 − Π(1 − c) over independent witnesses, each at most .95 and the whole at most .99."""
    best: dict[str, float] = {}
    for t, event in told:
        source = t.copy_of or t.article
        best[source] = max(best.get(source, 0.0), min(event.confidence, 0.95))
    doubt = 1.0
    for value in best.values():
        doubt *= 1.0 - value
    return round(min(0.99, 1.0 - doubt), 2)


def _title(row: CorpusEvent, told: Sequence[Told], gazetteer: Gazetteer, lang: str) -> str:
    def name(p: Participant) -> str:
        if lang == "en":
            return p.name
        if p.kind == "person" and p.name in gazetteer.person_index:
            return gazetteer.people[gazetteer.person_index[p.name]].name_ar
        if p.name in gazetteer.place_index:
            return gazetteer.places[gazetteer.place_index[p.name]].name_ar
        if p.kind == "organization" and p.name in gazetteer.organization_index:
            return gazetteer.organizations[gazetteer.organization_index[p.name]].name_ar
        return p.name

    parts = list({p.name: p for _, e in told for p in e.participants}.values())
    ordered = [p for n in votes(p.name for _, e in told for p in e.participants) for p in parts if p.name == n]
    if not told:
        ordered = [*row.people, *[p for p in row.actors if p.country not in {person.country for person in row.people}]]
    one = {"guest", "speaker", "actor"} if row.type != "invitation" else {"host"}
    two = {"host", "target"} if row.type != "invitation" else {"guest"}
    first = [name(p) for p in ordered if p.role in one][:2]
    second = [name(p) for p in ordered if p.role in two][:2]
    both = [name(p) for p in row.people][:3] or [name(p) for p in row.actors][:2]
    if len(both) == 1:
        both += [name(p) for p in row.actors if p.country != row.people[0].country][:1] if row.people else []
    place = (row.places[0].name if lang == "en" else row.places[0].name_ar) if row.places else ""
    # A visit by nobody who is named is a delegation's.
    nameless = row.type == "visit" and bool(first) and not any(p.kind == "person" for p in ordered if p.role in one)
    fields = {"first": joined(first, lang), "second": joined(second, lang), "both": joined(both, lang), "place": place}
    return make_title("delegation" if nameless else row.type, fields, lang, several=len(first) > 1)


def retitle(row: CorpusEvent, gazetteer: Gazetteer) -> None:
    """Titles from the row's own values, after a correction of one of them."""
    row.title_en, row.title_ar = (_title(row, (), gazetteer, lang) for lang in ("en", "ar"))


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def base_id(row: CorpusEvent) -> str:
    """`DATE-TYPE-PLACE`; without a place the guest, or who is named first."""
    day = "undated"
    if row.date is not None:
        iso = row.date.start.isoformat()
        day = {"month": iso[:7], "year": iso[:4], "multi-year": iso[:4], "season": iso[:7]}.get(row.date.precision, iso)
    if row.places:
        tail = row.places[0].name
    else:
        guests = [p for p in row.people if p.role == "guest"] or row.people or row.actors
        tail = guests[0].name if guests else "unknown"
    return f"{day}-{row.type}-{slug(tail)}"


def give_ids(rows: list[CorpusEvent]) -> None:
    """Unique ids; rows that would share one get a suffix from their content, whatever the order."""
    groups: dict[str, list[CorpusEvent]] = {}
    for row in rows:
        groups.setdefault(base_id(row), []).append(row)
    for name, members in groups.items():
        if len(members) == 1:
            members[0].event_id = name
            continue
        seen: dict[str, CorpusEvent] = {}
        for row in sorted(members, key=_content):
            people = slug(" ".join(sorted(p.name.split()[-1] for p in row.people)[:2]))
            candidate = f"{name}-{people}" if people else name
            if candidate in seen or candidate == name:
                candidate = f"{candidate}-{hashlib.sha256(_content(row).encode()).hexdigest()[:6]}"
            while candidate in seen:
                candidate += "x"
            seen[candidate] = row
            row.event_id = candidate


def _content(row: CorpusEvent) -> str:
    """What identifies a row among rows of the same date, type and place."""
    told = sorted(f"{w.article}/{w.event}" for w in row.witnesses)
    return "|".join([row.status, ",".join(sorted(p.name for p in row.people)), ",".join(told)])


def order(row: CorpusEvent) -> tuple[date, date, str, str]:
    """The table's order: date_start, date_end, type, event_id; undated rows last."""
    if row.date is None:
        return date.max, date.max, row.type, row.event_id
    return row.date.start, row.date.last, row.type, row.event_id
