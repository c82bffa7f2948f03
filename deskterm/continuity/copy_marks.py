"""Which desks' plans were changed by this process since their local copy was written. Whoever runs the process writes it anew.

A write marks its database once it is committed; the command line and the scheduler of a console or worker look for the mark.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.records.unit import Unit

_lock = threading.Lock()
_marked: set[str] = set()


def after(unit: Unit) -> None:
    """Mark the database of a unit of work once that is committed."""
    engine = unit.connection.engine
    unit.afterwards.append(lambda: mark(str(engine.url)))


def mark(url: str) -> None:
    """Mark a database."""
    with _lock:
        _marked.add(url)


def take(url: str) -> bool:
    """Return whether a database is marked, and take the mark away."""
    with _lock:
        found = url in _marked
        _marked.discard(url)
    return found
