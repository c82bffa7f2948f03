"""Shares as people give them, by the names of who bears them, turned into shares by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from data.tables.core import record
from deskterm.errors import InvalidInput
from deskterm.financial.shares import read_share
from deskterm.records import resolve
from deskterm.records.unit import Unit


def shares_by_number(unit: Unit, shares: object, kinds: Sequence[str], example: str) -> dict[str, str]:
    """Return shares by the number of the record that bears each, as they were written.

    Args:
        unit: the unit of work.
        shares: an object of names and shares.
        kinds: of which kinds those that bear them may be.
        example: how such an object is written.

    Raises:
        InvalidInput: it is no object, or a name or a share in it is wrong; all of them are listed.
    """
    if not isinstance(shares, Mapping):
        raise InvalidInput(f"shares are an object such as {example}", fields={"shares": "must be an object"})
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, value in shares.items():
        try:
            read_share(value)
            key = resolve.one_of(unit.connection, name, kinds)
            number = str(unit.connection.execute(select(record.c.number).where(record.c.id == key)).scalar_one())
            if number in found:
                raise ValueError(f"{name} is named twice")
            found[number] = str(value)
        except ValueError as problem:
            wrong[f"shares.{name}"] = str(problem)
    if wrong:
        listed = "; ".join(f"{name} {problem}" for name, problem in wrong.items())
        raise InvalidInput(listed, fields={**wrong, "shares": listed})
    return found
