"""Folding and tokens: what the table is built from, and that every offset leads back."""

import unicodedata

import pytest
from camel_tools.utils.normalize import normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar
from hypothesis import given
from hypothesis import strategies as st
from pyarabic.araby import normalize_ligature, strip_diacritics, strip_tatweel

from ruskor.arabic import fold, fold_key, tokenize

ARABIC = st.text(
    st.one_of(
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.characters(min_codepoint=0xFE70, max_codepoint=0xFEFC),
        st.sampled_from(" .،\n\u200f\u200e\ufeff\u00a0ﻻﷲabc12٣۴"),
    ),
    max_size=80,
)


def libraries(char: str) -> str:
    """What camel-tools and pyarabic make of a character."""
    out = strip_diacritics(strip_tatweel(normalize_ligature(char)))
    return normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(out)))


# ruskor's own additions: Persian letters, digits of both sets, presentation forms, invisible controls, the hard space.
SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"  # format characters that are written
OWN = set("کیېھہەۀ\u00a0") | {chr(c) for c in range(0x10000) if unicodedata.category(chr(c)) == "Cf" and chr(c) not in SIGNS}
FORMS = {*range(0xD800, 0xE000), *range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)}  # surrogates, presentation forms


def test_the_table_agrees_with_the_libraries_over_all_code_points() -> None:
    wrong = []
    for code in range(0x110000):
        char = chr(code)
        if code in FORMS or char in OWN or unicodedata.category(char) == "Nd":
            continue
        if fold_key(char) != libraries(char):
            wrong.append((hex(code), fold_key(char), libraries(char)))
    assert not wrong


def test_presentation_forms_fold_like_the_letters_they_show() -> None:
    for code in range(0xFE80, 0xFEFD):
        char = chr(code)
        assert fold_key(char) == fold_key(unicodedata.normalize("NFKC", char)), hex(code)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("إلى", "الي"),
        ("قمّةٌ", "قمه"),
        ("بـــوتين", "بوتين"),
        ("٢٠٢٤", "2024"),
        ("۱۴۰۳", "1403"),
        ("ﻻ", "لا"),
        ("کیم", "كيم"),
        ("على", "علي"),
        ("أوكرانيا", "اوكرانيا"),
    ],
)
def test_examples(raw: str, folded: str) -> None:
    assert fold_key(raw) == folded


@given(ARABIC)
def test_folding_is_idempotent(raw: str) -> None:
    once = fold(raw).text
    assert fold(once).text == once


@given(ARABIC)
def test_every_offset_maps_back(raw: str) -> None:
    folded = fold(raw)
    assert folded.raw == raw
    places = [folded.to_raw(k) for k in range(len(folded.text))]
    assert places == sorted(places)
    for k, place in enumerate(places):
        assert folded.text[k] in fold_key(raw[place])


@given(ARABIC)
def test_a_token_s_raw_span_folds_to_the_token(raw: str) -> None:
    tokens = tokenize(fold(raw))
    for k, word in enumerate(tokens.words):
        start, end = tokens.raw_span(k, k)
        assert word in fold_key(raw[start:end]) or fold_key(raw[start:end]) in word
        assert tokens.folded.text[tokens.starts[k] : tokens.ends[k]] == word


def test_a_span_takes_its_closing_vowel_signs() -> None:
    folded = fold("زار بوتينُ روسيا")
    start = folded.text.index("بوتين")
    assert folded.raw_text(start, start + 5) == "بوتينُ"


def test_letters_and_digits_are_tokens_apart() -> None:
    assert tokenize(fold("سبتمبر10، كوفيد-19")).words == ["سبتمبر", "10", "كوفيد", "19"]
