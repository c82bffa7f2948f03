"""What is worth knowing while a form is typed: each process may tell, in `deskterm/<process>/hints.py`, by a function `hints`.

It is called in a thread with what the form says so far, again whenever that changes, and must be quick. What it finds stands
beside the form and stops nobody.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Connection

from deskterm.desk import Desk
from deskterm.errors import DeskError
from deskterm.forms.schema import Hint
from deskterm.kinds import Kind

Values: TypeAlias = Mapping[str, Any]
"""What the form says now: plain values, references by number or by row id."""
Tell: TypeAlias = Callable[[Desk, Kind, Values], Sequence[Hint]]

TellOne: TypeAlias = Callable[[Desk, Connection, Values], Iterator[Hint]]
"""Tells of one kind, from what a reading finds."""


def told_by(tellers: Mapping[str, TellOne], desk: Desk, kind: Kind, values: Values) -> list[Hint]:
    """Return what the teller of a kind, by its name, finds in one reading; nothing where there is none, or for a requester."""
    tell = tellers.get(kind.name)
    if tell is None or desk.actor.restricted:
        return []
    with desk.database.read() as connection:
        return list(tell(desk, connection, values))


@lru_cache(maxsize=32)
def _teller(process: str) -> Tell | None:
    name = f"deskterm.{process}.hints"
    if importlib.util.find_spec(name) is None:
        return None
    tell: Tell = importlib.import_module(name).hints
    return tell


def hints_for(desk: Desk, kind: Kind, values: Values) -> tuple[Hint, ...]:
    """Return what the kind's process has to tell; nothing where the desk refuses to say."""
    tell = _teller(kind.process)
    if tell is None:
        return ()
    try:
        return tuple(tell(desk, kind, values))
    except DeskError:
        return ()
