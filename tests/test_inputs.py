"""Pages, records, archives, front matter and sidecars as inputs; spreadsheets, maps and calendars as outputs."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Result

from ruskor.model import Article
from ruskor.readers import Failure, read_articles
from ruskor.readers.records import columns_of
from ruskor.sheets import defuse

Cli = Callable[..., Result]
TEXT = "زار بوتين فلاديفوستوك يوم 25 أبريل 2019، ثم عاد إلى موسكو.\n"
RECORD = {"id": "a1", "text": TEXT, "date": "2019-04-26", "title": "عنوان", "source": "صحيفة", "url": "https://example.org/1"}
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>x</title>{head}</head><body><nav>قائمة الموقع</nav>
<article><h1>زيارة بوتين إلى فلاديفوستوك</h1><p>{text}</p><p>{text}</p>
<p>وكان الرئيس الروسي فلاديمير بوتين قد التقى هناك الزعيم الكوري الشمالي.</p></article>
<script>alert("خطر خطر خطر خطر")</script><footer>جميع الحقوق محفوظة</footer></body></html>"""


def read(path: Path, **options: Any) -> tuple[list[Article], list[Failure]]:
    items = list(read_articles([str(path)], columns=columns_of(options)))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Failure)]


def day(article: Article) -> str | None:
    found = article.given or article.metadata
    return found and found.start.isoformat()


def write_csv(path: Path, rows: list[dict[str, Any]], delimiter: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet", "a.jsonl.gz", "a.zip", "a.tar.gz", "a.csv.xz"])
def test_records(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    line = (json.dumps(RECORD, ensure_ascii=False) + "\n").encode()
    if name == "a.jsonl":
        path.write_bytes(b"\n" + line)
    elif name == "a.json":
        path.write_text(json.dumps({"articles": [RECORD]}), encoding="utf-8")
    elif name in {"a.csv", "a.tsv"}:
        write_csv(path, [RECORD], "\t" if name == "a.tsv" else ",")
    elif name == "a.parquet":
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.Table.from_pylist([RECORD]), path)
    elif name == "a.jsonl.gz":
        path.write_bytes(gzip.compress(line))
    elif name == "a.zip":
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("in/b.jsonl", line)
            file.writestr(".hidden.txt", TEXT)
    elif name == "a.tar.gz":
        with tarfile.open(path, "w:gz") as tar:
            info = tarfile.TarInfo("b.jsonl")
            info.size = len(line)
            tar.addfile(info, io.BytesIO(line))
    else:
        import lzma

        write_csv(tmp_path / "plain", [RECORD])
        path.write_bytes(lzma.compress((tmp_path / "plain").read_bytes()))
    articles, failures = read(path)
    assert not failures
    (article,) = articles
    found = (article.text, article.title, article.outlet, article.url, day(article))
    assert found == (TEXT, "عنوان", "صحيفة", "https://example.org/1", "2019-04-26")
    assert article.article.startswith(name)
    assert article.article.endswith("#a1")


def test_columns_are_named(tmp_path: Path) -> None:
    rows = [{"x": TEXT, "when": "Fri, 26 Apr 2019 23:30:00 +0300", "n": "7", "text": "nothing"}]
    write_csv(tmp_path / "a.csv", rows, ";")
    (article,), _ = read(tmp_path / "a.csv", text_column="x", published_column="when", id_column="n")
    assert (article.text, day(article), article.article) == (TEXT, "2019-04-26", "a.csv#7")
    _, (failure,) = read(tmp_path / "a.csv", text_column="missing")
    assert "no column 'missing'" in failure.reason
    write_csv(tmp_path / "b.csv", [{"a": TEXT}])
    _, (failure,) = read(tmp_path / "b.csv")
    assert "--text-column" in str(failure.hint)
    assert "columns: a" in str(failure.hint)


def test_csv_with_newlines_quotes_and_code_page(tmp_path: Path) -> None:
    text = 'قال "نعم"،\nثم زار بوتين فلاديفوستوك يوم 25 أبريل 2019.' * 3
    write_csv(tmp_path / "a.csv", [{"text": text, "n": 1}, {"text": text, "n": 2}], encoding="cp1256")
    articles, failures = read(tmp_path / "a.csv")
    assert [a.text for a in articles] == [text, text]
    assert not failures


def test_pages(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    head = '<meta property="article:published_time" content="2019-04-26T23:30:00+03:00"><meta property="og:site_name" content="صحيفة">'
    (tmp_path / "a.html").write_text(PAGE.format(head=head, text=TEXT), encoding="utf-8")
    data = json.dumps({"@graph": [{"@type": "NewsArticle", "datePublished": "2019-04-27T01:00:00Z", "publisher": {"name": "وكالة"}}]})
    (tmp_path / "b.txt").write_text(PAGE.format(head=f'<script type="application/ld+json">{data}</script>', text=TEXT), encoding="utf-8")
    page = PAGE.replace("utf-8", "windows-1256").format(head="", text=TEXT)
    (tmp_path / "c.htm").write_bytes(page.encode("cp1256"))
    (tmp_path / "d.html").write_text(TEXT, encoding="utf-8")
    (a, b, c, d), failures = read(tmp_path)
    assert not failures
    assert (day(a), a.metadata_from, a.outlet) == ("2019-04-26", "article:published_time", "صحيفة")
    assert (day(b), b.outlet) == ("2019-04-27", "وكالة")
    assert "alert" not in a.text + b.text
    assert TEXT.strip() in a.text
    assert TEXT.strip() in c.text
    assert day(c) is None
    assert d.text == TEXT


def test_front_matter(tmp_path: Path) -> None:
    front = "---\ndate: 2019-04-26\nsource: صحيفة\ntitle: عنوان\n---\n"
    (tmp_path / "a.txt").write_text(front + TEXT, encoding="utf-8")
    (article,), _ = read(tmp_path)
    assert (day(article), article.outlet, article.title, article.given) == ("2019-04-26", "صحيفة", "عنوان", None)
    assert len(article.text) == len(front + TEXT)
    assert article.text.strip() == TEXT.strip()
    (tmp_path / "a.txt").write_text("---\n- no mapping\n---\n" + TEXT, encoding="utf-8")
    (article,), _ = read(tmp_path)
    assert article.text.startswith("---")


def test_sidecar_within_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("x.txt", TEXT)
        file.writestr("x.txt.yaml", "published: 2019-04-26\noutlet: صحيفة\n")
    (article,), failures = read(tmp_path / "a.zip")
    assert (article.article, day(article), article.outlet, failures) == ("a.zip/x.txt", "2019-04-26", "صحيفة", [])


def test_standard_input_with_a_format(cli: Cli) -> None:
    line = json.dumps(RECORD).encode()
    result = cli("articles", "-", "--input-format", "jsonl", stdin=line)
    assert "-#a1,2019-04-26" in result.out
    assert cli("articles", "-", "--input-format", "pdf", stdin=line).code == 2


def test_records_in_a_store(cli: Cli, tmp_path: Path) -> None:
    path, db = tmp_path / "a.jsonl", tmp_path / "x.db"
    records = [RECORD | {"id": f"a{k}", "text": TEXT + "نص آخر طويل عن السياسة. " * k} for k in range(3)]

    def write(found: list[dict[str, str]]) -> None:
        path.write_text("\n".join(json.dumps(r) for r in found), encoding="utf-8")

    write(records)
    assert "3 new" in cli("ingest", path, "--db", db).err
    write([*records, RECORD | {"id": "a9", "text": TEXT * 2}])
    assert "1 new, 0 changed, 3 unchanged" in cli("ingest", path, "--db", db).err
    write(records[1:])
    assert "2 vanished" in cli("ingest", path, "--db", db).err
    names = [row["article"] for row in json.loads(cli("articles", "--db", db, "-f", "json").out)]
    assert names == ["a.jsonl#a0", "a.jsonl#a1", "a.jsonl#a2", "a.jsonl#a9"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2+3", "'-2+3"), ("\t=1", "'\t=1"),
        ("＝1", "'＝1"), ("-5", "-5"), ("+3.5", "+3.5"), ("042", "042"), ("نص", "نص"), ("a=b", "a=b"), ("", ""),
    ],
)  # fmt: skip
def test_defuse(text: str, shown: str) -> None:
    assert defuse(text) == shown


def test_exports(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "=cmd.txt"
    path.write_text("التقى بوتين الزعيم الكوري الشمالي كيم جونغ أون في فلاديفوستوك يوم 25 أبريل 2019.\n", encoding="utf-8")
    plain = list(csv.DictReader(io.StringIO(cli("extract", path, "--all").out)))
    assert plain[0]["articles"] == "'=cmd.txt"
    assert next(csv.DictReader(io.StringIO(cli("extract", path, "--all", "--raw").out)))["articles"] == "=cmd.txt"
    assert json.loads(cli("extract", path, "--all", "-f", "json").out)[0]["articles"] == ["=cmd.txt"]
    assert cli("extract", path, "--all", "--add-bom").raw.startswith(b"\xef\xbb\xbfevent_id")
    features = json.loads(cli("extract", path, "--all", "-f", "geojson").out)["features"]
    assert features[0]["geometry"]["coordinates"][0] == pytest.approx(float(plain[0]["longitude"]))
    calendar = cli("extract", path, "--all", "-f", "ics").out
    assert "DTSTART;VALUE=DATE:20190425\r\n" in calendar
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    assert cli("extract", path, "--all", "-o", tmp_path / "o.sqlite").code == 0
    conn = sqlite3.connect(tmp_path / "o.sqlite")
    assert conn.execute("SELECT articles, date_start FROM events").fetchone() == ("=cmd.txt", "2019-04-25")
    conn.close()
    openpyxl = pytest.importorskip("openpyxl")
    for name in ("a.xlsx", "b.xlsx"):
        assert cli("extract", path, "--all", "-o", tmp_path / name).code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "'=cmd.txt" in rows[1]
    assert isinstance(rows[1][rows[0].index("latitude")], float)
    assert cli("extract", path, "-f", "xlsx", tty=True).code == 2
