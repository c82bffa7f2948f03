"""The life of one cell of a rollout, a CI in a wave, and the gate between waves. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class CellState(StrEnum):
    """How far a release has come on a CI."""

    PLANNED = "planned"
    HELD = "held"
    """Somebody said: not now."""
    DISTRIBUTING = "distributing"
    INSTALLED = "installed"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    BACKED_OUT = "backed-out"


WAITING = frozenset({CellState.PLANNED, CellState.HELD})
"""Nothing was sent there yet."""
SETTLED = frozenset({CellState.INSTALLED, CellState.FAILED, CellState.UNREACHABLE, CellState.BACKED_OUT})
"""Somebody said how it went."""
WANTING = frozenset({CellState.FAILED, CellState.UNREACHABLE, CellState.BACKED_OUT})
"""It went otherwise than planned: whoever accepts the wave says why that may stand."""

STEPS: Mapping[str, Mapping[CellState, CellState]] = {
    "hold": {CellState.PLANNED: CellState.HELD},
    "resume": {CellState.HELD: CellState.PLANNED},
    "go": {
        CellState.PLANNED: CellState.DISTRIBUTING,
        CellState.FAILED: CellState.DISTRIBUTING,
        CellState.UNREACHABLE: CellState.DISTRIBUTING,
        CellState.BACKED_OUT: CellState.DISTRIBUTING,
    },
    "installed": {CellState.DISTRIBUTING: CellState.INSTALLED},
    "failed": {CellState.DISTRIBUTING: CellState.FAILED},
    "unreachable": {CellState.DISTRIBUTING: CellState.UNREACHABLE},
    "back-out": {
        CellState.INSTALLED: CellState.BACKED_OUT,
        CellState.DISTRIBUTING: CellState.BACKED_OUT,
    },
}
"""By step: from which state it leads where. A cell in any other state is left as it is."""
OUTCOMES = ("installed", "failed", "unreachable")
"""What may be reported of a cell that is being distributed to."""


@dataclass(frozen=True, slots=True)
class WaveGate:
    """One wave as the gate sees it."""

    position: int
    """Counted from 1, without holes."""
    name: str
    accepted: bool
    cells: tuple[CellState, ...]


def shut(waves: Sequence[WaveGate], position: int) -> str:
    """Return why nothing may be distributed in a wave; empty if it is open. Wave N+1 stays shut until N is accepted."""
    for wave in sorted(waves, key=lambda one: one.position):
        if wave.position >= position:
            break
        if not wave.accepted:
            return f"wave {position} is shut until wave {wave.position} ({wave.name}) is accepted"
    return ""


def unacceptable(wave: WaveGate, *, reason: str) -> str:
    """Return why a wave cannot be accepted; empty if it can.

    Args:
        wave: the wave.
        reason: what whoever accepts it says about what failed.
    """
    if not wave.cells:
        return f"wave {wave.position} has no CI; there is nothing to accept"
    counts = Counter(wave.cells)
    owed = [f"{counts[state]} {state.value}" for state in CellState if counts[state] and state not in SETTLED]
    if owed:
        return f"wave {wave.position} is not done: {', '.join(owed)}"
    wanting = [f"{counts[state]} {state.value}" for state in CellState if counts[state] and state in WANTING]
    if wanting and not reason.strip():
        return f"wave {wave.position} has {', '.join(wanting)}; accepting it needs a note that says why that may stand"
    return ""


def open_wave(waves: Sequence[WaveGate]) -> int | None:
    """Return the position of the wave that is the next to work on: the first that is not accepted."""
    return min((wave.position for wave in waves if not wave.accepted), default=None)


def counts_of(cells: Iterable[CellState]) -> str:
    """Return how many cells stand how, in words: `12 installed, 1 failed`."""
    counts = Counter(cells)
    return ", ".join(f"{counts[state]} {state.value}" for state in CellState if counts[state])


def progress(waves: Sequence[WaveGate]) -> str:
    """Return how far a rollout has come: `1 of 3 waves accepted; 12 installed, 1 failed, 27 planned`."""
    if not waves:
        return ""
    accepted = sum(wave.accepted for wave in waves)
    said = counts_of(state for wave in waves for state in wave.cells)
    return f"{accepted} of {len(waves)} wave{'s' if len(waves) != 1 else ''} accepted; {said or 'no CI'}"
