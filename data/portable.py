"""Moving a desk between the two databases: every row of every table as it is, and the proof that all of them arrived.

JSON travels as text, so that what was NULL and what was a JSON null stay apart. `journal.tx` stays behind: it numbers the
transactions of the server it was written on and means nothing on another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    ForeignKeyConstraint,
    Table,
    TableClause,
    Text,
    cast,
    column,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlalchemy.types import TypeDecorator

from data import tables
from data.base import Document, metadata

TRANSIENT = ("lease", "presence")
"""Tables that say who is there just now; no copy has them."""
_LEFT = {"journal": ("tx",)}
BATCH = 1000
_STREAM = {"yield_per": BATCH}
tables.declare_all()


class _JsonText(TypeDecorator[str]):
    """A JSON column read and written as text."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> str | None:
        """Return text also where SQLite made a number of what looked like one."""
        return value if value is None or isinstance(value, str) else json.dumps(value)


class _JsonbText(_JsonText):
    """The same on PostgreSQL, whose JSONB is no text."""

    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> ColumnElement[Any]:
        return cast(bindvalue, JSONB)

    def column_expression(self, column: Any) -> ColumnElement[Any]:
        return cast(column, Text)


def _tables() -> list[Table]:
    """Return the tables that travel, those that others point at first."""
    return [each for each in metadata.sorted_tables if each.name not in TRANSIENT]


def _plain(source: Table, dialect: str) -> TableClause:
    """Return a table whose JSON columns are text."""
    kept = [each for each in source.columns if each.name not in _LEFT.get(source.name, ())]
    return table(source.name, *(column(each.name, _type(each, dialect)) for each in kept))


def _type(each: Column[Any], dialect: str) -> Any:
    if not isinstance(each.type, Document):
        return each.type
    return _JsonbText() if dialect == "postgresql" else _JsonText()


def copy_rows(source: Connection, target: Connection) -> dict[str, int]:
    """Copy every row into empty tables; return how many there were of each.

    Both connections are in a transaction, the source's seeing one snapshot.
    """
    counts: dict[str, int] = {}
    loose = [each for each in _own_references() if target.dialect.name == "postgresql"]
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for constraint in loose:  # a record may point at one with a higher id
        target.execute(DropConstraint(constraint))
    with _unguarded(target):
        for each in _tables():
            statement = insert(_plain(each, target.dialect.name))
            counts[each.name] = 0
            rows = source.execute(select(_plain(each, source.dialect.name)), execution_options=_STREAM)
            for part in rows.mappings().partitions(BATCH):
                target.execute(statement, [dict(row) for row in part])
                counts[each.name] += len(part)
    for constraint in loose:
        target.execute(AddConstraint(constraint))
    if target.dialect.name == "postgresql":
        _continue_sequences(target)
    return counts


_TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")


@contextmanager
def _unguarded(target: Connection) -> Iterator[None]:
    """Lift the triggers while rows are copied: they refuse a line of what is signed already, in whatever order it is written.

    They come back before anybody else can see the tables; what fails meanwhile is rolled back with all the rest.
    """
    if target.dialect.name == "sqlite":
        guards = target.execute(_TRIGGERS).all()
        for name, _ in guards:
            target.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in guards:
            target.exec_driver_sql(sql)
        return
    for each in _tables():
        target.exec_driver_sql(f'ALTER TABLE "{each.name}" DISABLE TRIGGER USER')
    yield
    target.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for each in _tables():
        target.exec_driver_sql(f'ALTER TABLE "{each.name}" ENABLE TRIGGER USER')


def _own_references() -> list[ForeignKeyConstraint]:
    """Return the foreign keys by which a table points at itself."""
    return [constraint for each in _tables() for constraint in each.foreign_key_constraints if constraint.referred_table is each]


_SEQUENCE = text("SELECT pg_get_serial_sequence(:table, :column)")
_SETVAL = text("SELECT setval(CAST(:sequence AS regclass), :value)")


def _continue_sequences(target: Connection) -> None:
    """Let new rows be numbered after those that were brought along."""
    for each in _tables():
        key = each.autoincrement_column
        if key is None:
            continue
        sequence = target.execute(_SEQUENCE, {"table": each.name, "column": key.name}).scalar()
        highest = target.execute(select(func.max(key))).scalar()
        if sequence and highest:
            target.execute(_SETVAL, {"sequence": sequence, "value": highest})


def digests(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return count and digest of the rows of every table: equal for equal desks, whatever database they are in."""
    found: dict[str, tuple[int, int]] = {}
    for each in _tables():
        plain = _plain(each, connection.dialect.name)
        documents = {item.name for item in each.columns if isinstance(item.type, Document)}
        count = total = 0
        rows = connection.execute(select(plain), execution_options=_STREAM)
        names = list(rows.keys())
        for row in rows:
            pairs = zip(names, row, strict=True)
            values = [_canonical(value) if name in documents else value for name, value in pairs]
            count += 1
            total += int.from_bytes(hashlib.sha256(repr(values).encode()).digest(), "big")
        found[each.name] = (count, total % 2**256)
    return found


def _canonical(value: str | None) -> str | None:
    """Return a JSON text as every database would write it: keys in order, whole numbers without a point."""
    return None if value is None else json.dumps(json.loads(value, parse_float=_number), sort_keys=True)


def _number(written: str) -> int | float:
    value = float(written)
    return int(value) if value.is_integer() else value
