"""What a clock is judged by: the metric, the amount and its unit, the calendar, the warning points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.vocab import Metric, Unit
from deskterm.business_days import business_days_due
from deskterm.calendars import ALWAYS, Calendar, Unreachable
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans

BREACH = 100
"""The percentage of its target at which a clock is breached."""
HIGHEST_PERCENT = 1000
"""Points beyond 100 % are for escalating what is overdue; beyond this they are a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One target as it stood when a clock was set, frozen: what a closed record was judged by stays with it."""

    metric: Metric
    unit: Unit
    calendar: Calendar
    """Service hours. A target in `elapsed` time runs around the clock and ignores them."""
    amount_seconds: int | None = None
    """The target in `business-hours` or `elapsed`."""
    days: int | None = None
    """The target in `business-days`."""
    warn_percent: tuple[int, ...] = ()
    """Points at which to warn, in percent of the target. 100 is the breach and need not be named."""

    def __post_init__(self) -> None:
        named, other = ("days", "amount_seconds") if self.unit is Unit.BUSINESS_DAYS else ("amount_seconds", "days")
        amount: int | None = getattr(self, named)
        if amount is None or amount < 0:
            raise InvalidInput(f"a target in {self.unit} needs {named} of 0 or more", fields={named: "must be 0 or more"})
        if getattr(self, other) is not None:
            raise InvalidInput(f"a target in {self.unit} takes {named}, not {other}", fields={other: "must be empty"})
        wrong = [percent for percent in self.warn_percent if not 1 <= percent <= HIGHEST_PERCENT]
        if wrong:
            message = f"a warning point is from 1 to {HIGHEST_PERCENT} percent, not {wrong[0]}"
            raise InvalidInput(message, fields={"warn_percent": message})

    @property
    def working(self) -> Calendar:
        """The calendar that counts: the service hours, or every second for `elapsed`."""
        return ALWAYS if self.unit is Unit.ELAPSED else self.calendar

    def target_seconds(self, started_at: int) -> int | None:
        """Return the working time that the target grants; None if the calendar has too few working days for it.

        For business days, which may be unequal, that is what lies between the start and its undisturbed deadline.
        """
        if self.days is None:
            return self.amount_seconds
        due_at = self.due(started_at)
        return None if due_at is None else self.working.elapsed(started_at, due_at)

    def due(self, started_at: int, pauses: Spans = Spans.EMPTY) -> int | None:
        """Return the instant at which the target is used up; None if the calendar never gets there in ten years.

        In hours, that is the earliest instant at which the time that counts reaches the amount. In business days, it is
        the same time of day N working days later, moved on by as much working time as the pauses before it took:
        a pause of one whole working day moves it by one working day.
        """
        if self.days is None:
            return self._reach(started_at, self.amount_seconds or 0, pauses)
        try:
            due_at = business_days_due(self.calendar, started_at, self.days)
        except Unreachable:  # a calendar edited down to nothing must not take every list with it: the clock just runs
            return None
        lost_seconds = sum(self.working.elapsed(start, end) for start, end in pauses.clip(started_at, due_at))
        return self._reach(due_at, lost_seconds, pauses) if lost_seconds else due_at

    def reached(self, percent: int, started_at: int, pauses: Spans = Spans.EMPTY) -> int | None:
        """Return the instant at which the time that counts reaches a percentage of the target; None as for `due`."""
        if percent == BREACH:
            return self.due(started_at, pauses)
        target_seconds = self.target_seconds(started_at)
        if target_seconds is None:
            return None
        return self._reach(started_at, -(-target_seconds * percent // 100), pauses)

    def warn_before(self, seconds: int, started_at: int, pauses: Spans = Spans.EMPTY) -> int | None:
        """Return the instant so much working time before due, never before the start; None as for `due`."""
        due_at = self.due(started_at, pauses)
        if due_at is None or self.working.elapsed(started_at, due_at, pauses) <= seconds:
            return None if due_at is None else started_at
        return self.working.before(due_at, seconds, pauses)

    def _reach(self, from_at: int, seconds: int, pauses: Spans) -> int | None:
        try:
            return self.working.due(from_at, seconds, pauses)
        except Unreachable:  # as in `due`
            return None

    def to_json(self) -> dict[str, object]:
        """Write the policy; `from_json` reads it back as an equal one."""
        return {
            "metric": self.metric.value,
            "unit": self.unit.value,
            "amount_seconds": self.amount_seconds,
            "days": self.days,
            "warn_percent": list(self.warn_percent),
            "calendar": self.calendar.to_json(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Policy:
        """Read what `to_json` wrote.

        Raises:
            InvalidInput: it is something else.
        """
        amount, days, points = (stored.get(name) for name in ("amount_seconds", "days", "warn_percent"))
        if not isinstance(amount, int | None) or not isinstance(days, int | None) or not isinstance(points, list):
            raise InvalidInput("this is not a stored policy: amount_seconds, days and warn_percent are numbers")
        try:
            metric, unit = Metric(str(stored.get("metric"))), Unit(str(stored.get("unit")))
        except ValueError as unknown:
            raise InvalidInput(f"this is not a stored policy: {unknown}") from None
        return cls(metric, unit, Calendar.from_json(stored.get("calendar")), amount, days, tuple(map(int, points)))
