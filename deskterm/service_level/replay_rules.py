"""What a past period would have been under another promise: verdicts at its end, side by side. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from data.vocab import ClockState
from deskterm.service_level.rules import Reading

MET, MISSED, OPEN, UNCOVERED, EARLIER = "met", "missed", "open", "not covered", "earlier"
"""In time; late within the period; neither yet at its end; no such clock; judged before the period, cancelled, or not begun."""
JUDGED = (MET, MISSED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a clock was at the end of a period."""

    word: str
    at: int | None = None
    """When it was decided."""
    target: str = ""
    """The target that judged it."""


NOTHING = Verdict(UNCOVERED)


def verdict(reading: Reading, started_at: int, from_at: int, target: str) -> Verdict:
    """Judge a reading made at the end of a period: by what was decided within it, as reports count."""
    if reading.breached_at is not None and reading.state is not ClockState.CANCELLED:
        return Verdict(MISSED if reading.breached_at >= from_at else EARLIER, reading.breached_at, target)
    if reading.state is ClockState.CANCELLED or started_at > reading.at:
        return Verdict(EARLIER, None, target)
    if reading.met_at is not None:
        return Verdict(MET if reading.met_at >= from_at else EARLIER, reading.met_at, target)
    return Verdict(OPEN, None, target)


@dataclass(frozen=True, slots=True)
class Line:
    """One run of one clock of one record, on both sides."""

    record_id: int
    number: str
    title: str
    priority: int | None
    metric: str
    cycle: int
    now: Verdict
    """As it was judged."""
    proposed: Verdict

    @property
    def counts(self) -> bool:
        """Return whether it is of the period at all."""
        words = (self.now.word, self.proposed.word)
        return any(word in (*JUDGED, OPEN) for word in words)

    @property
    def moved(self) -> bool:
        """Return whether it changes sides."""
        return self.now.word != self.proposed.word


@dataclass(frozen=True, slots=True)
class Tally:
    """How the clocks of one target, or of all of them, fare on one side."""

    met: int = 0
    missed: int = 0
    open: int = 0

    @property
    def percent(self) -> float | None:
        """Return the share in time of what was judged; None of nothing."""
        judged = self.met + self.missed
        return 100 * self.met / judged if judged else None


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Count verdicts."""
    counts = Counter(one.word for one in verdicts)
    return Tally(counts[MET], counts[MISSED], counts[OPEN])


def by_target(lines: Iterable[Line]) -> Iterator[tuple[str, Tally, Tally]]:
    """Yield each target with its figures as it was judged and as proposed, in order of name."""
    sides: dict[str, tuple[list[Verdict], list[Verdict]]] = {}
    for line in lines:
        for side, one in enumerate((line.now, line.proposed)):
            if one.target:
                sides.setdefault(one.target, ([], []))[side].append(one)
    for name, (now, proposed) in sorted(sides.items()):
        yield name, tally(now), tally(proposed)
