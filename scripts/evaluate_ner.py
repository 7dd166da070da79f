"""Persons and places on token TAB tag files: `python scripts/evaluate_ner.py …/anercorp_camel_train.tsv --fifth 4`.

A span covers the tokens of the file that it touches; an entity is right if it covers the same tokens as the file's, and of the
same kind. Places whose role is `attributive`, bare titles and organisations are left out. Each sentence is an
article of its own (`--together N` joins N of them).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ner_data

import ruskor.discovery
from ruskor.discovery import doubtful, find_names, find_unknown_places, settle_places
from ruskor.document import read_document
from ruskor.gazetteer import Gazetteer, load_gazetteer
from ruskor.model import Span
from ruskor.names import Matcher
from ruskor.nerfeatures import name_words
from ruskor.nermodel import read_model
from ruskor.people import find_people
from ruskor.places import find_places

_WAYS = ("whole", "gazetteer", "model")


@dataclass
class System:
    """What is needed to look at a text."""

    gazetteer: Gazetteer
    matcher: Matcher


def _look(system: System, text: str, way: str) -> Iterator[tuple[Span, str]]:
    """(span, kind) of the persons and places of a text, by the gazetteers alone, the model alone or the whole system."""
    document = read_document(text)
    tokens = document.tokens
    body = [False] * len(tokens.words)
    for sentence in document.sentences:
        body[sentence.first : sentence.last + 1] = [True] * (sentence.last - sentence.first + 1)
    hits = system.matcher.find(tokens)
    if way == "model":
        for name in find_names(document, hits, body, everything=True):
            yield tokens.raw_span(name.first, name.last), name.kind
        return
    people = find_people(document, system.gazetteer, hits, None, body, discover=way == "whole")
    titled = [(ref.title.first, ref.title.last) for ref in people if ref.title]
    places = find_places(document, system.gazetteer, hits, body, titled)
    if way == "whole":
        names = find_names(document, hits, body, look_at=doubtful(system.gazetteer, places))
        places = settle_places(document, system.gazetteer, places, names)
        for place in find_unknown_places(document, hits, [*people, *places], body, names=names):
            yield tokens.raw_span(place.first, place.last), "LOC"
    for ref in people:
        if ref.kind == "name":
            yield tokens.raw_span(ref.first, ref.last), "PER"
    for known in places:
        if known.role != "attributive":
            yield tokens.raw_span(known.first, known.last), "LOC"


def evaluate(
    system: System, sentences: list[ner_data.Sentence], way: str, together: int, *, errors: bool
) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 of persons and locations."""
    gold: list[set[ner_data.Entity]] = []
    found: list[set[ner_data.Entity]] = []
    for at in range(0, len(sentences), together):
        group = sentences[at : at + together]
        starts, text = [], ""
        for sentence in group:
            starts.append(len(text))
            text += sentence.text + "\n"
        got: list[set[ner_data.Entity]] = [set() for _ in group]
        for (first, last), kind in _look(system, text, way):
            k = max(k for k, start in enumerate(starts) if start <= first)
            tokens = ner_data.touched(group[k], first - starts[k], last - starts[k])
            if tokens:
                got[k].add((*tokens, kind))
        gold += [set(sentence.entities) for sentence in group]
        found += got
    if errors:
        for sentence, want, given in zip(sentences, gold, found, strict=True):
            words = sentence.text.split(" ")
            for name, entities in (("false", given - want), ("missed", want - given)):
                for first, last, kind in sorted(entities):
                    if kind != "ORG":
                        before, inside, after = words[max(0, first - 3) : first], words[first : last + 1], words[last + 1 : last + 4]
                        print(f"{kind} {name}: {' '.join(before)} [{' '.join(inside)}] {' '.join(after)}")
    return {kind: ner_data.score(gold, found, kind) for kind in ("PER", "LOC")}


def main() -> None:
    """Read the command line and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fifth", type=int, default=-1, help="only this fifth of the file, 0 … 4 (the shipped model has not seen 4)")
    parser.add_argument("--model", type=Path, help="another model than the shipped one")
    parser.add_argument("--errors", action="store_true", help="print what the whole system gets wrong")
    parser.add_argument("--together", type=int, default=1, help="sentences that make an article")
    parser.add_argument("--block", type=int, default=0, help="sentences in a row that stay together (default 0: the fifths as they stand)")
    options = parser.parse_args()
    gazetteer = load_gazetteer()
    if options.model:
        model = read_model(options.model, name_words())
        ruskor.discovery.load_model = cache(lambda: model)
    system = System(gazetteer, Matcher(gazetteer))
    sentences = ner_data.read_sentences(options.data)
    if options.fifth >= 0:
        sentences = ner_data.fifth(sentences, options.fifth, block=options.block)[1]
    print(f"{options.data.name}: {len(sentences)} sentences")
    for way in _WAYS:
        scores = evaluate(system, sentences, way, options.together, errors=options.errors and way == "whole")
        line = "   ".join(f"{kind} P {p:.3f} R {r:.3f} F1 {f:.3f}" for kind, (p, r, f) in scores.items())
        print(f"{way:10} {line}")


if __name__ == "__main__":
    main()
