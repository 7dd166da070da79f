"""The store's schema as numbered migrations; docs/store.md draws it.

A migration is never changed once released: a new one is added at the end. Views hold no data and are made anew each time.
"""

from __future__ import annotations

import sqlite3

from ruskor.errors import RuskorError

APPLICATION_ID = 0x7275736B  # "rusk"; what `file` and ruskor itself know a store by

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,           -- UTC, ISO 8601
    finished TEXT,
    seconds REAL,
    state TEXT NOT NULL,             -- running, done, interrupted
    command TEXT NOT NULL,           -- ingest, forget
    paths TEXT NOT NULL,             -- JSON list
    ruskor TEXT NOT NULL,
    analysis TEXT NOT NULL,          -- hash of the knowledge and code that analysed
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    reanalysed INTEGER NOT NULL DEFAULT 0,
    vanished INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    why TEXT                         -- why articles were analysed again
);

CREATE TABLE article (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,       -- as in all output
    path TEXT NOT NULL,
    hash TEXT NOT NULL,              -- SHA-256 of text and metadata as read
    analysis TEXT NOT NULL,
    title TEXT,
    outlet TEXT,
    url TEXT,
    published_start TEXT,
    published_end TEXT,
    published_precision TEXT,
    published_source TEXT,
    published_confidence REAL NOT NULL,
    relevance REAL NOT NULL,
    text TEXT NOT NULL,              -- lines that may hold a visitor's address are filled with /
    annotation TEXT NOT NULL,        -- JSON: all but text and events
    sketch BLOB NOT NULL,            -- MinHash for near copies
    copy_first INTEGER,              -- the first article that this one resembles
    copy_of TEXT,                    -- name of the first of its group of near copies
    first_run INTEGER NOT NULL REFERENCES run (id),
    changed_run INTEGER NOT NULL REFERENCES run (id),
    vanished_run INTEGER REFERENCES run (id)
);
CREATE INDEX article_hash ON article (hash);
CREATE INDEX article_copy_first ON article (copy_first) WHERE copy_first IS NOT NULL;
CREATE INDEX article_analysis ON article (analysis);

CREATE TABLE band (                  -- which articles may be near copies
    key BLOB NOT NULL,
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX band_article ON band (article);

CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,       -- absolute, links resolved
    stamp TEXT,                      -- size, times and inode when it was read; null: read it again
    failure TEXT,                    -- why it could not be read
    first_run INTEGER NOT NULL REFERENCES run (id),
    read_run INTEGER NOT NULL REFERENCES run (id),
    vanished_run INTEGER REFERENCES run (id)
);

CREATE TABLE source (                -- where an article was found, now and before
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    file INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,
    record TEXT NOT NULL,            -- which record of the file; empty for the file itself
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    first_run INTEGER NOT NULL REFERENCES run (id),
    gone_run INTEGER REFERENCES run (id)
);
CREATE INDEX source_article ON source (article);
CREATE UNIQUE INDEX source_now ON source (file, record) WHERE gone_run IS NULL;

CREATE TABLE mention (               -- one event as one article tells it
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    event TEXT NOT NULL,             -- E1, E2 … as `annotate` numbers them
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    date_start TEXT,
    date_end TEXT,
    date_precision TEXT,
    evidence TEXT,
    parent TEXT,                     -- `part_of` within the article
    mark TEXT NOT NULL,              -- what the mention is known by when the article is analysed again
    telling TEXT NOT NULL,           -- JSON of what merging looks at
    data TEXT NOT NULL,              -- JSON of all of it
    digest TEXT NOT NULL,            -- hash of both
    part TEXT NOT NULL,              -- JSON: keys of the part of the corpus within which it is merged
    row INTEGER REFERENCES event (id),
    PRIMARY KEY (article, event)
);
CREATE INDEX mention_row ON mention (row);
CREATE INDEX mention_parent ON mention (article, event) WHERE parent IS NOT NULL;

CREATE TABLE event (                 -- one row of the event table
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    signature TEXT NOT NULL,         -- hash of all that the row was made of
    date_start TEXT,
    date_end TEXT,
    date_precision TEXT,
    type TEXT NOT NULL,
    cameo TEXT,
    plover TEXT,
    status TEXT NOT NULL,
    core INTEGER NOT NULL,
    relevant INTEGER NOT NULL,
    title TEXT,
    title_ar TEXT,
    people TEXT,                     -- several values are joined by "; "
    people_ids TEXT,
    actors TEXT,
    place TEXT,
    place_id TEXT,
    country TEXT,
    latitude REAL,
    longitude REAL,
    confidence REAL NOT NULL,
    n_articles INTEGER NOT NULL,
    articles TEXT NOT NULL,
    first_reported TEXT,
    last_reported TEXT,
    disagreements TEXT,
    evidence TEXT,
    part_of TEXT,
    data TEXT NOT NULL,              -- JSON of the row with its witnesses
    names TEXT NOT NULL,             -- JSON: its own titles, and those of the known event that it may be
    known TEXT,                      -- the known event of the topic that it may be
    named INTEGER NOT NULL DEFAULT 0,  -- whether it is that event, and bears its title
    first_run INTEGER NOT NULL REFERENCES run (id),
    changed_run INTEGER NOT NULL REFERENCES run (id),
    gone_run INTEGER REFERENCES run (id)
);
CREATE INDEX event_date ON event (date_start, date_end);
CREATE INDEX event_known ON event (known) WHERE known IS NOT NULL;
CREATE INDEX event_signature ON event (signature);

CREATE TABLE alias (                 -- an id that an event bore before it was found to be another one
    alias TEXT PRIMARY KEY,
    event INTEGER NOT NULL REFERENCES event (id),
    run INTEGER NOT NULL REFERENCES run (id)
) WITHOUT ROWID;
CREATE INDEX alias_event ON alias (event);

CREATE TABLE version (               -- what an event's row said after a run that changed it
    event INTEGER NOT NULL REFERENCES event (id),
    run INTEGER NOT NULL REFERENCES run (id),
    state TEXT NOT NULL,             -- JSON
    PRIMARY KEY (event, run)
) WITHOUT ROWID;
CREATE INDEX version_run ON version (run);

CREATE TABLE person (                -- everybody named in an article on the topic
    name TEXT NOT NULL,
    id TEXT NOT NULL,                -- Wikidata, or empty
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (name, id, article)
) WITHOUT ROWID;
CREATE INDEX person_article ON person (article);

CREATE TABLE person_seen (
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    first_run INTEGER NOT NULL REFERENCES run (id),
    PRIMARY KEY (name, id)
) WITHOUT ROWID;

CREATE TABLE mark (                  -- up to which run `changes --mark` has told
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    made TEXT NOT NULL
);

CREATE TABLE unmerged (              -- articles whose events await merging; empty after a run that ended well
    article INTEGER NOT NULL,
    row INTEGER,                     -- a row that lost a witness
    mark TEXT,                       -- and which
    part TEXT
);
"""

_SEARCH = """
CREATE VIRTUAL TABLE article_search USING fts5 (title, text, evidence, tokenize = "unicode61 remove_diacritics 0");
"""

_MERGING = """
ALTER TABLE mention DROP COLUMN part;
ALTER TABLE unmerged DROP COLUMN part;
ALTER TABLE unmerged ADD COLUMN event TEXT;    -- the mention that was in that row,
ALTER TABLE unmerged ADD COLUMN name TEXT;     -- as its article was called
ALTER TABLE unmerged ADD COLUMN telling TEXT;  -- and what merging looked at
CREATE TABLE meeting (               -- by what mentions meet that may be one event; made by merging
    key TEXT NOT NULL,
    level INTEGER NOT NULL,          -- day and week, month, season, year, years; undated as past, as to come
    first INTEGER NOT NULL,          -- days as numbers: its own or, undated, its article's
    last INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    PRIMARY KEY (key, level, first, last, article, event)
) WITHOUT ROWID;
CREATE INDEX meeting_article ON meeting (article);
CREATE INDEX unmerged_article ON unmerged (article);
"""

_VIEWS = {
    "events": """
        SELECT event_id, date_start, date_end, date_precision, type, cameo, plover, status, core, title, people, people_ids, actors,
               place, place_id, country, latitude, longitude, confidence, n_articles, articles, first_reported, last_reported,
               disagreements, evidence, part_of, title_ar, relevant
        FROM event WHERE gone_run IS NULL
        ORDER BY date_start IS NULL, date_start, date_end IS NULL, date_end, type, event_id""",
    "shown_events": "SELECT * FROM events WHERE relevant AND type <> 'statement'",
    "articles": """
        SELECT name AS article, published_start, published_end, published_precision, published_source AS source,
               published_confidence, relevance, (SELECT count(*) FROM mention WHERE mention.article = article.id) AS n_events,
               title, outlet, url, path, copy_of, vanished_run IS NOT NULL AS vanished, text
        FROM article ORDER BY name""",
    "mentions": """
        SELECT article.name AS article, mention.event, event.event_id, mention.type, mention.status, mention.date_start,
               mention.date_end, mention.date_precision, article.published_start AS published, mention.evidence
        FROM mention JOIN article ON article.id = mention.article LEFT JOIN event ON event.id = mention.row""",
    "people": """
        SELECT person.name, nullif(person.id, '') AS id, count(*) AS n_articles, min(person_seen.first_run) AS first_run
        FROM person JOIN person_seen USING (name, id) GROUP BY person.name, person.id ORDER BY n_articles DESC, person.name""",
    "runs": "SELECT * FROM run ORDER BY id",
    "failures": "SELECT path, failure, first_run, read_run FROM file WHERE failure IS NOT NULL AND vanished_run IS NULL ORDER BY path",
    "paths": """
        SELECT article.name AS article, file.path, source.record, source.name AS called, source.first_run, source.gone_run
        FROM source JOIN article ON article.id = source.article JOIN file ON file.id = source.file""",
}

MIGRATIONS: tuple[str, ...] = (_TABLES, _SEARCH, _MERGING)
SCHEMA_VERSION = len(MIGRATIONS)


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: `executescript` would commit what is open."""
    found: list[str] = []
    part = ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part.strip())
            part = ""
    return [statement for statement in found if statement]


def version_of(conn: sqlite3.Connection) -> int:
    """The schema's version: 0 for an empty file.

    Raises RuskorError for a database that is no store.
    """
    version = int(conn.execute("PRAGMA user_version").fetchone()[0])
    application = int(conn.execute("PRAGMA application_id").fetchone()[0])
    tables = int(conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if application != APPLICATION_ID and (tables or version):
        raise RuskorError("it is a database, but no store of ruskor", hint="give another file with --db")
    return version


def migrate(conn: sqlite3.Connection, *, to: int = SCHEMA_VERSION) -> int:
    """Bring the schema up to date in one transaction and return the version it had.

    Raises RuskorError for a store of a newer ruskor.
    """
    version = version_of(conn)
    if version > SCHEMA_VERSION:
        raise RuskorError(f"the store has schema {version}, this ruskor knows {SCHEMA_VERSION}", hint="install the newer ruskor")
    if version == to:
        return version
    conn.execute("BEGIN IMMEDIATE")
    try:
        # Somebody else may have been faster.
        version = version_of(conn)
        for name in _VIEWS:
            conn.execute(f"DROP VIEW IF EXISTS {name}")
        for number in range(version, to):
            for statement in statements(MIGRATIONS[number]):
                conn.execute(statement)
            _fill(conn, number + 1)
        for name, query in _VIEWS.items():
            conn.execute(f"CREATE VIEW {name} AS {query}")
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        conn.execute(f"PRAGMA user_version = {to}")
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    conn.execute("COMMIT")
    return version


def _fill(conn: sqlite3.Connection, version: int) -> None:
    """Data that a migration makes from what was there."""
    if version == 2 and conn.execute("SELECT EXISTS (SELECT 1 FROM article)").fetchone()[0]:
        from ruskor.store.search import index_all

        index_all(conn)
