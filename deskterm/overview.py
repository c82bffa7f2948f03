"""All eleven systems in one line each: what each says of its health, its worst item, and what lists it.

A process that has something to say declares ``health(desk) -> Health`` in ``deskterm/<process>/health.py``; nothing else has to
be told. Of one that declares kinds but no health, its open work speaks; one without kinds is not in use on this desk.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

from deskterm.desk import Desk
from deskterm.errors import NotAllowed
from deskterm.health import Health, Word, derived
from deskterm.kinds import PROCESSES

TITLES = {
    "service_desk": "Service desk", "incident": "Incidents", "problem": "Problems", "configuration": "Configuration",
    "change": "Changes", "release": "Releases", "service_level": "Service levels", "availability": "Availability",
    "capacity": "Capacity", "continuity": "Continuity", "financial": "Finance",
}  # fmt: skip
"""What people call the systems."""


@dataclass(frozen=True, slots=True)
class SystemLine:
    """One of the eleven."""

    process: str
    title: str
    health: Health


def systems(desk: Desk) -> tuple[SystemLine, ...]:
    """Return how the eleven systems fare, in the order of the keys that lead to them."""
    return tuple(SystemLine(process, TITLES[process], _health(desk, process)) for process in PROCESSES)


def _health(desk: Desk, process: str) -> Health:
    kinds = tuple(kind for kind in desk.registry if kind.process == process)
    declared = _declared(process)
    try:
        return declared(desk) if declared is not None and kinds else derived(desk, kinds)
    except NotAllowed as refusal:
        return Health(Word.CLOSED, refusal.message)


def _declared(process: str) -> Callable[[Desk], Health] | None:
    """Return what a process declares about its health, None where it declares nothing."""
    name = f"deskterm.{process}.health"
    if importlib.util.find_spec(f"deskterm.{process}") is None or importlib.util.find_spec(name) is None:
        return None
    found: Callable[[Desk], Health] = importlib.import_module(name).health
    return found
