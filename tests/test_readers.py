"""Readers: encodings, folders, sidecars, and everything that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ruskor.days import date_in_name, parse_days
from ruskor.errors import ReadError, RuskorError
from ruskor.model import Article
from ruskor.readers import Failure, decode, listed_paths, read_articles

TEXT = "زار بوتين كوريا الشمالية أمس\r\nوالتقى كيم جونغ أون\n\nانتهى"


def read(*paths: Path | str) -> tuple[list[Article], list[Failure]]:
    items = list(read_articles([str(p) for p in paths]))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Failure)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256", "iso8859_6"])
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(TEXT.encode(encoding))
    (article,), failures = read(file)
    assert article.text == TEXT
    assert not failures


@pytest.mark.parametrize("seed", sorted((Path(__file__).parents[1] / "seeds").glob("*.txt")), ids=lambda p: p.stem)
def test_seeds_survive_windows_1256(seed: Path) -> None:
    raw = seed.read_bytes().decode("utf-8").encode("cp1256", "ignore")
    text, remark = decode(raw)
    assert text.encode("cp1256") == raw
    assert remark is None


def test_big_endian_mark_and_truncated_utf16() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be"))[0] == TEXT
    with pytest.raises(ReadError, match="broken UTF-16-LE"):
        decode(b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1])


def test_a_cut_letter_does_not_turn_utf8_into_windows_1256() -> None:
    text, remark = decode(TEXT.encode()[:-1])
    assert text.startswith("زار بوتين")
    assert text.endswith("\ufffd")
    assert remark
    assert "byte" in remark


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\n\t ", "empty"),
        (b"\xef\xbb\xbf", "no Arabic|empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (b"\0" * 100, "empty|binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"An English article about Russia.", "no Arabic"),
        ("Владимир Путин прибыл в Пхеньян с визитом. ".encode("cp1251") * 9, "Arabic"),
        ("Le président russe est arrivé à Pyongyang où il a été reçu. ".encode("cp1252") * 9, "Arabic"),
        ("Only كلمة here".encode(), "hardly any Arabic"),
    ],
)
def test_what_is_no_arabic_text_is_reported(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    articles, failures = read(tmp_path)
    assert [a.article for a in articles] == ["good.txt"]
    (failure,) = failures
    assert failure.article == "bad.txt"
    assert any(word in failure.reason for word in reason.split("|")), failure.reason


def test_folders_are_read_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a-b/y.md", "a/.hidden.txt", ".git/x.txt", "c", "a/b/c.txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(TEXT, encoding="utf-8")
    articles, failures = read(tmp_path)
    assert [a.article for a in articles] == ["a-b/y.md", "a/b/c.txt", "a/z.txt", "b.txt", "c"]
    assert [a.article for a in articles] == sorted(a.article for a in articles)
    assert not failures
    assert articles[0].path == str(tmp_path / "a-b" / "y.md")


def test_names_of_several_arguments(tmp_path: Path) -> None:
    for name in ("one/x.txt", "two/x.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    one, two = tmp_path / "one" / "x.txt", tmp_path / "two" / "x.txt"
    articles, _ = read(one, two, tmp_path / "one")
    assert [a.article for a in articles] == ["x.txt", str(two)], "a file is read once; the second of a name is called by its path"


def test_missing_and_unreadable_paths(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "nowhere.txt").symlink_to(tmp_path / "missing")
    os.mkfifo(tmp_path / "pipe")
    articles, failures = read(tmp_path, tmp_path / "not-there")
    assert [a.article for a in articles] == ["good.txt"]
    reasons = {Path(f.path).name: f.reason for f in failures}
    assert set(reasons) == {"nowhere.txt", "pipe", "not-there"}
    assert "no such file" in reasons["not-there"]
    assert "not a regular file" in reasons["pipe"]
    assert [f.missing for f in failures if f.path.endswith("not-there")] == [True]


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_forbidden_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    file.chmod(0)
    assert "permission denied" in read(file)[1][0].reason


def test_formats_of_later_versions_are_named(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.docx", "c.7z", "d.mhtml"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    articles, failures = read(tmp_path)
    assert not articles
    assert all("not readable by this version" in f.reason for f in failures)
    assert len(failures) == 4


def test_a_name_that_is_no_utf8_and_one_with_a_newline(tmp_path: Path) -> None:
    for name in (os.fsdecode(b"\xff.txt"), "a\nb.txt", "-rf"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    articles, failures = read(tmp_path)
    assert sorted(a.article for a in articles) == ["-rf", "a\nb.txt", "\ufffd.txt"]
    assert not failures
    assert all(a.article.encode() for a in articles)


def test_sidecar(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.txt.yaml").write_text(
        "published: 2024-06-18T23:30:00-09:00\noutlet: قناة\nurl: https://example.org/2024/06/19/x\ntitle: عنوان\n", encoding="utf-8"
    )
    (article,), failures = read(tmp_path)
    assert not failures
    assert article.given == parse_days("2024-06-18"), "its own offset's calendar day"
    assert (article.outlet, article.title, article.url) == ("قناة", "عنوان", "https://example.org/2024/06/19/x")
    assert article.metadata == parse_days("2024-06-19")
    assert article.metadata_from == "address"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("published: yesterday", "no date"),
        ("- a\n- b", "no mapping"),
        ("published: [1, 2]", "no plain value"),
        ("a: 'b", "no valid YAML"),
        ("title: !!python/object/apply:os.system ['echo x']", "no plain value"),
        ("title: x\n" * 10000, "larger"),
    ],
)
def test_broken_sidecars_fail_their_article_only(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.txt.yaml").write_text(content, encoding="utf-8")
    articles, failures = read(tmp_path)
    assert [a.article for a in articles] == ["b.txt"]
    assert reason in failures[0].reason


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2024-06-18.txt", "2024-06-18"),
        ("20240618_aljazeera.txt", "2024-06-18"),
        ("news-2024_06_18-x.txt", "2024-06-18"),
        ("https://x.example/2024/06/18/title", "2024-06-18"),
        ("004_2a6066abbc263e70.txt", None),
        ("120240618.txt", None),
        ("2024-13-18.txt", None),
        ("2023-02-30.txt", None),
        ("2024-06-18..2024-06-19.txt", None),
        ("2024-0618.txt", None),
    ],
)
def test_dates_in_names(name: str, expected: str | None) -> None:
    assert date_in_name(name) == (parse_days(expected) if expected else None)


def test_date_of_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "2024" / "06" / "18" / "a.txt"
    file.parent.mkdir(parents=True)
    file.write_text(TEXT, encoding="utf-8")
    (article,), _ = read(tmp_path)
    assert article.metadata == parse_days("2024-06-18")
    assert article.metadata_from == "path"


def test_parse_days() -> None:
    assert parse_days("2024-06-10..2024-06-16").to_json() == {"start": "2024-06-10", "end": "2024-06-16", "precision": "day"}
    assert parse_days("2024-02").to_json() == {"start": "2024-02-01", "end": "2024-02-29", "precision": "month"}
    assert parse_days("2024").precision == "year"
    for wrong in ("", "18-06-2024", "2024-06-31", "2024-06-18..", "2024-06-18..2024-06-17", "now"):
        with pytest.raises(RuskorError):
            parse_days(wrong)


def test_lists_of_paths(tmp_path: Path) -> None:
    import io

    stdin = io.BytesIO(b"a b.txt\0c\nd.txt\0")
    assert listed_paths("-", nul=True, stdin=stdin) == ["a b.txt", "c\nd.txt"]
    (tmp_path / "list").write_bytes(b"\xef\xbb\xbfa.txt\r\n\nb.txt\n")
    assert listed_paths(str(tmp_path / "list"), nul=False, stdin=stdin) == ["a.txt", "b.txt"]
    with pytest.raises(RuskorError, match="no such file"):
        listed_paths(str(tmp_path / "none"), nul=False, stdin=stdin)


def test_reading_streams(tmp_path: Path) -> None:
    for k in range(3):
        (tmp_path / f"{k}.txt").write_text(TEXT, encoding="utf-8")
    articles = read_articles([str(tmp_path)])
    next(articles)
    (tmp_path / "1.txt").unlink()
    assert isinstance(next(articles), Failure), "a file is opened only when its turn comes"
