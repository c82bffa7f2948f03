"""What `deskterm calc` can work out about service levels, with the very functions that judge records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from data.vocab import Metric, Unit
from deskterm.calendars import ALWAYS
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.service_level.error_budget import burn
from deskterm.service_level.policy import Policy
from deskterm.service_level.schema import BurnQuestion, DueQuestion, ElapsedQuestion


def elapsed(given: Mapping[str, Any]) -> dict[str, object]:
    """Count the working seconds between two instants, pauses taken off; 0 where they are the wrong way round."""
    question = ElapsedQuestion.read(given)
    calendar, start, end = question.the_calendar, question.the_start(), question.instant("to", question.to)
    pauses = question.the_pauses()
    return {"seconds": calendar.elapsed(start, end, pauses) if start < end else 0}


def due(given: Mapping[str, Any]) -> dict[str, object]:
    """Find the instant at which a target is used up, and the one so much working time before it."""
    question = DueQuestion.read(given)
    unit = question.the_unit()
    calendar = ALWAYS if unit is Unit.ELAPSED and question.calendar is None else question.the_calendar
    policy = Policy(Metric.RESOLUTION, unit, calendar, question.amount_seconds, question.days)
    start, pauses = question.the_start(), question.the_pauses()
    due_at = policy.due(start, pauses)
    if due_at is None:
        place = "days" if unit is Unit.BUSINESS_DAYS else "amount_seconds"
        message = "is more working time than this calendar holds in ten years"
        raise InvalidInput(f"{place} {message}", fields={place: message})
    early = question.warn_before_seconds
    warn_at = None if early is None else policy.warn_before(early, start, pauses)
    return {"due_at": format_instant(due_at), "warn_at": None if warn_at is None else format_instant(warn_at)}


def error_budget(given: Mapping[str, Any]) -> dict[str, object]:
    """Work out what is left of an error budget, and how fast it burns."""
    question = BurnQuestion.read(given)
    budget = burn(question.objective, question.period_seconds, question.bad_seconds, question.elapsed_seconds)
    whole = budget.budget_seconds.is_integer()
    return {
        "budget_seconds": int(budget.budget_seconds) if whole else budget.budget_seconds,
        "remaining_ratio": budget.remaining_ratio,
        "burn_rate": budget.burn_rate,
    }


FUNCTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {
    "elapsed": elapsed,
    "due": due,
    "burn": error_budget,
}
