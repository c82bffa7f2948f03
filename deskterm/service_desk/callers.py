"""Who is calling: looked up by name, mail, telephone or organisation while typing; then what they have open and work with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, literal_column, select

from data import search
from data.base import NEVER
from data.tables.core import record
from data.tables.people import person
from deskterm.desk import Desk
from deskterm.errors import NotFound
from deskterm.forms.schema import Option
from deskterm.records import resolve
from deskterm.service_desk import lookup, telephone
from deskterm.service_desk.schema import Caller, CallerCard, Thing, WorkLine

WORK: Final = ("incident", "request")
COUNT_CAP: Final = 100
"""Open records of one caller are counted no further."""
RECENT: Final = 50
"""Of their records, so many of the newest are looked at."""
LINES: Final = 6
"""Lines of each part of a card."""
ORGANISATIONS: Final = 3
"""Organisations that a text may mean, whose people are offered."""

_PEOPLE = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.customer_id,
        person.c.email, person.c.phone, person.c.location, person.c.vip, person.c.note,
    )
    .join(person, person.c.id == record.c.id)
    .where(record.c.id.in_(bindparam("ids", expanding=True)), record.c.state.not_in(lookup.GONE))
)  # fmt: skip
_OF_CUSTOMERS = (
    select(record.c.id)
    .where(
        record.c.kind == literal_column("'person'"),
        record.c.customer_id.in_(bindparam("ids", expanding=True)),
        record.c.state.not_in(lookup.GONE),
    )
    .order_by(record.c.title_key)
    .limit(bindparam("limit"))
)
_OPEN_IDS = (
    select(record.c.id)
    .where(record.c.requester_id == bindparam("id"), record.c.open_since.is_not(None), record.c.kind.in_(WORK))
    .limit(COUNT_CAP)
)
_OPEN_COUNT = select(func.count()).select_from(_OPEN_IDS.subquery())
_LINE = (
    record.c.number, record.c.kind, record.c.title, record.c.state, record.c.priority, record.c.updated_at, record.c.due_at,
    record.c.open_since, record.c.ci_id, record.c.service_id,
)  # fmt: skip
_OPEN = select(*_LINE).where(record.c.id.in_(_OPEN_IDS)).order_by(record.c.due_at, record.c.priority, record.c.id).limit(LINES)
_LATELY = select(*_LINE).where(record.c.requester_id == bindparam("id")).order_by(record.c.id.desc()).limit(RECENT)
_THINGS = select(record.c.id, record.c.number, record.c.title, record.c.state).where(
    record.c.id.in_(bindparam("ids", expanding=True)), record.c.state.not_in(lookup.GONE)
)


def callers(desk: Desk, text: str, *, limit: int = lookup.ROWS) -> tuple[Caller, ...]:
    """Return who a text may mean: by number, name, mail, digits of a telephone number, or organisation.

    Args:
        desk: The agent's desk; one who may not read people is offered nobody.
        text: What is typed so far.
        limit: Most of them.
    """
    kind = desk.registry.kind("person")
    text = lookup.clean(text)
    if not lookup.readable(desk, kind) or desk.actor.restricted:
        return ()
    with desk.database.read() as connection:
        found = list(dict.fromkeys(_first(_candidates(connection, desk, text, limit), limit)))
        return _callers(connection, desk, found)


def _first(ids: Iterator[int], limit: int) -> Iterator[int]:
    seen: set[int] = set()
    for key in ids:
        if key not in seen:
            seen.add(key)
            yield key
        if len(seen) >= limit:
            return


def _candidates(connection: Connection, desk: Desk, text: str, limit: int) -> Iterator[int]:
    """Yield ids, best first; a step is taken only when the ones before found too few."""
    kinds = (desk.registry.kind("person"),)
    if not text:
        return
    yield from lookup.by_number(connection, kinds, text)
    yield from lookup.by_start(connection, kinds[0], text, limit)
    if digits := telephone.digits_of(text):
        needles = [search.Needle(digits, prefix=True)]
        hits = search.find(connection, needles, limit=lookup.REACH, numbered=[kinds[0].prefix])
        yield from lookup.standing_among(connection, kinds, [hit.record_id for hit in hits])
    yield from lookup.by_words(connection, kinds, text)
    organisations = list(lookup.by_start(connection, desk.registry.kind("organisation"), text, ORGANISATIONS))
    if organisations:
        yield from connection.execute(_OF_CUSTOMERS, {"ids": organisations, "limit": limit}).scalars()


def _callers(connection: Connection, desk: Desk, ids: Sequence[int]) -> tuple[Caller, ...]:
    if not ids:
        return ()
    rows = {row.id: row for row in connection.execute(_PEOPLE, {"ids": list(ids)})}
    names = resolve.names(connection, {row.customer_id for row in rows.values() if row.customer_id is not None})
    return tuple(_caller(connection, rows[key], names) for key in ids if key in rows)


def _caller(connection: Connection, row: Any, names: dict[int, Any]) -> Caller:
    count = connection.execute(_OPEN_COUNT, {"id": row.id}).scalar_one()
    organisation = names[row.customer_id].title if row.customer_id in names else ""
    return Caller(
        row.id, row.number, row.title, row.email or "", row.phone or "", organisation, row.location or "", bool(row.vip), count
    )


def caller_options(desk: Desk, text: str) -> tuple[Option, ...]:
    """Return the same as choices of a form: whom a text may mean, what tells them apart, VIP."""
    return tuple(
        Option(one.number, one.name, " · ".join(part for part in _telling(one) if part), "VIP" if one.vip else "")
        for one in callers(desk, text)
    )


def _telling(one: Caller) -> tuple[str, ...]:
    count = f"{one.open_count}{'+' if one.open_count >= COUNT_CAP else ''} open" if one.open_count else ""
    return one.organisation, one.email or one.phone, count


def card(desk: Desk, number: str) -> CallerCard:
    """Return what is worth knowing of a caller.

    Raises:
        NotFound: there is no such person, or none that this agent may see.
    """
    kind = desk.registry.kind("person")
    with desk.database.read() as connection:
        found = resolve.by_number(connection, number)
        if found.kind != kind.name or not lookup.readable(desk, kind) or desk.actor.restricted:
            raise NotFound(f"there is no person {number!r}")
        (caller,) = _callers(connection, desk, [found.id]) or (None,)
        if caller is None:
            raise NotFound(f"{number} is retired; restore the person first")
        note = connection.execute(select(person.c.note).where(person.c.id == found.id)).scalar() or ""
        lately = connection.execute(_LATELY, {"id": found.id}).all()
        recent = [row for row in lately if row.open_since is None and row.kind in (*WORK, "interaction")]
        open_ = connection.execute(_OPEN, {"id": found.id}).all()
        return CallerCard(
            caller,
            note,
            tuple(_line(row) for row in open_),
            tuple(_line(row) for row in recent[:LINES]),
            _things(connection, [row.ci_id for row in lately]),
            _things(connection, [row.service_id for row in lately]),
        )


def _line(row: Any) -> WorkLine:
    due_at = None if row.due_at == NEVER else row.due_at
    return WorkLine(row.number, row.kind, row.title, row.state, row.priority, row.updated_at, due_at)


def _things(connection: Connection, ids: Sequence[int | None]) -> tuple[Thing, ...]:
    """Return records by how often they were named, then by how lately."""
    named = [key for key in ids if key is not None]
    wanted = sorted(dict.fromkeys(named), key=lambda key: (-named.count(key), named.index(key)))[:LINES]
    if not wanted:
        return ()
    rows = {row.id: row for row in connection.execute(_THINGS, {"ids": wanted})}
    return tuple(Thing(rows[key].number, rows[key].title, f"{named.count(key)}×") for key in wanted if key in rows)  # noqa: RUF001
