"""Other engines for names, used only where the user asks for one: `--ner camel` is CAMeL Tools' AraBERT model.

`camel_tools.data`, and with it `camel_tools.ner`, reads a catalogue when it is imported, and downloads it where there is none. So
whether the catalogue and the model are there is looked up before; nothing is imported and nothing downloaded without them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ruskor.discovery import Name, UnknownPlace, proclitics
from ruskor.document import Document
from ruskor.errors import RuskorError
from ruskor.names import Hit
from ruskor.nermodel import load_model
from ruskor.people import Ref
from ruskor.romanise import romanise

ENGINES = ("ruskor", "camel")
_HINT = "install it once, with a network: `camel_data -i ner-arabert` (500 MB)"
_COMPONENT = "NamedEntityRecognition"
_KINDS = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "ORG": "ORG"}
# A tagger of whole sentences gives no probabilities; what it finds beside our own model counts this much.
_SCORE = 0.7


class Recogniser(Protocol):
    """What an engine can do: BIO labels for the words of sentences."""

    def predict(self, sentences: list[list[str]]) -> list[list[str]]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Engine:
    """A loaded engine."""

    name: str
    recogniser: Recogniser


def camel_data() -> Path:
    """The folder in which CAMeL Tools keeps its data (`CAMELTOOLS_DATA`, else below the home folder)."""
    given = os.environ.get("CAMELTOOLS_DATA")
    if given:
        return Path(given).expanduser().absolute()
    return Path.home() / ("AppData/Roaming/camel_tools" if os.name == "nt" else ".camel_tools")


def camel_model(folder: Path | None = None) -> Path:
    """The folder of the installed default model of `camel_tools.ner`.

    Raises RuskorError, with what to install, where the catalogue or the model is missing or cannot be read.
    """
    folder = folder or camel_data()
    catalogue = folder / "catalogue.json"
    try:
        component = json.loads(catalogue.read_text(encoding="utf-8"))["components"][_COMPONENT]
        model = folder / "data" / str(component["datasets"][component["default"]]["path"])
    except OSError as error:
        raise RuskorError(f"--ner camel: CAMeL Tools' data is not installed ({catalogue})", hint=_HINT) from error
    except (ValueError, KeyError, TypeError) as error:
        raise RuskorError(f"--ner camel: {catalogue}: not a catalogue of CAMeL Tools", hint=_HINT) from error
    if not (model / "config.json").is_file():
        raise RuskorError(f"--ner camel: the model is not installed ({model})", hint=_HINT)
    return model


def load_camel() -> Engine:
    """CAMeL Tools' recogniser with the model that the user has installed; it takes seconds and needs torch.

    Raises RuskorError, with one line that says what to install, where something is missing or broken.
    """
    path = camel_model()
    try:
        from camel_tools.ner import NERecognizer

        recogniser: Any = NERecognizer(str(path), use_gpu=False)
    except ImportError as error:
        raise RuskorError(f"--ner camel: {error}", hint="pip install -c constraints.txt camel-tools") from error
    except Exception as error:  # whatever transformers raises for a broken model ends in one line
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise RuskorError(f"--ner camel: the model in {path} cannot be loaded: {reason}", hint=_HINT) from error
    return Engine("camel", recogniser)


def load_engine(name: str) -> Engine | None:
    """The engine of that name; null for `ruskor`, whose own model needs no loading here.

    Raises RuskorError for an unknown name or an engine that is not installed.
    """
    if name == "ruskor":
        return None
    if name == "camel":
        return load_camel()
    raise RuskorError(f"--ner {name}: no such engine", hint=f"one of: {', '.join(ENGINES)}")


def engine_names(engine: Engine, document: Document, body: Sequence[bool]) -> list[Name]:
    """Persons, places and organisations that the engine finds in the body."""
    tokens = document.tokens
    sentences = [s for s in document.sentences if body[s.first]]
    # The engine knows the usual spelling: it gets the raw words, not the folded ones.
    words = [[tokens.raw_text(k, k) for k in range(s.first, s.last + 1)] for s in sentences]
    model = load_model()
    found: list[Name] = []
    for sentence, labels in zip(sentences, engine.recogniser.predict(words) if words else [], strict=True):
        open_kind = ""
        for k, label in enumerate(labels):
            kind = _KINDS.get(label[2:], "")
            token = sentence.first + k
            if kind and label[0] == "I" and kind == open_kind:
                last = found[-1]
                found[-1] = Name(last.first, token, last.skip, kind, _SCORE, engine.name)
            elif kind:
                found.append(Name(token, token, proclitics(tokens.words[token], model), kind, _SCORE, engine.name))
            open_kind = kind
    return found


def add_engine(
    document: Document, hits: Sequence[Hit], names: Sequence[Name], refs: Sequence[Ref], places: Sequence[Any]
) -> tuple[list[Ref], list[UnknownPlace]]:
    """Persons and places of the engine that touch nothing already found (`refs`, `places`, and what the gazetteers know)."""
    tokens = document.tokens
    taken = {token for other in [*refs, *places, *hits] for token in range(other.first, other.last + 1)}
    people: list[Ref] = []
    found: list[UnknownPlace] = []
    for name in names:
        if not taken.isdisjoint(range(name.first, name.last + 1)):
            continue
        text = tokens.raw_text(name.first, name.last, name.skip)
        if name.kind == "PER":
            people.append(Ref(name.first, name.last, name.skip, "name", None, score=_SCORE, romanised=romanise(text), romanised_ar=text))
        elif name.kind == "LOC":
            found.append(UnknownPlace(name.first, name.last, name.skip, _SCORE, romanise(text), text))
    return people, found
