"""Readable Latin forms of names of many origins."""

import pytest

from ruskor.romanise import origin_of, romanise

CASES = {
    # Korean: syllables; a hyphen of the source stays.
    "ليم يول-تشول": "Lim Yul-chul",
    "جيونغ يونغ تاي": "Jeong Yong Tae",
    "يانغ مو جين": "Yang Mu Jin",
    "بارك سو يونغ": "Park Su Yong",
    "كيم إن تشول": "Kim In Chul",
    "كيونغنام": "Kyongnam",
    # Arabic: article, compounds, particles.
    "محمد العلي": "Muhammad al-Ali",
    "عبد الرحيم بلقاسم": "Abd al-Rahim Belkacem",
    "عبدالله بن خليفة": "Abdullah bin Khalifa",
    "صلاح الدين الأيوبي": "Salah al-Din al-Ayubi",
    "أبو مازن": "Abu Mazin",
    "محمد بن زايد آل نهيان": "Muhammad bin Zayed Al Nahyan",
    "نورهان الشاذلي": "Nourhan al-Shadhli",
    # Slavic: endings.
    "أوليكساندر بوندارتشوك": "Oleksandr Bondarchuk",
    "سيرغي بوغدانوفسكي": "Sergei Bogdanovsky",
    "يلينا مالتسيفا": "Elena Maltseva",
    "أندريه لانكوف": "Andrey Lankov",
    # Western, Japanese, Chinese.
    "جون هانسون": "John Hanson",
    "توماس غارسيا": "Thomas García",
    "هيروشي ياماموتو": "Hiroshi Yamamoto",
    "ماو نينغ": "Mao Ning",
    # «أل» is no article.
    "ألونسو": "Alonso",
}


@pytest.mark.parametrize(("arabic", "latin"), CASES.items())
def test_names(arabic, latin):
    assert romanise(arabic) == latin


@pytest.mark.parametrize("arabic", ["مُحَمَّد العلي", "محمـــد العلي"])
def test_vowel_signs_and_tatweel_change_nothing(arabic):
    assert romanise(arabic) == "Muhammad al-Ali"


@pytest.mark.parametrize("text", ["", "Peter", "123", "-", "–"])
def test_what_is_not_arabic_stays(text):
    assert romanise(text) == text


@pytest.mark.parametrize("arabic", ["ء", "ة", "و", "ي ي", "ال", "عبد", "بن", "ؤئ", "ززززز", "ااااا", "آ", "چگوارا ڤ", "محمد-", "-محمد"])
def test_odd_words_give_something_readable(arabic):
    latin = romanise(arabic)
    assert latin == latin.strip()
    assert not any("\u0600" <= c <= "\u06ff" for c in latin)


@pytest.mark.parametrize(
    ("words", "origin"),
    [
        (["كيم", "مين", "سو"], "korean"),
        (["وانغ", "هوا"], "chinese"),
        (["محمد", "سيرغي", "محمود"], "arabic"),
        (["زيتونوفا"], "slavic"),
        (["برغشتاين"], "western"),
    ],
)
def test_origins(words, origin):
    assert origin_of(words, article=False) == origin
