"""Train the name model that ruskor ships: `python scripts/train_ner.py …/anercorp_camel_train.tsv`.

ANERcorp is CC BY-SA 4.0, and so is the model. The test fifth is never seen (`--leave`, the last by default).
Training needs python-crfsuite (`pip install python-crfsuite`), which ruskor itself does not.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import ner_data
import numpy as np
import pycrfsuite
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict

from ruskor.arabic import Tokens, fold_key
from ruskor.gazetteer import load_gazetteer
from ruskor.lexicon import data_dir, data_files, load_yaml
from ruskor.names import Matcher
from ruskor.nerfeatures import (
    EDGE,
    gap_class,
    hit_kinds,
    name_words,
    pair_features,
    place_features,
    shape_bucket,
    shape_grams,
    word_class,
    word_features,
)
from ruskor.nermodel import REACH, read_model, write_model

_LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]


class Inventor:
    """Made-up names, put in place of those in the training text, so that the model learns shapes and surroundings too."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        parts = load_yaml(data_files("romanise.yaml")[0])
        self.syllables = list(parts["korean"])
        self.arabic = [word for word in parts["arabic"] if not word.startswith("ال")]
        self.seconds = list(parts["abd"])
        self.given = [[word for word in parts[key] if " " not in word] for key in ("western", "slavic", "chinese", "japanese")]
        self.families: dict[str, list[str]] = {}
        for person in load_gazetteer().people:
            words = person.name_ar.replace("-", " ").split()
            if len(words) > 1 and person.country:
                self.families.setdefault(person.country, []).append(words[-1])
        self.countries = [key for key, names in sorted(self.families.items()) if len(names) >= 8 and key not in {"PRK", "KOR"}]

    def family(self) -> str:
        """A family name of one country, often made of the halves of two."""
        names = self.families[self.random.choice(self.countries)]
        one, other = self.random.choice(names), self.random.choice(names)
        if self.random.random() < 0.3 or min(len(one), len(other)) < 4:
            return one
        return one[: (len(one) + 1) // 2] + other[len(other) // 2 :]

    def person(self, count: int) -> list[str]:
        """A name of about as many words."""
        pick = self.random.choice
        if count == 1:
            return [self.family() if self.random.random() < 0.7 else pick(self.arabic)]
        kind = self.random.random()
        if kind < 0.3:
            return [pick(self.syllables) for _ in range(3)]
        if kind < 0.55:
            first = ["عبد", pick(self.seconds)] if self.random.random() < 0.15 else [pick(self.arabic)]
            last = pick(self.arabic) if self.random.random() < 0.5 else "ال" + pick(self.arabic)[:6] + self.random.choice(["ي", "", "اوي"])
            return [*first, last]
        return [pick(pick(self.given)), self.family()]

    def sentence(self, sentence: ner_data.Sentence) -> ner_data.Sentence | None:
        """The sentence with other names of persons; null where it has none."""
        people = [e for e in sentence.entities if e[2] == "PER"]
        if not people:
            return None
        words = sentence.text.split(" ")
        new: list[str] = []
        entities: list[ner_data.Entity] = []
        rest = sorted(sentence.entities)
        k = 0
        while k < len(words):
            entity = rest[0] if rest and rest[0][0] == k else None
            if entity is None:
                new.append(words[k])
                k += 1
                continue
            rest.pop(0)
            old = words[entity[0] : entity[1] + 1]
            if entity[2] == "PER":
                old = self.person(len(old))
            entities.append((len(new), len(new) + len(old) - 1, entity[2]))
            new += old
            k = entity[1] + 1
        spans, at = [], 0
        for word in new:
            spans.append((at, at + len(word)))
            at += len(word) + 1
        return ner_data.Sentence(" ".join(new), spans, entities)


class Extractor:
    """All features of a sentence, as the shipped model sums them."""

    def __init__(self, scores: dict[str, float]) -> None:
        gazetteer = load_gazetteer()
        self.matcher = Matcher(gazetteer)
        self.words = name_words()
        self.scores = scores

    def shapes(self, word: str) -> tuple[str, str]:
        """As `Shape.buckets`, from the scores that were made without the word itself."""
        bare = shape_bucket(self.scores[word[1:]]) if len(word) > 3 and word[0] in "وفبلك" else "no"
        return shape_bucket(self.scores[word]), bare

    def __call__(self, tokens: Tokens) -> list[list[str]]:
        """For each token its features, as strings."""
        kinds = ["", *hit_kinds(len(tokens.words), self.matcher.find(tokens)), ""]
        words = tokens.words
        flags = [self.words.of(word) for word in words]
        shapes = [self.shapes(word) for word in words]
        features = [word_features(word, flag, shape) for word, flag, shape in zip(words, flags, shapes, strict=True)]
        classes = ["edge", "edge", *(word_class(w, f, s[0]) for w, f, s in zip(words, flags, shapes, strict=True)), "edge", "edge"]
        gaps = ["edge", *(gap_class(tokens.gap(i)) for i in range(1, len(words))), "edge"]
        out = []
        for k in range(len(words)):
            row = place_features(gaps[k], gaps[k + 1], (kinds[k], kinds[k + 1], kinds[k + 2]))
            row += pair_features((classes[k], classes[k + 1], classes[k + 2], classes[k + 3]), gaps[k])
            for offset in REACH:
                wide, near, own = features[k + offset] if 0 <= k + offset < len(words) else EDGE
                row += [f"{offset}:{feature}" for feature in (wide, wide + near, wide + near + own)[2 - abs(offset)]]
            out.append(row)
        return out


def train_shapes(sentences: list[ner_data.Sentence], others: list[ner_data.Sentence]) -> tuple[dict[str, float], float, dict[str, float]]:
    """(weights of letter runs, bias, score of every word from a model that has not seen it).

    Names are the words of persons and places in the sentences and in the gazetteers, the others are common words.
    """
    counts: dict[str, list[int]] = {}
    for sentence in sentences:
        tokens, labels = ner_data.labelled(sentence)
        for word, label in zip(tokens.words, labels, strict=True):
            counts.setdefault(word, [0, 0])[label[2:] in ("PER", "LOC")] += 1
    gazetteer = load_gazetteer()
    known = [fold_key(person.name_ar) for person in gazetteer.people]
    known += [fold_key(place.name_ar) for place in gazetteer.places if place.kind in ("city", "capital", "country")]
    parts = load_yaml(data_files("romanise.yaml")[0])
    known += [fold_key(word) for key in ("western", "slavic", "korean", "chinese", "japanese") for word in parts[key]]
    names = {word for name in known for word in name.replace("-", " ").split() if not word.startswith("ال")}
    names -= {word for word, (common, name) in counts.items() if common > name}
    words = sorted({word for word in [*counts, *names] if len(word) > 1 and not word.isascii()})
    target = np.array([word in names or counts.get(word, [1, 0])[1] > counts.get(word, [1, 0])[0] for word in words])
    vectorizer = CountVectorizer(analyzer=shape_grams, binary=True, min_df=3)
    table = vectorizer.fit_transform(words)
    model = LogisticRegression(C=0.3, max_iter=300)
    unseen = cross_val_predict(model, table, target, cv=KFold(5, shuffle=True, random_state=1), method="decision_function")
    scores = dict(zip(words, map(float, unseen), strict=True))
    model.fit(table, target)
    print(f"shapes: {len(words)} words, {target.sum()} names, accuracy {np.mean((unseen > 0) == target):.3f}")
    grams = dict(zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True))
    bias = float(model.intercept_[0])
    for sentence in sentences + others:
        for word in ner_data.labelled(sentence)[0].words:
            for form in (word, word[1:]):
                if form not in scores:
                    scores[form] = bias + sum(grams.get(gram, 0.0) for gram in set(shape_grams(form)))
    return grams, bias, scores


def train(sentences: list[ner_data.Sentence], out: Path, *, c1: float, c2: float, iterations: int, minimum: int, invented: int) -> None:
    """Train on the sentences and store the model."""
    inventor = Inventor(7)
    more = [made for _ in range(invented) for sentence in sentences if (made := inventor.sentence(sentence)) is not None]
    grams, bias, scores = train_shapes(sentences, more)
    extract = Extractor(scores)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": c1, "c2": c2, "max_iterations": iterations, "feature.minfreq": minimum})
    for sentence in sentences + more:
        tokens, labels = ner_data.labelled(sentence)
        if labels:
            trainer.append(pycrfsuite.ItemSequence([dict.fromkeys(row, 1.0) for row in extract(tokens)]), labels)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "crf")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    weights: dict[str, list[float]] = {}
    for (feature, label), weight in info.state_features.items():
        weights.setdefault(feature, [0.0] * len(_LABELS))[_LABELS.index(label)] = weight
    transitions = [[info.transitions.get((a, b), -100.0 if b[0] == "I" and a[2:] != b[2:] else 0.0) for b in _LABELS] for a in _LABELS]
    parts: dict[str, Any] = {"labels": _LABELS, "transitions": transitions, "weights": weights, "grams": grams, "bias": bias}
    write_model(out, **parts)
    model = read_model(out, extract.words)
    # A few bytes a word save the first look at it in every run.
    cold = [word for sentence in sentences for word in ner_data.labelled(sentence)[0].words if model.is_cold(word)]
    count = write_model(out, **parts, cold=cold)
    print(f"{len(sentences)} sentences, {count} features, {out.stat().st_size / 1e6:.2f} MB in {out.name}")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="ANERcorp, token TAB tag")
    parser.add_argument("--leave", type=int, default=4, help="the fifth that is kept unseen, 0 … 4 (default 4, the last); -1 none")
    parser.add_argument("-o", "--out", type=Path, default=data_dir() / "ner" / "names.bin")
    parser.add_argument("--c1", type=float, default=0.1, help="weight of L1, which makes the model small")
    parser.add_argument("--c2", type=float, default=0.05, help="weight of L2")
    parser.add_argument("--iterations", type=int, default=120)
    parser.add_argument("--minimum", type=int, default=1, help="features seen less often are left out")
    parser.add_argument("--invented", type=int, default=1, help="how often sentences are taken again with other names")
    parser.add_argument("--block", type=int, default=0, help="sentences in a row that stay together (default 0: the fifths as they stand)")
    options = parser.parse_args()
    sentences = ner_data.read_sentences(options.data)
    if options.leave >= 0:
        sentences = ner_data.fifth(sentences, options.leave, block=options.block)[0]
    start = time.perf_counter()
    settings = {key: getattr(options, key) for key in ("c1", "c2", "iterations", "minimum", "invented")}
    train(sentences, options.out, **settings)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
