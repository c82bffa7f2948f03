"""From what a person writes to the record they mean: a number, or a name that only one record of the kind has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from data.queries import records as q
from data.search import fold
from deskterm.errors import NotFound
from deskterm.fields import Named


class NotNamed(ValueError):
    """A text names no record, or several. Its sentence stands by itself: behind the name of a field comes a colon."""

    several = False
    """It names more than one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record as far as references need it."""

    id: int
    kind: str
    number: str
    title: str
    state: str


def by_number(connection: Connection, number: str) -> Found:
    """Return the record with this number.

    Raises:
        NotFound: there is none.
    """
    text = _storable(number.strip())
    row = connection.execute(q.BY_NUMBER, {"number": text}).first()
    if row is None and text != text.upper():
        row = connection.execute(q.BY_NUMBER, {"number": text.upper()}).first()
    if row is None:
        raise NotFound(f"there is no record {text!r}")
    return Found(row.id, row.kind, row.number, row.title, row.state)


ASKED_AT_ONCE = 1_000


def ids(connection: Connection, numbers: Iterable[str]) -> dict[str, int]:
    """Return the id of each record by the number as it was written; a number of no record is left out."""
    spelt = {number: _storable(number.strip()) for number in numbers}
    wanted = sorted({form for text in spelt.values() for form in (text, text.upper())})
    known: dict[str, int] = {}
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        rows = connection.execute(q.NUMBERED, {"numbers": wanted[start : start + ASKED_AT_ONCE]})
        known |= {row.number: row.id for row in rows}
    found = {number: known.get(text, known.get(text.upper())) for number, text in spelt.items()}
    return {number: key for number, key in found.items() if key is not None}


def meant(connection: Connection, text: object, *kinds: str) -> int | None:
    """Return the id of the record that is named so far, while it is typed; None where none is, or several are."""
    if text in (None, ""):
        return None
    try:
        return one_of(connection, text, kinds)
    except NotNamed:
        return None


def one_of(connection: Connection, text: object, kinds: Sequence[str]) -> int:
    """Return the id of the record of one of these kinds that `text` names: by row id, number or unique name.

    Raises:
        NotNamed: nothing or several records are meant; the message says which.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return checked(text, kinds, connection.execute(q.KIND, {"id": text}).scalar() if text in POSSIBLE else None)
    wanted = _storable(str(text).strip())
    if any(character.isdigit() for character in wanted):  # every number has a digit, most names have none
        row = connection.execute(q.BY_NUMBER, {"number": wanted.upper()}).first()
        if row is not None and row.kind in kinds:
            return int(row.id)
    rows = _named(connection, fold(wanted), kinds)
    if len(rows) == 1:
        return int(rows[0].id)
    what = " or ".join(kinds)
    if not rows:
        raise NotNamed(f"there is no {what} {wanted!r}; give its number or its exact name")
    numbers = ", ".join(row.number for row in rows)
    problem = NotNamed(f"{wanted!r} names several ({numbers}…); give the number")
    problem.several = True
    raise problem


def _named(connection: Connection, title_key: str, kinds: Sequence[str]) -> Sequence[Row[Any]]:
    if len(kinds) == 1:
        of_one: Sequence[Any] = connection.execute(q.BY_TITLE_OF_KIND, {"kind": kinds[0], "title_key": title_key}).all()
        return of_one
    several: Sequence[Any] = connection.execute(q.BY_TITLE, {"kinds": list(kinds), "title_key": title_key}).all()
    return several


POSSIBLE = range(1, 2**63)
"""The ids that a database can hold: a driver stumbles over anything else."""


def checked(key: int, kinds: Sequence[str], kind: str | None) -> int:
    """Return an id that came from outside, if the record it names is of one of these kinds.

    Raises:
        NotNamed: it names none, or one of another kind.
    """
    if kind not in kinds:
        raise NotNamed(f"there is no {' or '.join(kinds)} {key}; give its number or its exact name")
    return key


def _storable(text: str) -> str:
    """Return a text that may be asked for: what no database stores is named by nobody, and a driver would stumble over it."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def names(connection: Connection, ids: set[int]) -> dict[int, Named]:
    """Return number and title of many records at once."""
    if not ids:
        return {}
    rows = connection.execute(q.NAMES, {"ids": sorted(ids)})
    return {row.id: Named(row.number, row.title) for row in rows}
