"""A web page → its main text and metadata: the text by trafilatura, the date from what the page states about itself."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from ruskor.days import date_in_name, parse_days
from ruskor.errors import ReadError, RuskorError
from ruskor.model import Article, Interval
from ruskor.readers.text import decode, make_article

_LIMIT = 10_000_000
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,40})""", re.IGNORECASE)
# In order of trust: what a page states for machines, first of all its first publication.
_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.created", "dc.date", "pubdate", "publishdate", "publish-date", "date",
)  # fmt: skip
_TAG = re.compile(r"<[!/a-zA-Z]")
_PAGE = re.compile(r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def looks_like_html(text: str) -> bool:
    """Whether a text is a page, whatever its file is called."""
    return bool(_PAGE.match(text[:4000]))


def has_tags(text: str) -> bool:
    """Whether there is any tag at all; a text that is called a page is read as a text."""
    return bool(_TAG.search(text))


def decode_html(data: bytes) -> tuple[str, str | None]:
    """The text of a page: what it declares is believed where it is no UTF-8."""
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
        if declared:
            try:
                return data.decode(declared.group(1).decode("ascii")), None
            except (UnicodeDecodeError, LookupError):
                pass
        return decode(data)


def html_article(page: str, *, name: str, path: str, values: dict[str, str]) -> Article:
    """The article of a page; `values` (of a sidecar) win over what the page says.

    Raises ReadError where there is none, or the library is not installed.
    """
    try:
        import trafilatura
        from lxml import html as lxml_html
    except ImportError as error:
        raise ReadError("HTML needs trafilatura, which is not installed", hint="pip install 'ruskor[html]'") from error
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what is wrong is said by us
    if len(page) > _LIMIT:
        raise ReadError("page is larger than 10 MB")
    try:
        tree = lxml_html.fromstring(page.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8"))
        meta = _metadata(tree)
        text = trafilatura.extract(page, include_comments=False, include_tables=False, output_format="txt")
    except RecursionError:
        raise ReadError("the page is nested too deeply") from None
    except Exception as error:  # the library's own errors are many
        raise ReadError(f"the page cannot be read: {type(error).__name__}") from error
    if not text or not text.strip():
        raise ReadError("no main text found on the page")
    title = meta.get("title")
    if title and _key(title) not in _key(text[: 3 * len(title) + 200]):
        text = f"{title}\n{text}"
    known = {key: value for key, value in meta.items() if key in {"title", "outlet", "url"}} | values
    article = make_article(name, path, text, known)
    day, origin = _published(meta)
    if day is not None:
        article.metadata, article.metadata_from = day, origin
    return article


def _key(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _published(meta: dict[str, str]) -> tuple[Interval | None, str | None]:
    for key in ("date", "json-ld", "time"):
        if key in meta:
            try:
                # The day of the time's own offset, whatever that is in UTC.
                day = parse_days(meta[key].strip()[:10])
            except RuskorError:
                continue
            if day.precision == "day":
                return day, meta.get(f"{key} from", key)
    url = date_in_name(meta.get("url", ""))
    return (url, "address") if url else (None, None)


def _metadata(tree: Any) -> dict[str, str]:
    """Title, outlet, url and dates that the page states."""
    out: dict[str, str] = {}
    stated: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
        value = (node.get("content") or "").strip()
        if key and value:
            stated.setdefault(key, value[:2000])
    for key in _DATES:
        if key in stated:
            out["date"], out["date from"] = stated[key], key
            break
    found = _linked_data(tree)
    if "datePublished" in found:
        out["json-ld"], out["json-ld from"] = found["datePublished"], "JSON-LD datePublished"
    for node in tree.iter("time"):
        if node.get("datetime") and (node.get("pubdate") is not None or (node.get("itemprop") or "").lower() == "datepublished"):
            out["time"], out["time from"] = node.get("datetime"), "<time>"
            break
    title = stated.get("og:title") or found.get("headline") or _first(tree, ".//h1") or _first(tree, ".//title")
    outlet = stated.get("og:site_name") or found.get("publisher")
    canonical = next((node.get("href") for node in tree.iter("link") if (node.get("rel") or "").lower() == "canonical"), None)
    for key, value in (("title", title), ("outlet", outlet), ("url", stated.get("og:url") or canonical)):
        if value and value.strip():
            out[key] = " ".join(value.split())
    return out


def _first(tree: Any, path: str) -> str | None:
    node = tree.find(path)
    return str(node.text_content()) if node is not None else None


def _linked_data(tree: Any) -> dict[str, str]:
    """datePublished, headline and publisher of the page's JSON-LD."""
    out: dict[str, str] = {}
    for node in tree.iter("script"):
        if (node.get("type") or "").lower() != "application/ld+json" or not node.text:
            continue
        try:
            waiting: list[Any] = [json.loads(node.text, strict=False)]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while waiting and seen < 500:
            seen += 1
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting += item[:100]
            elif isinstance(item, dict):
                waiting += [value for key, value in item.items() if key in {"@graph", "mainEntity"}]
                for key in ("datePublished", "headline"):
                    if isinstance(item.get(key), str):
                        out.setdefault(key, item[key])
                publisher = item.get("publisher")
                name = publisher.get("name") if isinstance(publisher, dict) else publisher
                if isinstance(name, str):
                    out.setdefault("publisher", name)
    return out
