"""Lists: a query, a sort order and a page of rows, read by keyset so that the millionth page costs what the first does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList, Grouping

from data.base import NEVER
from data.tables.core import record
from deskterm.errors import InvalidInput
from deskterm.fields import Choice, FieldType, Flag, Named, Names, Ref, Refs, Text
from deskterm.kinds import Kind
from deskterm.permissions import Actor, Role
from deskterm.query.compiler import ALIASES, Condition, Moment, compile_query
from deskterm.records import resolve, store
from deskterm.records.schema import Page, Row

MAX_PAGE = 200
"""Most rows a page has: more would stall a console for longer than a person notices."""

_SPINE = (
    record.c.id, record.c.kind, record.c.number, record.c.title, record.c.state, record.c.version, record.c.priority,
    record.c.due_at, record.c.clock_state, record.c.team_id, record.c.assignee_id, record.c.requester_id, record.c.customer_id,
    record.c.service_id, record.c.ci_id, record.c.created_at, record.c.updated_at, record.c.open_since, record.c.done_at,
    record.c.occurred_at, record.c.snoozed_until,
)  # fmt: skip
_AT = {column.name: place for place, column in enumerate(_SPINE)}
"""Where a row of a list has each column of the spine; what it is sorted by comes after them."""
_NEVER_NULL = {
    record.c.due_at, record.c.created_at, record.c.updated_at, record.c.number, record.c.state, record.c.version,
}  # fmt: skip
_LAST_TEXT = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a sort order."""

    name: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A prepared list: run it page by page."""

    kinds: tuple[Kind, ...]
    condition: Condition
    first: Select[Any]
    after: Select[Any]
    before: Select[Any]
    """The page that ends just before a row, backwards."""
    total: Select[Any]
    keys: tuple[Key, ...]

    def parameters(self, moment: Moment) -> dict[str, Any]:
        """Return the query's parameters at this moment."""
        return self.condition.parameters(moment)


def parse_sort(text: str) -> tuple[Key, ...]:
    """Read `due_at,-priority`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(Key(part.lstrip("-"), part.startswith("-")) for part in parts)


@lru_cache(maxsize=256)
def prepare(kinds: tuple[Kind, ...], query: str, sort: str, dialect: str, tz: str, restricted: bool) -> Listing:
    """Build the statements of a list, once per query text and sort order.

    Raises:
        BadQuery: the query is not understood.
        InvalidInput: the sort order names no field.
    """
    condition = compile_query(query, kinds, dialect, tz=tz, restricted=restricted)
    keys = (*parse_sort(sort or kinds[0].sort), Key("id", descending=False))
    if all(key.descending for key in keys[:-1]):
        keys = (*keys[:-1], Key("id", descending=True))
    tables = dict.fromkeys(condition.tables)
    columns = [_sort_column(kinds, key.name, tables, restricted) for key in keys]
    source: Any = record
    for table in tables:
        source = source.join(table, table.c.id == record.c.id, isouter=len(kinds) > 1)
    where = and_(_of_kinds(kinds, condition.where), condition.where)
    if restricted:
        where = and_(where, _own(kinds))
    where = and_(where, *(_not_private(kind) for kind in kinds if kind.personal))
    cursor = [column.label(f"k{i}") for i, column in enumerate(columns)]
    base = select(*_SPINE, *cursor).select_from(source).where(where)
    order = [column.desc() if key.descending else column.asc() for column, key in zip(columns, keys, strict=True)]
    back = [column.asc() if key.descending else column.desc() for column, key in zip(columns, keys, strict=True)]
    limit: BindParameter[int] = bindparam("limit")
    skip: BindParameter[int] = bindparam("skip")
    total = select(func.count()).select_from(
        select(literal(1)).select_from(source).where(where).limit(bindparam("cap")).subquery()
    )
    return Listing(
        kinds,
        condition,
        base.order_by(*order).limit(limit).offset(skip),
        base.where(_beyond(columns, keys, forward=True)).order_by(*order).limit(limit).offset(skip),
        base.where(_beyond(columns, keys, forward=False)).order_by(*back).limit(limit).offset(skip),
        total,
        keys,
    )


def _of_kinds(kinds: Sequence[Kind], where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Hold a list to its kinds, in a form that keeps SQLite from reading every record of a kind to find the open ones.

    A desk's file has no statistics, and without them an equality on `kind` looks better than the partial indexes of open work.
    """
    column: ColumnElement[Any] = record.c.kind.concat("") if _only_open(where) else record.c.kind
    return column.in_([literal(kind.name) for kind in kinds])  # no list to be written out anew at each run


def _only_open(where: object) -> bool:
    """Return whether a condition holds for open work alone, as far as that can be seen."""
    if isinstance(where, Grouping):
        return _only_open(where.element)
    if isinstance(where, BooleanClauseList):
        return where.operator is operators.and_ and any(_only_open(part) for part in where.clauses)
    return isinstance(where, ColumnElement) and where.compare(record.c.open_since.is_not(None))


def _who(actor: Actor) -> dict[str, int]:
    """Return the parameters by which lists are held to what a person may see."""
    chief = actor.system or bool(actor.roles & {Role.SUPERVISOR, Role.ADMINISTRATOR})
    return {"own": actor.person_id or 0, "me": actor.agent_id or 0, "chief": int(chief)}


def _own(kinds: Sequence[Kind]) -> ColumnElement[bool]:
    """Hold a requester to what is their own, and to what is for everybody."""
    return or_(record.c.requester_id == bindparam("own"), *(_for_everybody(kind) for kind in kinds if kind.public is not None))


def _for_everybody(kind: Kind) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [record.c.kind == kind.name]
    for name, value in (kind.public or {}).items():
        column = kind.column(name)
        if column.table is record:
            conditions.append(column == value)
        else:
            conditions.append(record.c.id.in_(select(column.table.c.id).where(column == value)))
    return and_(*conditions)


def _not_private(kind: Kind) -> ColumnElement[bool]:
    """Hold a list of personal things to one's own and to what is shared."""
    owner, shared = kind.column("owner"), kind.column("shared")
    visible = select(owner.table.c.id).where(or_(owner == bindparam("me"), shared, bindparam("chief") == literal(1)))
    return or_(record.c.kind != kind.name, record.c.id.in_(visible))


def _sort_column(kinds: Sequence[Kind], name: str, tables: dict[Any, None], restricted: bool) -> ColumnElement[Any]:
    """Return the expression a list is sorted by: nothing sorts last going up, first going down."""
    if name == "id":
        return record.c.id
    found = []
    for kind in kinds:
        item = kind.all_fields.get(name) or kind.all_fields.get(ALIASES.get(name, ""))
        if item is not None and not isinstance(item.type, Refs) and not (restricted and item.sensitive):
            found.append((kind.column(item.name), item))
    if not found:
        raise InvalidInput(f"cannot sort by {name!r}: there is no such field", fields={"sort": name})
    shapes = {_sorts_as(item.type) for _, item in found}
    shape = shapes.pop()
    if shapes or shape is None:
        raise InvalidInput(f"cannot sort by {name!r}: it has no order; sort by a text, a number or a time", fields={"sort": name})
    for stored, _ in found:
        if stored.table is not record:
            tables[stored.table] = None
    columns = list(dict.fromkeys(stored for stored, _ in found))
    column: ColumnElement[Any] = columns[0] if len(columns) == 1 else func.coalesce(*columns)
    if column in _NEVER_NULL:
        return column
    if column is record.c.title:
        return record.c.title_key
    if isinstance(found[0][1].type, Flag):
        column = cast(column, Integer)
    return func.coalesce(column, _LAST_TEXT if shape == "text" else NEVER)


def _sorts_as(shape: FieldType) -> str | None:
    """Return whether a type is ordered as text or as a number, None if it has no order."""
    if isinstance(shape, Text | Choice):
        return "text"
    return "number" if shape.numeric or isinstance(shape, Flag | Ref) else None


def _beyond(columns: Sequence[ColumnElement[Any]], keys: Sequence[Key], *, forward: bool) -> ColumnElement[bool]:
    """Return the condition for rows after (or before) the row whose sort values are bound as c0, c1 and so on."""
    bound: list[BindParameter[Any]] = [bindparam(f"c{i}") for i in range(len(columns))]
    directions = {key.descending for key in keys}
    if len(directions) == 1:
        greater = forward != keys[0].descending
        left, right = tuple_(*columns), tuple_(*bound)
        return left > right if greater else left < right
    options: list[ColumnElement[bool]] = []
    for i, key in enumerate(keys):
        greater = forward != key.descending
        step = columns[i] > bound[i] if greater else columns[i] < bound[i]
        options.append(and_(*(columns[j] == bound[j] for j in range(i)), step))
    return or_(*options)


def page(
    connection: Connection, listing: Listing, actor: Actor, now: int, *, limit: int = 50, after: Sequence[Any] | None = None,
    before: Sequence[Any] | None = None, skip: int = 0, columns: Sequence[str] = (), known: dict[int, Named] | None = None,
) -> Page:  # fmt: skip
    """Read one page.

    Args:
        after: the `cursor` of the row before the page.
        before: the `cursor` of the row behind the page; the page is read backwards from there.
        skip: rows to pass over from there: how a list jumps without having read what lies between.
        columns: fields whose values the rows carry, besides the spine's own.
        known: names already read; what is missing is added to it.
    """
    limit = min(limit, MAX_PAGE)
    moment = Moment(connection, actor, now)
    arguments = listing.parameters(moment) | {"limit": limit + 1, "skip": skip, **_who(actor)}
    statement, edge = (listing.after, after) if after else (listing.before, before) if before else (listing.first, None)
    if edge:
        arguments |= {f"c{i}": value for i, value in enumerate(edge)}
    raw: list[Any] = [*connection.execute(statement, arguments).all()]  # fetched at once: half the cost of one by one
    more = len(raw) > limit
    raw = raw[:limit]
    if before:
        raw.reverse()
    shown = _readable(listing.kinds, columns, actor)
    return Page(_rows(connection, listing.kinds, listing.keys, raw, shown, {} if known is None else known), more)


def count(connection: Connection, listing: Listing, actor: Actor, now: int, *, cap: int = 10_000) -> int:
    """Return how many records the list has, counting no further than `cap`."""
    arguments = listing.parameters(Moment(connection, actor, now)) | {"cap": cap, **_who(actor)}
    return int(connection.execute(listing.total, arguments).scalar_one())


def by_ids(
    connection: Connection,
    kinds: Sequence[Kind],
    ids: Sequence[int],
    actor: Actor,
    known: dict[int, Named],
    columns: Sequence[str] = (),
) -> tuple[Row, ...]:
    """Return records of these kinds by id, in no particular order, as far as the actor may see them."""
    if not ids:
        return ()
    statement = select(*_SPINE).where(record.c.id.in_(ids))
    if actor.restricted:
        statement = statement.where(_own(kinds))
    statement = statement.where(*(_not_private(kind) for kind in kinds if kind.personal))
    # The kind is looked at here: asked for beside ids, SQLite would rather read a million of a kind than these few rows.
    names = {kind.name for kind in kinds}
    raw = [row for row in connection.execute(statement, _who(actor)) if row[1] in names]
    return _rows(connection, kinds, (), raw, _readable(kinds, columns, actor), known)


def _readable(kinds: Sequence[Kind], columns: Sequence[str], actor: Actor) -> Sequence[str]:
    """Return the columns that the actor may read: requesters read no sensitive field, in no list."""
    if not actor.restricted:
        return columns
    secret = {item.name for kind in kinds for item in kind.told if item.sensitive}
    return [name for name in columns if name not in secret]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the wanted columns of one kind are come by, worked out once."""

    spine: tuple[tuple[str, int], ...]
    """Field and where a row has the spine column that holds it."""
    own: tuple[str, ...]
    """Fields that only the kind's own table, or a link, holds."""
    one: tuple[str, ...]
    """Fields whose value is the id of another record."""
    many: tuple[str, ...]
    """Fields whose value is a list of such ids."""
    shows: Mapping[str, Callable[[Any, Names], str]]


@lru_cache(maxsize=256)
def _plan(kind: Kind, columns: tuple[str, ...]) -> _Plan:
    fields = {name: kind.all_fields[name] for name in columns if name in kind.all_fields}
    stored = {name: kind.column(name) for name, item in fields.items() if not isinstance(item.type, Refs)}
    spine = tuple((name, _AT[column.name]) for name, column in stored.items() if column.table is record)
    own = tuple(name for name in fields if name not in dict(spine))
    one = tuple(name for name, item in fields.items() if isinstance(item.type, Ref))
    many = tuple(name for name, item in fields.items() if isinstance(item.type, Refs))
    return _Plan(spine, own, one, many, {name: item.type.show for name, item in fields.items()})


def _rows(
    connection: Connection, among: Sequence[Kind], keys: Sequence[Key], raw: Sequence[Sequence[Any]], columns: Sequence[str],
    known: dict[int, Named],
) -> tuple[Row, ...]:  # fmt: skip
    kinds = {kind.name: kind for kind in among}
    plans = {kind.name: _plan(kind, tuple(columns)) for kind in among}
    values = {
        row[0]: {name: None if (value := row[place]) == NEVER else value for name, place in plans[row[1]].spine} for row in raw
    }
    for name, plan in plans.items():
        if plan.own:
            _add_own_values(connection, kinds[name], plan.own, [row[0] for row in raw if row[1] == name], values)
    wanted: set[Any] = set()
    for row in raw:
        mine, plan = values[row[0]], plans[row[1]]
        wanted.update(map(mine.get, plan.one))
        for name in plan.many:
            wanted.update(mine.get(name) or ())
    missing = wanted - known.keys() - {None}
    if missing:
        known.update(resolve.names(connection, missing))
    rows = []
    for row in raw:  # by place and not by name: fifty rows are half of what a page costs
        key, kind, number, title, state, version, priority, due_at, clock_state = row[:9]
        mine, shows = values[key], plans[kind].shows
        shown = {name: shows[name](value, known) for name, value in mine.items()}
        due = None if due_at == NEVER else due_at
        cursor = tuple(row[len(_SPINE) :]) if keys else ()
        rows.append(Row(key, kind, number, title, state, version, priority, due, clock_state, mine, shown, cursor))
    return tuple(rows)


def _add_own_values(
    connection: Connection, kind: Kind, own: Sequence[str], ids: Sequence[int], values: Mapping[int, dict[str, Any]]
) -> None:
    """Read what only the kind's own table holds: one statement for all rows of the page."""
    if not ids:
        return
    for draft in store.load(connection, kind, ids, links=own).values():
        values[draft.id].update({name: draft.new.get(name) for name in own})
