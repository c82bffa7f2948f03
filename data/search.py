"""Full text over every record: SQLite's FTS5, PostgreSQL's tsvector. Both see the same folded text.

User text reaches either engine only as quoted phrases in bound parameters, never as its query syntax.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, text
from sqlalchemy.sql.expression import TextClause

from data.tables.core import record

BODY_LIMIT = 20_000
"""So many characters of a record's text are searchable."""

_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is searchable of one record."""

    record_id: int
    number: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Needle:
    """One thing to look for: words that must all occur, in this order if `phrase`; the last may be a beginning if `prefix`."""

    text: str
    phrase: bool = False
    prefix: bool = False


def fold(value: str) -> str:
    """Return text as it is indexed: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokens(value: str) -> list[str]:
    """Return the folded words of a text."""
    return _TOKEN.findall(fold(value))


def _words(value: str) -> str:
    """Return the folded words alone: PostgreSQL's parser would keep a mail address or `vpn-gw-1` as one word of its own."""
    return " ".join(tokens(value))


_PUT = {
    "sqlite": text("INSERT INTO search(rowid, number, title, body) VALUES (:record_id, :number, :title, :body)"),
    "postgresql": text(
        "INSERT INTO search(record_id, document) VALUES (:record_id, setweight(to_tsvector('simple', :number), 'A')"
        " || setweight(to_tsvector('simple', :title), 'A') || setweight(to_tsvector('simple', :body), 'D'))"
        " ON CONFLICT (record_id) DO UPDATE SET document = EXCLUDED.document"
    ),
}
_REMOVE = text("DELETE FROM search WHERE rowid = :record_id")
_MATCH = {
    "sqlite": "SELECT rowid FROM search WHERE search MATCH :{name}",
    "postgresql": "SELECT record_id FROM search WHERE document @@ to_tsquery('simple', :{name})",
}
_RANKED = {
    "sqlite": text(
        "SELECT rowid AS id, bm25(search, 10.0, 5.0, 1.0) AS rank FROM search"
        " WHERE search MATCH :needles ORDER BY rank LIMIT :limit"
    ),
    "postgresql": text(
        "SELECT record_id AS id, -ts_rank(document, q) AS rank FROM search, to_tsquery('simple', :needles) q"
        " WHERE document @@ q ORDER BY rank LIMIT :limit"
    ),
}
_TIER = "CASE WHEN record.kind IN :behind THEN 2 WHEN record.done_at IS NOT NULL THEN 1 ELSE 0 END"
_TIERED = {
    "sqlite": text(
        "SELECT search.rowid AS id, bm25(search, 10.0, 5.0, 1.0) AS rank FROM search JOIN record ON record.id = search.rowid"
        f" WHERE search MATCH :needles ORDER BY {_TIER}, rank LIMIT :limit"
    ).bindparams(bindparam("behind", expanding=True)),
    "postgresql": text(
        "SELECT search.record_id AS id, -ts_rank(search.document, q) AS rank FROM to_tsquery('simple', :needles) q, search"
        " JOIN record ON record.id = search.record_id"
        f" WHERE search.document @@ q ORDER BY {_TIER}, rank LIMIT :limit"
    ).bindparams(bindparam("behind", expanding=True)),
}
"""The same, what is over behind what is not, and the kinds named `behind` last of all."""
_NEWEST = {
    "sqlite": text("SELECT rowid AS id, 0.0 AS rank FROM search WHERE search MATCH :needles ORDER BY rowid DESC LIMIT :limit"),
    "postgresql": text(
        "SELECT record_id AS id, 0.0 AS rank FROM search WHERE document @@ to_tsquery('simple', :needles)"
        " ORDER BY record_id DESC LIMIT :limit"
    ),
}
_COUNT = {
    "sqlite": text("SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH :needles LIMIT :limit)"),
    "postgresql": text(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE document @@ to_tsquery('simple', :needles) LIMIT :limit) AS hits"
    ),
}
RANKED_UP_TO = 5_000
"""Relevance is computed for at most so many hits; beyond that the newest come first (bm25 over a million hits takes seconds)."""


def put(connection: Connection, entries: Iterable[Entry], *, fresh: bool = False) -> None:
    """Index entries, replacing what was there; `fresh` promises that none of them was indexed before."""
    shaped = _words if connection.dialect.name == "postgresql" else fold
    rows = [
        {"record_id": e.record_id, "number": shaped(e.number), "title": shaped(e.title), "body": shaped(e.body[:BODY_LIMIT])}
        for e in entries
    ]
    if not rows:
        return
    if connection.dialect.name == "sqlite" and not fresh:
        connection.execute(_REMOVE, [{"record_id": row["record_id"]} for row in rows])
    connection.execute(_PUT[connection.dialect.name], rows)


def phrase(dialect: str, needles: Sequence[Needle], *, any_of: bool = False) -> str | None:
    """Return the needles in the engine's own syntax, every word quoted; None where nothing searchable is left."""
    parts = [part for needle in needles if (part := _part(dialect, needle))]
    if not parts:
        return None
    if dialect == "sqlite":
        return (" OR " if any_of else " ").join(parts)
    return (" | " if any_of else " & ").join(parts)


def _part(dialect: str, needle: Needle) -> str | None:
    words = tokens(needle.text)
    if not words:
        return None
    if dialect == "sqlite":
        quoted = [f'"{" ".join(words)}"'] if needle.phrase else [f'"{word}"' for word in words]
        return " ".join(quoted) + ("*" if needle.prefix else "")
    star = ":*" if needle.prefix else ""
    return (
        "("
        + (" <-> " if needle.phrase else " & ").join(f"'{w}'" for w in words[:-1])
        + ((" <-> " if needle.phrase else " & ") if len(words) > 1 else "")
        + f"'{words[-1]}'{star})"
    )


def _narrowed(dialect: str, expression: str, words: Sequence[str]) -> str:
    """Return an expression that also asks for a number that begins with one of these words."""
    if dialect == "sqlite":
        return "number : (" + " OR ".join(f'"{word}" *' for word in words) + f") AND ({expression})"
    return "(" + " | ".join(f"'{word}':*A" for word in words) + f") & ({expression})"


def condition(dialect: str, name: str) -> ColumnElement[bool]:
    """Return the condition "this record matches the bound parameter `name`", for use in a larger statement."""
    ids: TextClause = text(_MATCH[dialect].format(name=name)).bindparams(bindparam(name))
    return record.c.id.in_(ids)


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching record; the smaller the rank the better."""

    record_id: int
    rank: float


def find(
    connection: Connection,
    needles: Sequence[Needle],
    *,
    limit: int,
    any_of: bool = False,
    numbered: Sequence[str] = (),
    behind: Sequence[str] = (),
) -> list[Hit]:
    """Return the best matches; the newest where there are too many to rank.

    Args:
        needles: What to look for.
        limit: Most matches returned.
        any_of: Whether one of the needles is enough.
        numbered: Beginnings of numbers, such as `kb`, of which a match has one: the engine narrows by it before anything is
            read. For kinds with few records; among a million of one kind it narrows nothing.
        behind: Kinds that come last, however well they match, such as a log; what is over then stands behind what is not.
    """
    dialect = connection.dialect.name
    expression = phrase(dialect, needles, any_of=any_of)
    if expression is None:
        return []
    if numbered:
        expression = _narrowed(dialect, expression, [word for text_ in numbered for word in tokens(text_)])
    arguments = {"needles": expression, "limit": RANKED_UP_TO + 1}
    many = connection.execute(_COUNT[dialect], arguments).scalar_one() > RANKED_UP_TO
    wanted: dict[str, object] = {"needles": expression, "limit": limit}
    if behind and not many:
        rows = connection.execute(_TIERED[dialect], {**wanted, "behind": list(behind)})
    else:
        rows = connection.execute((_NEWEST if many else _RANKED)[dialect], wanted)
    return [Hit(row.id, row.rank) for row in rows]
