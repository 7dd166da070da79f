"""The optional CAMeL NER: what is said without its data, and the real loading code on a tiny model made here."""

import json
import subprocess
import sys

import pytest

from ruskor.discovery import Name
from ruskor.document import read_document
from ruskor.engines import Engine, add_engine, camel_model, engine_names, load_camel, load_engine
from ruskor.errors import ExitCode, RuskorError

WORDS = ["قال", "سامر", "العبدي", "في", "وادي", "النخيل"]


def _body(document):
    return [True] * len(document.tokens.words)


def _catalogue(folder):
    folder.mkdir(parents=True, exist_ok=True)
    component = {"default": "arabert", "datasets": {"arabert": {"path": "ner/arabert"}}}
    content = {"version": "1", "packages": {}, "components": {"NamedEntityRecognition": component}}
    (folder / "catalogue.json").write_text(json.dumps(content), encoding="utf-8")
    return folder / "data" / "ner" / "arabert"


def _tiny_model(folder):
    """A BERT of one layer whose classifier calls every word O, except that its weights make «سامر العبدي» a person."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder.mkdir(parents=True)
    labels = ["B-LOC", "B-ORG", "B-PERS", "B-MISC", "I-LOC", "I-ORG", "I-PERS", "I-MISC", "O"]
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=5 + len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=260, id2label=dict(enumerate(labels)), label2id={label: k for k, label in enumerate(labels)},
    )  # fmt: skip
    model = transformers.BertForTokenClassification(config)
    answers = {"سامر": "B-PERS", "العبدي": "I-PERS", "وادي": "B-LOC", "النخيل": "I-LOC"}
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        layer = model.bert.encoder.layer[0]
        for norm in (model.bert.embeddings.LayerNorm, layer.attention.output.LayerNorm, layer.output.LayerNorm):
            norm.weight.fill_(1.0)
        # One direction a word; the classifier reads it back.
        for k, word in enumerate(WORDS):
            model.bert.embeddings.word_embeddings.weight[5 + k, k] = 10.0
            model.classifier.weight[labels.index(answers.get(word, "O")), k] = 5.0
    model.save_pretrained(folder)
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)


def test_without_data_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path / "none"))
    with pytest.raises(RuskorError) as caught:
        load_engine("camel")
    assert "not installed" in caught.value.reason
    assert "camel_data -i" in (caught.value.hint or "")
    assert "\n" not in caught.value.reason
    assert caught.value.code == ExitCode.USAGE


def test_a_catalogue_without_the_model(tmp_path):
    _catalogue(tmp_path)
    with pytest.raises(RuskorError, match="the model is not installed"):
        camel_model(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"components": 3}'])
def test_a_broken_catalogue(tmp_path, content):
    (tmp_path / "catalogue.json").write_text(content, encoding="utf-8")
    with pytest.raises(RuskorError, match="not a catalogue"):
        camel_model(tmp_path)


def test_a_broken_model_is_one_line(tmp_path, monkeypatch):
    model = _catalogue(tmp_path)
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    code = "import sys\nfrom ruskor.engines import load_camel\nfrom ruskor.errors import RuskorError\ntry:\n    load_camel()\n"
    code += "except RuskorError as error:\n    print('LINE', error.reason)\n"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    lines = [line for line in run.stdout.splitlines() if line.startswith("LINE")]
    assert len(lines) == 1
    assert "--ner camel" in lines[0]


def test_the_engine_is_loaded_and_merged(tmp_path, monkeypatch):
    _tiny_model(_catalogue(tmp_path))
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    # In a process of its own: camel_tools.data reads the variable once, at its import.
    code = (
        "import json\nfrom ruskor.document import read_document\nfrom ruskor.engines import engine_names, load_camel\n"
        f"d = read_document({' '.join(WORDS) + '.'!r})\n"
        "names = engine_names(load_camel(), d, [True] * len(d.tokens.words))\n"
        "print('FOUND', json.dumps([(n.first, n.last, n.kind) for n in names]))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stderr
    found = next(line for line in run.stdout.splitlines() if line.startswith("FOUND"))
    assert json.loads(found.removeprefix("FOUND ")) == [[1, 2, "PER"], [4, 5, "LOC"]]


class _Fake:
    def __init__(self, labels):
        self.labels = labels

    def predict(self, sentences):
        return [[self.labels.get(word, "O") for word in sentence] for sentence in sentences]


def test_names_of_the_engine_with_proclitics():
    document = read_document("التقى وفد من المدينة لسامر العبدي أمس.")
    engine = Engine("fake", _Fake({"لسامر": "B-PERS", "العبدي": "I-PERS"}))
    assert engine_names(engine, document, _body(document)) == [Name(4, 5, 1, "PER", 0.7, "fake")]


def test_what_is_known_is_not_taken_again():
    document = read_document(" ".join(WORDS) + ".")
    names = [Name(1, 2, 0, "PER", 0.7, "fake"), Name(4, 5, 0, "LOC", 0.7, "fake")]
    people, places = add_engine(document, [], names, [], [])
    assert [(p.romanised_ar, p.person) for p in people] == [("سامر العبدي", None)]
    assert [(p.name_ar, p.romanised) for p in places] == [("وادي النخيل", places[0].romanised)]
    assert add_engine(document, [], names, people, places) == ([], [])


def test_unknown_engine():
    with pytest.raises(RuskorError, match="no such engine"):
        load_engine("other")
    assert load_engine("ruskor") is None


def test_nothing_is_imported_without_data(tmp_path, monkeypatch):
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    with pytest.raises(RuskorError):
        load_camel()
    assert "camel_tools.ner" not in sys.modules
