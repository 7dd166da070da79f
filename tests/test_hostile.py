"""Hostile inputs: each ends with a clear line, the good article beside it is processed, nothing outside the folder is touched."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import Result

from ruskor.model import Article, Interval
from ruskor.pipeline import annotate_article, load_pipeline

Cli = Callable[..., Result]
TEXT = "زار بوتين فلاديفوستوك يوم 25 أبريل 2019، ثم عاد إلى موسكو.\n"
UTF8 = TEXT.encode()
LONG = ("نص طويل عن زيارة بوتين. " * 30).encode()


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(*infos: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as file:  # type: ignore[call-overload]
        for info, data in infos:
            info.size = len(data) if info.isreg() else 0
            file.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def link_in_zip() -> bytes:
    info = zipfile.ZipInfo("link.txt")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return zipped((info, b"/etc/passwd"))


def lying_zip() -> bytes:
    """A member that says it is small."""
    data = bytearray(zipped(("a.txt", b" " * 30_000_000)))
    real, lie = (30_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    return bytes(data.replace(real, lie))


def record(**values: object) -> bytes:
    return json.dumps({"text": TEXT} | values).encode() + b"\n"


PAGE = "<!doctype html><html><body><article><h1>عنوان</h1><p>%s</p></article></body></html>"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{c}: &{c} [{','.join([f'*{p}'] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)

# name → content; what fails for certain is told, the others may be articles.
FAILING: dict[str, bytes] = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\r\n ",
    "nul.txt": b"\0" * 5000,
    "nul-in-text.txt": UTF8 + b"\0\0\0" + UTF8,
    "binary.txt": bytes(range(256)) * 20,
    "png.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(200)) * 10,
    "utf16-odd.txt": b"\xff\xfe" + TEXT.encode("utf-16-le") + b"x",
    "utf32-cut.txt": b"\xff\xfe\0\0" + TEXT.encode("utf-32-le")[:-2],
    "latin.txt": b"Nothing here is Arabic at all, not a single word of it.",
    "russian.txt": ("Президент России посетил Владивосток. " * 5).encode("cp1251"),
    "few.txt": "سلام hello".encode(),
    "huge-line.txt": b"x" * 25_000_000,
    "pdf.pdf": b"%PDF-1.7 " + UTF8,
    "word.docx": zipped(("word/document.xml", UTF8)),
    "no-zip.zip": UTF8 * 50,
    "cut.zip": zipped(("a.txt", LONG * 20))[:-40],
    "empty.zip.gz": gzip.compress(b""),
    "bomb.zip": zipped(("a.txt", b" " * 30_000_000)),
    "lying.zip": lying_zip(),
    "traversal.zip": zipped(("../evil.txt", UTF8)),
    "absolute.zip": zipped(("/tmp/evil.txt", UTF8)),
    "windows.zip": zipped(("..\\..\\evil.txt", UTF8)),
    "drive.zip": zipped(("C:evil.txt", UTF8)),
    "link.zip": link_in_zip(),
    "russian-doll.zip": zipped(("a.zip", zipped(("b.zip", zipped(("c.txt", UTF8)))))),
    "cut.txt.gz": gzip.compress(LONG * 50)[:-30],
    "bomb.txt.gz": gzip.compress(b" " * 30_000_000),
    "bomb.txt.gz.gz": gzip.compress(gzip.compress(b" " * 30_000_000)),
    "no-gzip.txt.gz": UTF8,
    "crc.txt.gz": gzip.compress(LONG)[:-8] + b"\0" * 8,
    "no.txt.bz2": UTF8,
    "bomb.txt.bz2": bz2.compress(b" " * 30_000_000),
    "no.txt.xz": UTF8,
    "raw.txt.gz": zlib.compress(UTF8),
    "link.tar.gz": tarred((special("a.txt", tarfile.SYMTYPE, "/etc/passwd"), b"")),
    "hard.tar.gz": tarred((special("a.txt", tarfile.LNKTYPE, "../../etc/passwd"), b"")),
    "device.tar.gz": tarred((special("a.txt", tarfile.CHRTYPE), b"")),
    "pipe.tar": tarred((special("a.txt", tarfile.FIFOTYPE), b""), mode="w"),
    "traversal.tar.gz": tarred((tarfile.TarInfo("../../evil.txt"), UTF8)),
    "absolute.tgz": tarred((tarfile.TarInfo("/tmp/evil.txt"), UTF8)),
    "cut.tar.gz": tarred((tarfile.TarInfo("a.txt"), LONG * 100))[:-60],
    "no-tar.tar.gz": gzip.compress(UTF8),
    "deep.json": b"[" * 200_000,
    "deep.jsonl": b'{"text":' * 100_000 + b"\n",
    "no.json": b"{no json",
    "number.json": b"17",
    "cp1256.jsonl": json.dumps({"text": TEXT}, ensure_ascii=False).encode("cp1256"),
    "list.jsonl": b'["a"]\n',
    "no-text.jsonl": b'{"a": 1}\n',
    "null.jsonl": b'{"text": null}\n',
    "object.jsonl": b'{"text": {"a": []}}\n',
    "long-line.jsonl": b'{"text": "' + b"x" * 21_000_000 + b'"}\n',
    "no-header.csv": b"",
    "columns.csv": b"a,b\n1,2\n",
    "ragged.csv": b"text,b\n" + UTF8.strip() + b",1,2,3,4\n",
    "field.csv": b'text\n"' + b"x" * 21_000_000 + b'"\n',
    "no.parquet": b"PAR1" + b"\0" * 100 + b"PAR1",
    "empty.html": b"<html></html>",
    "script.html": b"<html><script>" + UTF8 + b"</script></html>",
    "deep.html": b"<div>" * 60_000,
    "alias.txt": UTF8,  # with the sidecar below
    "tag.txt": UTF8,
    "deep-sidecar.txt": UTF8,
    "list-sidecar.txt": UTF8,
    "big-sidecar.txt": UTF8,
    "date-sidecar.txt": UTF8,
    "front.txt": b"---\na: " + b"[" * 5000 + b"\n---\n" + UTF8,
}
SIDECARS: dict[str, bytes] = {
    "alias.txt": BOMB.encode() + b"title: *i\n",
    "tag.txt": b"title: !!python/object/apply:os.system ['touch pwned']\npublished: nonsense\n",
    "deep-sidecar.txt": b"title: " + b"[" * 50_000,
    "list-sidecar.txt": b"- a\n- b\n",
    "big-sidecar.txt": b"title: " + b"x" * 70_000,
    "date-sidecar.txt": b"published: 2019-99-99\n",
}
READABLE: dict[str, bytes] = {
    "-rf": UTF8,
    "--help.txt": UTF8,
    "new\nline.txt": UTF8,
    "tab\tand\x1b[31mcolour.txt": UTF8,
    "bidi\u202ename.txt": UTF8,
    "$(touch pwned).txt": UTF8,
    "bidi.txt": ("\u202e\u2066\u2067" + TEXT * 3).encode(),
    "escape.txt": b"\x1b]0;title\x07\x1b[2J" + UTF8 * 3,
    "cr.txt": UTF8.replace(b"\n", b"\r") * 3,
    "bom.txt": b"\xef\xbb\xbf" + UTF8,
    "utf16.txt": TEXT.encode("utf-16"),
    "cp1256.txt": TEXT.encode("cp1256") * 3,
    "broken.txt": UTF8 * 20 + b"\xd8" + UTF8,
    "surrogate.jsonl": b'{"text": "' + TEXT.strip().encode() + b' \\ud800 ."}\n',
    "digits.txt": UTF8 + b"9" * 20_000,
    "brackets.txt": UTF8 + b"(" * 50_000,
    "tatweel.txt": UTF8 + ("ـ" * 50_000).encode(),
    "marks.txt": UTF8 + ("ب" + "َ" * 50_000).encode(),
    "dots.txt": UTF8 + b"." * 50_000,
    "spaces.txt": UTF8 + b" " * 100_000 + UTF8,
    "one-line.txt": (TEXT.strip() + " ").encode() * 500,
    "lines.txt": UTF8 + b"\n" * 100_000,
    "prefix.txt": ("و" * 10_000 + " ").encode() + UTF8,
    "formula.jsonl": record(title="=cmd|' /C calc'!A0", id="=1+1"),
    "path.jsonl": record(id="../../etc/passwd"),
    "quotes.csv": b'text,b\n"' + UTF8.strip() + b'\n""quoted"", and more",1\n',
    "crlf.csv": b"text,b\r\n" + UTF8.strip() + b",1\r\n",
    "xss.html": (PAGE % (TEXT * 3 + "<img src=x onerror=alert(1)><script>alert(1)</script>")).encode(),
    "entity.html": (
        PAGE.replace("<!doctype html>", '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>') % (TEXT * 3 + "&x;")
    ).encode(),
    "year0.jsonl": record(date="0000-00-00"),
    "future.jsonl": record(date="9999-12-31"),
    "dates.txt": UTF8 + "في 99 أبريل 99999 و31 فبراير 2019 ومنذ 999999999 عاما.\n".encode(),
}


def test_there_are_enough() -> None:
    assert len(FAILING) + len(READABLE) >= 60


def place(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    if name in SIDECARS:
        (folder / f"{name}.yaml").write_bytes(SIDECARS[name])


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in a folder, with the current directory there."""
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.chdir(outside)
    return tmp_path


@pytest.mark.parametrize("name", FAILING)
def test_failing(cli: Cli, watched: Path, name: str) -> None:
    folder = watched / "articles"
    place(folder, name, FAILING[name])
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    before = sorted(watched.rglob("*"))
    result = cli("articles", folder, "-f", "json")
    assert result.code == 1, (name, result.err)
    rows = json.loads(result.out)
    assert [r["article"] for r in rows if not r["error"]] == ["good.txt"]
    assert all(line.startswith("ruskor: ") and len(line) < 600 for line in result.err.splitlines()), result.err
    assert "internal error" not in result.err
    assert "Traceback" not in result.err
    assert sorted(p for p in watched.rglob("*") if "home" not in p.parts) == before


def test_readable(cli: Cli, watched: Path) -> None:
    """All at once: every one is an article, and nothing that commands a terminal gets out."""
    pytest.importorskip("trafilatura")
    folder = watched / "articles"
    for name, content in READABLE.items():
        place(folder, name, content)
    before = sorted(p for p in watched.rglob("*") if "home" not in p.parts)
    result = cli("extract", folder, "--all", "-f", "jsonl")
    assert result.code == 0, result.err
    shown = cli("articles", folder, "-f", "json")
    assert len(json.loads(shown.out)) == len(READABLE)
    drawn = cli("articles", folder, tty=True)
    assert "\x1b]" not in drawn.out
    assert "\x1b[2J" not in drawn.out
    assert "\x07" not in drawn.out
    assert cli("ingest", folder, "--db", watched / "outside" / "x.db").code == 0
    assert cli("extract", "--db", watched / "outside" / "x.db", "--all", "-f", "jsonl").out == result.out
    after = sorted(p for p in watched.rglob("*") if not {"home", "outside"} & set(p.parts))
    assert after == [p for p in before if p != watched / "outside"]


def test_all_of_them_in_a_store(cli: Cli, watched: Path) -> None:
    folder, db = watched / "articles", watched / "outside" / "x.db"
    small = {name: content for name, content in FAILING.items() if len(content) < 1_000_000}
    for name, content in small.items():
        place(folder, name, content)
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    first = cli("ingest", folder, "--db", db, "-q")
    assert first.code == 1
    assert len(first.err.splitlines()) >= len(small)
    assert len(json.loads(cli("annotate", "--db", db, "-f", "json").out)) == 1
    for path in folder.iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert cli("ingest", folder, "--db", db, "-q").err == ""


def test_links_and_loops(cli: Cli, watched: Path) -> None:
    folder = watched / "articles"
    place(folder, "good.txt", UTF8)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "broken.txt").symlink_to("nothing.txt")
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.txt")
    result = cli("articles", folder, "-f", "json")
    assert result.code == 1
    assert {r["article"] for r in json.loads(result.out) if not r["error"]} == {"good.txt"}
    assert "root:" not in result.out


def test_names_of_any_bytes(cli: Cli, watched: Path) -> None:
    folder = watched / "articles"
    folder.mkdir()
    (folder / os.fsdecode(b"\xff\xfe.txt")).write_bytes(UTF8)
    db = watched / "outside" / "x.db"
    for _ in range(2):
        assert cli("ingest", folder, "--db", db).code == 0
    assert cli("extract", "--db", db, "--all").out == cli("extract", folder, "--all").out


def test_hostile_gazetteers(tmp_path: Path) -> None:
    from ruskor.errors import DataError
    from ruskor.lexicon import load_yaml

    for content in (b"[" * 200_000, b"- " * 200_000, b"a: !!python/object/apply:os.system [id]", b"a: [", b"\xff\xfe\0", b"? " * 100_000):
        path = tmp_path / "x.yaml"
        path.write_bytes(content)
        with pytest.raises(DataError):
            load_yaml(path)


@pytest.mark.parametrize(
    "text",
    [
        f"زار بوتين بيونغ يانغ في {'9' * 5000} يونيو 2024.",
        f"زار بوتين بيونغ يانغ يوم 19 يونيو 2024 في الذكرى السنوية {'9' * 9} لتوقيع اتفاق شراكة مع كوريا الشمالية.",
        f"يبدأ بوتين في 19 يونيو 2024 زيارة إلى بيونغ يانغ تستمر {'9' * 5000} أيام.",
        "زار بوتين بيونغ يانغ خلال الأيام 12345678901 الماضية.",
        f"زار بوتين بيونغ يانغ {'ابتثجح' * 20_000}.",
        f"زار بوتين بيونغ يانغ {'و' * 100_000}.",
        "زار بوتين بيونغ يانغ " * 4_000,
    ],
    ids=["figure", "anniversary", "length", "count", "word", "letters", "sentence"],
)
def test_no_word_figure_or_sentence_is_too_long(text: str) -> None:
    """Found by scripts/fuzz.py: numbers beyond the calendar, and time that grows with the square of a length."""
    begun = time.process_time()
    found = annotate_article(load_pipeline(), Article("a", "a", f"زار بوتين بيونغ يانغ.\n{text}\n"))
    assert "Vladimir Putin" in {p.name for p in found.people}
    assert time.process_time() - begun < 15


def test_parquet_and_zip_within_a_tar(cli: Cli, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({"text": [TEXT, TEXT]}), out)
    packed = tarred((tarfile.TarInfo("a.parquet"), out.getvalue()), (tarfile.TarInfo("b.zip"), zipped(("c.txt", UTF8))))
    (tmp_path / "x.tar.gz").write_bytes(packed)
    result = cli("articles", tmp_path, "-f", "csv")
    assert (result.code, result.err) == (0, "")
    names = [line.split(",")[0] for line in result.out.splitlines()[1:]]
    assert names == ["x.tar.gz/a.parquet#1", "x.tar.gz/a.parquet#2", "x.tar.gz/b.zip/c.txt"]


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("how", ["given", "metadata"])
def test_the_first_and_the_last_day_there_are(day: date, how: str) -> None:
    """Archives write 9999-12-31 and 0001-01-01 where they know no date."""
    text = "استقبل فلاديمير بوتين اليوم الأربعاء كيم جونغ أون. ويعقد الرئيس الروسي غدا قمة، كما في عام 2019.\n"
    article = Article("a", "a", text, **{how: Interval(day, day, "day")})
    assert annotate_article(load_pipeline(), article).events
