"""The edge of service levels: what `deskterm calc` takes, checked field by field before any rule sees it."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

from pydantic import Field

from data.vocab import Unit
from deskterm.calendars import ALWAYS, Calendar
from deskterm.intervals import Spans
from deskterm.questions import Figure, Given, Question, Seconds, calendar_at, instant_at, refuse, stretches_at

Days = Annotated[int, Field(strict=True, ge=0)]


class Calendared(Question):
    """A question that starts at an instant and may have a calendar and pauses."""

    calendar: Any = None
    """A definition, or a list of them with `valid_from`; checked by the calendar itself."""
    from_: Given = Field(alias="from")
    pauses: list[tuple[Given, Given]] = []

    @cached_property
    def the_calendar(self) -> Calendar:
        """The calendar that was given.

        Raises:
            InvalidInput: it is missing, or wrong; `fields` says where.
        """
        if self.calendar is None:
            raise refuse("calendar", "is required")
        return calendar_at("calendar", self.calendar)

    def the_start(self) -> int:
        """Return the instant it starts at."""
        return self.instant("from", self.from_)

    def the_pauses(self) -> Spans:
        """Return the pauses as one set of time.

        Raises:
            InvalidInput: one is no pair of instants, or ends before it starts.
        """
        return Spans.of(stretches_at("pauses", self.pauses, self._zoned))

    def instant(self, place: str, text: str) -> int:
        """Read an instant of the question, local to its calendar unless it says otherwise."""
        return instant_at(place, text, self._zoned)

    @property
    def _zoned(self) -> Calendar:
        return ALWAYS if self.calendar is None else self.the_calendar


class ElapsedQuestion(Calendared):
    """How much working time lies between two instants?"""

    to: Given


class DueQuestion(Calendared):
    """When is a target used up?"""

    amount_seconds: Seconds | None = None
    days: Days | None = None
    unit: Unit | None = None
    warn_before_seconds: Seconds | None = None

    def the_unit(self) -> Unit:
        """Return the unit: as said, else business days for `days` and business hours for `amount_seconds`."""
        return self.unit or (Unit.BUSINESS_HOURS if self.days is None else Unit.BUSINESS_DAYS)


class BurnQuestion(Question):
    """What is left of an error budget?"""

    objective: Figure
    period_seconds: Seconds
    bad_seconds: Figure
    elapsed_seconds: Seconds | None = None
