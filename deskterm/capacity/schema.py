"""The edge of capacity: what `deskterm calc` takes, checked field by field before any rule sees it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from deskterm.capacity.forecasts import Method, Sample
from deskterm.questions import Exact, Figure, Question, instant_at

MOST_SECONDS = 10**15
"""Beyond them a float soon does not tell one second from the next."""


def _moment(value: object) -> str | float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be an instant, or a number of seconds")
    if isinstance(value, str):
        return value
    if not -MOST_SECONDS <= value <= MOST_SECONDS:
        raise ValueError(f"must be within {MOST_SECONDS} seconds of the origin")
    return float(value)


Moment = Annotated[str | float, BeforeValidator(_moment)]
"""An instant as text, or seconds since an origin of the asker's own."""
Count = Annotated[int, Field(strict=True, ge=0)]


class ForecastQuestion(Question):
    """What do samples lead to?"""

    samples: list[tuple[Moment, Figure]]
    method: Method = Method.LEAST_SQUARES
    at: Moment | None = None
    threshold: Figure | None = None
    now: Moment | None = None

    def the_samples(self) -> list[Sample]:
        """Return the samples, in the order given."""
        return [Sample(self._seconds(f"samples.{place}.0", at), value) for place, (at, value) in enumerate(self.samples)]

    def the_now(self) -> float | None:
        """Return the instant to count from, if one was given."""
        return None if self.now is None else self._seconds("now", self.now)

    def the_at(self) -> float | None:
        """Return the instant whose value is asked for, if one was given."""
        return None if self.at is None else self._seconds("at", self.at)

    @staticmethod
    def _seconds(place: str, moment: Moment) -> float:
        return float(instant_at(place, moment)) if isinstance(moment, str) else moment


class QueueQuestion(Question):
    """How does a number of agents fare?"""

    calls: Exact
    interval_seconds: Exact
    handle_seconds: Exact
    agents: Count
    target_seconds: Exact
