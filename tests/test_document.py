"""Page furniture and sentences."""

import pytest

from ruskor.document import read_document, withheld

BODY = "زار الرئيس الروسي فلاديمير بوتين كوريا الشمالية يوم الأربعاء والتقى زعيمها كيم جونغ أون في بيونغ يانغ."


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("شارك هذه المقالة", "share"),
        ("التعليقات (0)", "comments"),
        ("اترك تعليقاً", "comments"),
        ("اقرأ أيضا: بومبيو يزور بيونغ يانغ", "related"),
        ("المصادر:", "source"),
        ("aXA6IDE5Mi4wLjIuMTIzNDU2IA== جزيرة", "base64"),
        ("بوتين وكيم في لقاء سابق (الصورة: غيتي)", "caption"),
        ("العالم", "section"),
        (BODY, None),
        ("قمة جديدة؟", None),
    ],
)
def test_kinds_of_lines(line: str, kind: str | None) -> None:
    document = read_document(f"عنوان المقال عن القمة\n{line}\n{BODY} ثم عاد.")
    assert document.lines[1].kind == kind


def test_a_one_line_article_is_no_caption() -> None:
    document = read_document(f"{BODY} (رويترز)")
    assert document.lines[0].kind is None


def test_a_repeated_line_is_set_apart_once() -> None:
    document = read_document(f"{BODY}\n{BODY}")
    assert [line.kind for line in document.lines] == [None, "repeat"]


def test_sentences_end_where_they_end() -> None:
    document = read_document("قال بوتين إن النسبة 2.5 في المئة. ووصل كيم... ثم غادر! هل عاد؟ نعم.")
    words = document.tokens.words
    assert [words[s.first] for s in document.sentences] == ["قال", "ووصل", "ثم", "هل", "نعم"]


def test_two_dots_join_the_parts_of_a_headline() -> None:
    assert len(read_document("بوتين إلى بكين.. زيارة ثانية هذا العام").sentences) == 1


def test_addresses_are_withheld() -> None:
    assert withheld("aXA6IDE5Mi4wLjIuMTIzNDU2IA==") == "[base64 line, 28 characters, withheld]"
