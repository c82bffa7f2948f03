"""What a reference may name, while it is typed: by number, by the beginning of a name, by its words. For any kind of record.

Bounded whatever the size of the desk: every step reads an index and stops at a few rows. Callers have a lookup of their own
(`deskterm.service_desk.callers`), which also knows telephone numbers and organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from data import search
from data.tables.core import record
from deskterm.desk import Desk
from deskterm.errors import NotAllowed
from deskterm.forms.schema import Option
from deskterm.kinds import Kind
from deskterm.permissions import require
from deskterm.records import listing
from deskterm.records.schema import Row

ROWS: Final = 8
"""Most options at once."""
REACH: Final = 60
"""Matches of the full text that are looked at."""
GONE: Final = ("retired", "disposed", "void")
"""States in which a record is kept for history and offered no more."""
LONGEST: Final = 200
"""Characters of a text that are looked for."""

DETAILS: Final[dict[str, tuple[str, ...]]] = {
    "agent": ("name",),
    "person": ("organisation", "email"),
    "ci": ("type", "service"),
}
"""What tells records of a kind apart; other kinds show the first two columns of their lists."""

_SHORT_NUMBER: Final = re.compile(r"(?:([a-z]{2,8})-?)?(\d{1,12})", re.ASCII | re.IGNORECASE)
_LAST: Final = "\U0010ffff"
_OF_KIND = (
    select(record.c.id)
    .where(record.c.kind == bindparam("kind"), record.c.state.not_in(GONE))
    .order_by(record.c.title_key)
    .limit(bindparam("limit"))
)
_BY_START: Final[dict[str, Select[Any]]] = {
    "sqlite": _OF_KIND.where(record.c.title_key >= bindparam("low"), record.c.title_key < bindparam("high")),
    "postgresql": _OF_KIND.where(func.starts_with(record.c.title_key, bindparam("low"))),
}
_NEWEST = (
    select(record.c.id)
    .where(record.c.kind == bindparam("kind"))
    .order_by(record.c.updated_at.desc(), record.c.id.desc())
    .limit(bindparam("limit"))
)
_NUMBERED = select(record.c.id).where(
    record.c.number.in_(bindparam("numbers", expanding=True)), record.c.kind.in_(bindparam("kinds", expanding=True))
)
# Kind and state are looked at afterwards: asked for beside ids, SQLite would rather read a whole kind than a few rows.
_STILL = select(record.c.id, record.c.kind, record.c.state).where(record.c.id.in_(bindparam("ids", expanding=True)))


def options(desk: Desk, kinds: Sequence[str], text: str, *, limit: int = ROWS) -> tuple[Option, ...]:
    """Return what a text may mean, the best first. Kinds the person may not read, or that are not installed, offer nothing.

    Args:
        desk: The person's desk.
        kinds: Names of kinds that the reference takes.
        text: What is typed so far; nothing offers one's own, then the first by name, or the newest of work.
        limit: Most options.
    """
    known = tuple(kind for kind in (desk.registry.kind(name) for name in kinds if name in desk.registry) if readable(desk, kind))
    if not known:
        return ()
    text = clean(text)
    with desk.database.read() as connection:
        found = _first(_candidates(connection, desk, known, text, limit), limit)
        columns = tuple({name: None for kind in known for name in _details(kind)})
        rows = {row.id: row for row in listing.by_ids(connection, known, found, desk.actor, desk.known, columns)}
    by_name = {kind.name: kind for kind in known}
    return tuple(_option(by_name[rows[key].kind], rows[key]) for key in found if key in rows)


def clean(text: str) -> str:
    """Return a typed text as it can be looked for: bounded, without what no database stores."""
    return "".join(c if c.isprintable() else " " for c in text[:LONGEST]).strip()


def readable(desk: Desk, kind: Kind) -> bool:
    """Return whether the person may read records of a kind."""
    try:
        require(desk.actor, "read", kind.family, kind.process, kind.name)
    except NotAllowed:
        return False
    return True


def _first(ids: Iterable[int], limit: int) -> list[int]:
    found: dict[int, None] = {}
    for key in ids:
        found[key] = None
        if len(found) >= limit:
            break
    return list(found)


def _candidates(connection: Connection, desk: Desk, kinds: Sequence[Kind], text: str, limit: int) -> Iterator[int]:
    """Yield ids, best first, each step only when the ones before found too few."""
    if not text:
        yield from _own(desk, kinds)
        for kind in kinds:
            statement = _NEWEST if kind.is_work else _OF_KIND
            yield from connection.execute(statement, {"kind": kind.name, "limit": limit}).scalars()
        return
    yield from by_number(connection, kinds, text)
    for kind in kinds:
        if not kind.is_work:
            yield from by_start(connection, kind, text, limit)
    yield from by_words(connection, kinds, text)


def _own(desk: Desk, kinds: Sequence[Kind]) -> Iterator[int]:
    """Yield the person themselves and their teams, where these may be meant."""
    names = {kind.name for kind in kinds}
    if "agent" in names and desk.actor.agent_id is not None:
        yield desk.actor.agent_id
    if "team" in names:
        yield from desk.actor.team_ids


def by_number(connection: Connection, kinds: Sequence[Kind], text: str) -> Iterator[int]:
    """Yield the record of this number: written whole, without its zeros (`inc-42`), or as digits alone."""
    numbers = [text, text.upper()]
    if short := _SHORT_NUMBER.fullmatch(text):
        numbers += [f"{kind.prefix}-{int(short[2]):05d}" for kind in kinds if (short[1] or kind.prefix).upper() == kind.prefix]
    if any(character.isdigit() for character in text):
        arguments = {"numbers": numbers, "kinds": [kind.name for kind in kinds]}
        yield from connection.execute(_NUMBERED, arguments).scalars()


def by_start(connection: Connection, kind: Kind, text: str, limit: int) -> Iterator[int]:
    """Yield records whose name begins with the text, in the order of names."""
    low = search.fold(text)
    arguments: dict[str, Any] = {"kind": kind.name, "low": low, "limit": limit}
    if connection.dialect.name == "sqlite":
        arguments["high"] = low + _LAST
    yield from connection.execute(_BY_START[connection.dialect.name], arguments).scalars()


def by_words(connection: Connection, kinds: Sequence[Kind], text: str) -> Iterator[int]:
    """Yield records with all of the words, the last of which may only have begun."""
    words = search.tokens(text)
    if not words:
        return
    needles = [*(search.Needle(word) for word in words[:-1]), search.Needle(words[-1], prefix=True)]
    standing = [kind.prefix for kind in kinds if not kind.is_work]
    narrow = standing if len(standing) == len(kinds) else ()
    yield from standing_among(
        connection, kinds, [hit.record_id for hit in search.find(connection, needles, limit=REACH, numbered=narrow)]
    )


def standing_among(connection: Connection, kinds: Sequence[Kind], ids: Sequence[int]) -> list[int]:
    """Return those of some ids that are of these kinds and still offered, in the order given."""
    if not ids:
        return []
    names = {kind.name for kind in kinds}
    rows = connection.execute(_STILL, {"ids": list(ids)})
    still = {row.id for row in rows if row.kind in names and row.state not in GONE}
    return [key for key in ids if key in still]


def _details(kind: Kind) -> tuple[str, ...]:
    return DETAILS.get(kind.name, tuple(name for name in kind.columns[:2] if name in kind.all_fields))


def _option(kind: Kind, row: Row) -> Option:
    if kind.is_work:
        return Option(row.number, f"{row.number} {row.title}", kind.workflow.state(row.state).title)
    parts = [shown for name in _details(kind) if (shown := row.shown.get(name)) and shown != row.title]
    return Option(row.number, row.title, " · ".join(parts) or row.number, "VIP" if row.values.get("vip") else "")
