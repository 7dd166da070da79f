"""Names in no gazetteer: persons and places found, what is left alone, and the shipped model itself."""

import time

import pytest

from ruskor.arabic import fold, tokenize
from ruskor.discovery import Name, doubtful, find_names, find_unknown, find_unknown_places, proclitics, settle_places
from ruskor.document import read_document
from ruskor.errors import DataError
from ruskor.gazetteer import load_gazetteer
from ruskor.nerfeatures import hit_kinds, name_words
from ruskor.nermodel import load_model, read_model, write_model
from ruskor.people import Ref
from ruskor.places import PlaceRef


def unknown(text):
    """(persons, places) of a text in which the gazetteers know nothing."""
    document = read_document(text)
    body = [True] * len(document.tokens.words)
    people, places = find_unknown(document, [], [], body), find_unknown_places(document, [], [], body)
    return [ref.romanised_ar for ref in people], [place.name_ar for place in places]


PERSONS = {
    # titles
    "قال الباحث تشوي مين هيوك من جامعة سول إن الاتفاق مهم.": ["تشوي مين هيوك"],
    "ورأى الخبير الروسي أندري فولودكين أن الحوار ضروري.": ["أندري فولودكين"],
    "أكد النائب خالد الدرويش أن البرلمان سيناقش الاتفاق.": ["خالد الدرويش"],
    "وأضاف العقيد المتقاعد مارك هندرسون أن القوات انسحبت.": ["مارك هندرسون"],
    # appositions
    "واعتبر يون سانغ هيوك، الأستاذ في جامعة كيونغبوك، أن الزيارة نادرة.": ["يون سانغ هيوك"],
    "وقالت سارة هندريكسون، وهي محللة في لندن، إن الأسعار سترتفع.": ["سارة هندريكسون"],
    "وقال باك جين هو من معهد الدراسات الآسيوية إن التجارة تتراجع.": ["باك جين هو"],
    # verbs of saying
    "وقال عبد الكريم الزبيدي للصحفيين إن المحادثات مستمرة.": ["عبد الكريم الزبيدي"],
    "وكتب ديمتري غورباتشينكو على تلغرام أن القطار وصل.": ["ديمتري غورباتشينكو"],
    # the third syllable looks like a pronoun
    "وقال الباحث كانغ جونغ هو إن الأزمة ستطول.": ["كانغ جونغ هو"],
    # «و» between names
    "التقى سامر الخطيب وعادل منصور في العاصمة.": ["سامر الخطيب", "عادل منصور"],
}


@pytest.mark.parametrize(("text", "names"), PERSONS.items())
def test_unknown_persons(text, names):
    assert unknown(text)[0] == names


@pytest.mark.parametrize(
    "text",
    [
        "وقع الجانبان اتفاقا جديدا للتعاون في مجال الطاقة والنقل.",
        "أعلنت الوزارة أن الصادرات ارتفعت بنسبة كبيرة خلال العام الماضي.",
        "تراجعت أسعار النفط يوم الأربعاء بعد قرار اللجنة.",
        "وقالت الشركة في بيان إنها ستبدأ الإنتاج الشهر المقبل.",
        "أبحرت حاملة الطائرات هاري ترومان نحو الشرق.",
        "ومنح الجنود وسام سوفوروف تقديرا لهم.",
        "فإن الاتفاق سيدخل حيز التنفيذ قريبا.",
        "",
    ],
)
def test_no_person_where_there_is_none(text):
    assert unknown(text)[0] == []


def test_a_ref_carries_span_score_and_romanisation():
    document = read_document("وقال ليم يول-تشول، الأستاذ في جامعة كيونغنام، إن الأمر غير عادي.")
    (ref,) = find_unknown(document, [], [], [True] * len(document.tokens.words))
    assert (ref.person, ref.kind, ref.romanised) == (None, "name", "Lim Yul-chul")
    assert 0 < ref.score < 1
    first, last = document.tokens.raw_span(ref.first, ref.last)
    assert document.folded.raw[first:last] == "ليم يول-تشول"


def test_known_people_are_not_taken_again():
    document = read_document("قال الباحث تشوي مين هيوك من جامعة سول إن الاتفاق مهم.")
    body = [True] * len(document.tokens.words)
    known = Ref(2, 4, 0, "name", 7, full=True)
    assert find_unknown(document, [], [known], body) == []
    part = Ref(2, 2, 0, "name", 7)  # a family name alone: the longer unknown name wins
    assert [(ref.first, ref.last) for ref in find_unknown(document, [], [part], body)] == [(2, 4)]


def test_furniture_is_not_read():
    document = read_document("قال الباحث تشوي مين هيوك من جامعة سول إن الاتفاق مهم.")
    assert find_names(document, [], [False] * len(document.tokens.words)) == []


@pytest.mark.parametrize(
    ("word", "letters"),
    [("لسامر", 1), ("وكلارنس", 1), ("وليد", 0), ("لوكاس", 0), ("بوش", 0), ("ببوندارتشوك", 1), ("فلاديمير", 0), ("وفلاديمير", 1)],
)
def test_proclitics(word, letters):
    assert proclitics(word, load_model()) == letters


def test_places_in_other_names():
    gazetteer = load_gazetteer()
    document = read_document("فاز ريال مدريد على ضيفه.")
    country, city = gazetteer.countries["RUS"], next(k for k, p in enumerate(gazetteer.places) if p.kind == "city")
    place = PlaceRef(2, 2, 0, country, "location")
    assert settle_places(document, gazetteer, [place], [Name(1, 2, 0, "ORG", 0.9)])[0].role == "attributive"
    assert settle_places(document, gazetteer, [place], [Name(1, 2, 0, "PER", 0.9)]) == []
    assert settle_places(document, gazetteer, [place], [Name(1, 2, 0, "ORG", 0.2)]) == [place]
    assert settle_places(document, gazetteer, [place], []) == [place]
    place = PlaceRef(2, 2, 0, city, "location")
    assert doubtful(gazetteer, [place]) == [2]
    assert settle_places(document, gazetteer, [place], [])[0].role == "attributive"
    assert settle_places(document, gazetteer, [place], [Name(2, 2, 0, "LOC", 0.4)]) == [place]


def test_the_model_is_small_and_quick_to_load():
    from ruskor.lexicon import data_dir

    path = data_dir() / "ner" / "names.bin"
    assert path.stat().st_size < 5_000_000
    words = name_words()
    start = time.process_time()
    read_model(path, words)
    assert time.process_time() - start < 0.2  # four times the budget: shared machines


def test_the_same_text_gives_the_same_names_whatever_came_before():
    tokens = tokenize(fold("وقال عبد الكريم الزبيدي إن تشوي مين هيوك سيزور بلدة كفرنبل"))
    first = tags(read_model_fresh(), tokens)
    model = load_model()
    for text in PERSONS:
        tags(model, tokenize(fold(text)))
    assert tags(model, tokens) == first
    assert all(0 < score <= 1 for *_, score in first)


def tags(model, tokens, sure=()):
    look = model.look(tokens, [(0, len(tokens.words) - 1)], hit_kinds(len(tokens.words), []))
    return [(name.first, name.last, name.kind, name.score()) for name in model.tag(look, 0, look.without(sure))]


def read_model_fresh():
    from ruskor.lexicon import data_dir

    return read_model(data_dir() / "ner" / "names.bin", name_words())


def test_a_missing_or_foreign_file_is_named(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_model(tmp_path / "none.bin", name_words())
    (tmp_path / "other.bin").write_bytes(b"something else\n")
    with pytest.raises(DataError, match="no name model"):
        read_model(tmp_path / "other.bin", name_words())


def test_a_written_model_reads_back(tmp_path):
    path = tmp_path / "tiny.bin"
    labels = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]
    transitions = [[-100.0 if b[0] == "I" and a[2:] != b[2:] else 0.0 for b in labels] for a in labels]
    weights = {"0:w=سامر": [0.0, 4.0, 0, 0, 0, 0, 0], "0:w=قال": [6.0, 0, 0, 0, 0, 0, 0], "0:w=امس": [6.0, 0, 0, 0, 0, 0, 0]}
    write_model(path, labels=labels, transitions=transitions, weights=weights, grams={"سا": 1.0}, bias=-1.0, cold=["امس"])
    model = read_model(path, name_words())
    tokens = tokenize(fold("قال سامر أمس"))
    ((first, last, kind, score),) = tags(model, tokens)
    assert (first, last, kind) == (1, 1, "PER")
    assert score > 0.9
    assert tags(model, tokens, [1]) == []
