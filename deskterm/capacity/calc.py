"""What `deskterm calc` can work out about capacity, with the very functions that the process uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from deskterm.capacity.forecasts import Forecast, fit, forecast
from deskterm.capacity.queues import Load, erlang_c
from deskterm.capacity.schema import ForecastQuestion, QueueQuestion
from deskterm.questions import refuse


def foreseen(given: Mapping[str, Any]) -> dict[str, object]:
    """Lay a line through samples, and say what it comes to and when it reaches a threshold."""
    question = ForecastQuestion.read(given)
    samples, now = question.the_samples(), question.the_now()
    if question.threshold is None:
        line = fit(samples, question.method)
        found = Forecast(line, withheld=None if line else "history too short: a line needs samples of two instants")
    else:
        found = forecast(samples, question.threshold, method=question.method, now=now)
        line = found.line
    latest = max(samples, default=None)
    asked = question.the_at()
    at = asked if asked is not None else now if now is not None else latest.at if latest else None
    answer: dict[str, float | None] = {
        "slope": None if line is None else line.slope,
        "intercept": None if line is None else line.intercept,
        "value": None if line is None or at is None else line.value(at),
        "seconds_left": found.seconds_left,
        "r2": None if line is None else line.r2,
    }
    if any(figure is not None and not isfinite(figure) for figure in answer.values()):
        raise refuse("samples", "are too far apart to reckon with")
    return {**answer, "withheld": found.withheld}


def staffing(given: Mapping[str, Any]) -> dict[str, object]:
    """Work out how a number of agents fares with a load of calls."""
    question = QueueQuestion.read(given)
    load = Load(Fraction(question.calls), Fraction(question.interval_seconds), Fraction(question.handle_seconds))
    queue = erlang_c(load, question.agents, Fraction(question.target_seconds))
    return {
        "traffic": queue.traffic,
        "p_wait": queue.p_wait,
        "service_level": queue.service_level,
        "mean_wait_seconds": queue.mean_wait_seconds,
        "occupancy": queue.occupancy,
    }


FUNCTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {"forecast": foreseen, "erlang-c": staffing}
