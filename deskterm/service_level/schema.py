"""The edge of service levels: what `deskterm calc` takes, checked field by field before any rule sees it.

An instant without an offset is local time of the question's calendar, as people write it ("Mon 17:00"); without a
calendar it is UTC. The instant in question decides which zone, where a calendar has moved from one to another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.vocab import Unit
from deskterm.calendars import ALWAYS, Calendar
from deskterm.civil_time import read_instant, require_reckonable
from deskterm.clock import parse_instant
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans

Seconds = Annotated[int, Field(strict=True, ge=0, le=10**11)]
"""A duration in whole seconds, up to some three thousand years."""
Days = Annotated[int, Field(strict=True, ge=0)]
Given = Annotated[str, Field(strict=True)]
"""An instant as it was written."""
Figure = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Question(BaseModel):
    """One line of input; what it does not know is refused, for a misspelt `pauses` would give a wrong figure."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Check a line.

        Raises:
            InvalidInput: a field is missing, unknown or wrong; `fields` names each.
        """
        try:
            return cls.model_validate(given)
        except ValidationError as problem:
            wrong = {".".join(map(str, each["loc"])): _told(each["type"], each["msg"]) for each in problem.errors()}
        place, rule = next(iter(wrong.items()))
        raise InvalidInput(f"{place} {rule}", fields=wrong)


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
            raise InvalidInput("calendar is required", fields={"calendar": "is required"})
        try:
            return _calendar(json.dumps(self.calendar))
        except InvalidInput as refusal:
            wrong = {place if place == "calendar" else f"calendar.{place}": rule for place, rule in refusal.fields.items()}
            raise InvalidInput(refusal.message, fields=wrong) from None

    def the_start(self) -> int:
        """Return the instant it starts at."""
        return self.instant("from", self.from_)

    def the_pauses(self) -> Spans:
        """Return the pauses as one set of time.

        Raises:
            InvalidInput: one is no pair of instants, or ends before it starts.
        """
        stretches = []
        for number, (start, end) in enumerate(self.pauses):
            stretch = self.instant(f"pauses.{number}.0", start), self.instant(f"pauses.{number}.1", end)
            if stretch[1] < stretch[0]:
                place = f"pauses.{number}"
                raise InvalidInput(f"{place} ends before it starts", fields={place: "ends before it starts"})
            stretches.append(stretch)
        return Spans.of(stretches)

    def instant(self, place: str, text: str) -> int:
        """Read an instant of the question, local to its calendar unless it says otherwise."""
        calendar = ALWAYS if self.calendar is None else self.the_calendar
        try:
            at = read_instant(text, calendar.zone_at(parse_instant(text)))
        except InvalidInput as refusal:
            raise InvalidInput(f"{place}: {refusal.message}", fields={place: refusal.message}) from None
        require_reckonable(**{place: at})
        return at


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


@lru_cache(maxsize=64)
def _calendar(text: str) -> Calendar:
    """Keep calendars between lines: thousands of questions usually share one, with all it has worked out."""
    return Calendar.from_json(json.loads(text))


def _told(kind: str, message: str) -> str:
    """Say a violation as the end of a sentence that begins with the field."""
    known = {"missing": "is required", "extra_forbidden": "is not a field of this function"}
    return known.get(kind, message[0].lower() + message[1:]).replace("input should be", "must be")
