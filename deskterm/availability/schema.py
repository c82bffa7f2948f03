"""The edge of availability: what `deskterm calc` takes, checked field by field before any rule sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from pydantic import Field

from deskterm.availability.rules import Outage
from deskterm.availability.structures import Event, Structure, fails_with_all, fails_with_any, needing
from deskterm.calendars import ALWAYS, Calendar
from deskterm.errors import repeated
from deskterm.intervals import Spans
from deskterm.questions import Exact, Given, Question, calendar_at, instant_at, refuse, stretches_at

Stretch = tuple[Given, Given]
OpenStretch = tuple[Given, Given | None]
"""A stretch whose end is null goes on."""
Combine = Callable[[int, list[Structure]], Structure]


class PeriodQuestion(Question):
    """A question about a period, with or without agreed hours."""

    from_: Given = Field(alias="from")
    to: Given
    service_hours: Any = None
    """A calendar; None: around the clock."""

    @cached_property
    def the_calendar(self) -> Calendar:
        """Return the agreed hours."""
        return ALWAYS if self.service_hours is None else calendar_at("service_hours", self.service_hours)

    @cached_property
    def the_period(self) -> tuple[int, int]:
        """Return from when to when.

        Raises:
            InvalidInput: it does not end after it starts.
        """
        start, end = instant_at("from", self.from_, self.the_calendar), instant_at("to", self.to, self.the_calendar)
        if end <= start:
            raise refuse("to", "must be after `from`")
        return start, end

    def the_service_time(self) -> Spans | None:
        """Return the agreed service time; None: always."""
        return None if self.service_hours is None else self.the_calendar.spans(*self.the_period)

    def spans(self, place: str, pairs: list[Stretch]) -> Spans:
        """Return the stretches of a field as one set of time."""
        return Spans.of(stretches_at(place, pairs, self.the_calendar))

    def outages(self, place: str, pairs: list[OpenStretch]) -> list[Outage]:
        """Return the outages of a field, open ones too."""
        found = []
        for number, (start, end) in enumerate(pairs):
            start_at = instant_at(f"{place}.{number}.0", start, self.the_calendar)
            end_at = None if end is None else instant_at(f"{place}.{number}.1", end, self.the_calendar)
            if end_at is not None and end_at < start_at:
                raise refuse(f"{place}.{number}", "ends before it starts")
            found.append(Outage(start_at, end_at))
        return found


class AvailabilityQuestion(PeriodQuestion):
    """How available was one thing?"""

    down: list[OpenStretch] = []
    planned: list[Stretch] = []
    unknown: list[Stretch] = []


class ServiceQuestion(PeriodQuestion):
    """How available was a service, and which part cost how much?"""

    needs: Any
    parts: dict[str, list[OpenStretch]]

    def the_structure(self) -> Structure:
        """Return what brings the service down.

        Raises:
            InvalidInput: `needs` is none of the forms there are, or names a part that is not among the parts.
        """

        def part(place: str, name: str) -> Event:
            if name not in self.parts:
                raise refuse(place, f"names {repeated(name)}, which is not in `parts`; give it [] there if it was never down")
            return Event(name)

        forms: dict[str, Combine] = {"all": lambda _, inputs: fails_with_any(inputs), "of": needing}
        return _read(self.needs, "needs", forms, part)


class FaultTreeQuestion(Question):
    """What may bring the top event about, and how likely is it?"""

    top: Any
    events: dict[str, Exact]

    def the_structure(self) -> Structure:
        """Return the tree.

        Raises:
            InvalidInput: `top` is none of the forms there are, or names an event that is not among the events.
        """

        def event(place: str, name: str) -> Event:
            if name not in self.events:
                raise refuse(place, f"names {repeated(name)}, which is not in `events`")
            return Event(name)

        forms: dict[str, Combine] = {
            "and": lambda _, inputs: fails_with_all(inputs),
            "or": lambda _, inputs: fails_with_any(inputs),
            "of": lambda k, inputs: needing(len(inputs) - k + 1, inputs),
        }
        return _read(self.top, "top", forms, event)

    def the_probabilities(self) -> dict[str, Fraction]:
        """Return the probability of each event, exactly as it was written."""
        for name, probability in self.events.items():
            if not 0 <= probability <= 1:
                raise refuse(f"events.{name}", "must be a probability from 0 to 1")
        return {name: Fraction(probability) for name, probability in self.events.items()}


def _read(given: object, place: str, forms: Mapping[str, Combine], leaf: Callable[[str, str], Event]) -> Structure:
    """Read a name, `{form: […]}` or `{"k": k, "of": […]}`, nested no deeper than a line may be."""
    if isinstance(given, str):
        return leaf(place, given)
    plain = [form for form in forms if form != "of"]
    shapes = " or ".join(['{"k": k, "of": […]}', *(f'{{"{form}": […]}}' for form in plain)])
    if not isinstance(given, Mapping):
        raise refuse(place, f"must be a name, {shapes}")
    form = next((form for form in plain if given.keys() == {form}), "of" if given.keys() == {"k", "of"} else None)
    if form is None:
        raise refuse(place, f"must be a name, {shapes}")
    branches = given[form]
    if not isinstance(branches, list) or not branches:
        raise refuse(f"{place}.{form}", "must be a list of one or more")
    k = given.get("k", 1)
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= len(branches):
        raise refuse(f"{place}.k", f"must be a whole number from 1 to {len(branches)}, how many there are")
    return forms[form](k, [_read(one, f"{place}.{form}.{number}", forms, leaf) for number, one in enumerate(branches)])
