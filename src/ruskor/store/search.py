"""Full-text search over folded text: however hamzas, vowel signs and final letters are written."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from ruskor.arabic import fold_key
from ruskor.errors import RuskorError


@dataclass(frozen=True, slots=True)
class Match:
    """An article that was found, with a passage in folded spelling."""

    article: str
    title: str
    published: str | None
    passage: str


def index_article(conn: sqlite3.Connection, article: int) -> None:
    """Index one article anew."""
    drop_article(conn, article)
    title, text = conn.execute("SELECT title, text FROM article WHERE id = ?", (article,)).fetchone()
    evidence = [row[0] for row in conn.execute("SELECT evidence FROM mention WHERE article = ? AND evidence IS NOT NULL", (article,))]
    conn.execute(
        "INSERT INTO article_search (rowid, title, text, evidence) VALUES (?, ?, ?, ?)",
        (article, fold_key(title or ""), fold_key(text), fold_key("\n".join(evidence))),
    )


def drop_article(conn: sqlite3.Connection, article: int) -> None:
    """Take one article out of the index."""
    conn.execute("DELETE FROM article_search WHERE rowid = ?", (article,))


def index_all(conn: sqlite3.Connection) -> None:
    """Index every article (a migration)."""
    for (article,) in conn.execute("SELECT id FROM article").fetchall():
        index_article(conn, article)


def search(conn: sqlite3.Connection, query: str, *, limit: int = 50, evidence: bool = False) -> list[Match]:
    """Articles in which all words of the query stand, best first; quotation marks hold a phrase together, `*` ends a beginning.

    Raises RuskorError for a query without a word.
    """
    terms = _terms(fold_key(query))
    if not terms:
        raise RuskorError("the query has no word")
    column = "evidence : " if evidence else ""
    found = conn.execute(
        """SELECT article.name, article.title, article.published_start, snippet(article_search, ?, '«', '»', ' … ', 16)
           FROM article_search JOIN article ON article.id = article_search.rowid
           WHERE article_search MATCH ? ORDER BY bm25(article_search, 4.0, 1.0, 2.0), article.name LIMIT ?""",
        (2 if evidence else 1, column + "(" + " ".join(terms) + ")", limit),
    )
    return [Match(name, title or "", published, " ".join((passage or "").split())) for name, title, published, passage in found]


def _terms(query: str) -> list[str]:
    """Words and phrases in FTS5's own quotation marks, so that nothing in them is an operator."""
    terms = []
    for k, part in enumerate(query.replace("«", '"').replace("»", '"').replace("“", '"').replace("”", '"').split('"')):
        words = [part] if k % 2 else part.split()
        for word in words:
            plain = "".join(char if char.isalnum() or char.isspace() else " " for char in word).strip()
            if plain:
                terms.append(f'"{plain}"' + ("*" if word.endswith("*") else ""))
    return terms
