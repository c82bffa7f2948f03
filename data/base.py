"""Metadata and the few column shapes every table is made of.

Instants and durations are whole seconds in BIGINT columns, on SQLite and PostgreSQL alike, so that one statement serves both.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Dialect, ForeignKey, Integer, MetaData, TypeDecorator
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the desk hangs on this one object."""

NEVER = 253_402_300_799
"""9999-12-31T23:59:59Z: stands for "no such instant" where a column must sort last and compare without null logic."""

Key = BigInteger().with_variant(Integer, "sqlite")
"""Row identity: SQLite numbers rows by itself only in a column declared INTEGER."""


class Document(TypeDecorator[Any]):
    """A JSON document: JSONB on PostgreSQL. Nothing is NULL, not the JSON word null."""

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that a database stores it as; PostgreSQL's is imported only there, for that takes a while."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON(none_as_null=True))
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB(none_as_null=True))


def identity(name: str = "id") -> Column[Any]:
    """Return a self-numbering primary key column."""
    return Column(name, Key, primary_key=True)


def instant(name: str, *, nullable: bool = True, **options: Any) -> Column[Any]:
    """Return a column of instants: whole seconds since the epoch, UTC."""
    return Column(name, BigInteger, nullable=nullable, **options)


def reference(name: str, target: str = "record.id", *, nullable: bool = True, **options: Any) -> Column[Any]:
    """Return a column that points at another row, by default at a record of any kind."""
    return Column(name, Key, ForeignKey(target), nullable=nullable, **options)


def extends_record() -> Column[Any]:
    """Return the key column of a kind's own table: the same identity as its row in `record`."""
    return Column("id", Key, ForeignKey("record.id"), primary_key=True, autoincrement=False)
