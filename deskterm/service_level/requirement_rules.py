"""Whether what is promised is what is wanted: a requirement held against a target, calendars included. Pure.

A target in hours of one calendar cannot be compared with one in days of another by their amounts. It is what is wanted if, from
whatever instant within four weeks a record begins, it is used up no later than the requirement is (`chain_rules.worst`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.vocab import Metric, Unit
from deskterm.calendars import Calendar
from deskterm.fields import show_duration
from deskterm.service_level.chain_rules import Walk, worst
from deskterm.service_level.policy import Policy

AHEAD_SECONDS = 28 * 86_400
"""So far ahead beginnings are tried: every day of the week, and the holidays of four weeks."""
PROMISED, LESS, UNPROMISED = "promised", "promised less than wanted", "not promised"


@dataclass(frozen=True, slots=True)
class Figure:
    """What is wanted, or what a target promises."""

    metric: Metric
    unit: Unit
    amount_seconds: int | None = None
    days: int | None = None
    objective: float | None = None
    """The share in percent; None where none is named."""
    calendar: Calendar | None = None
    """None of a requirement that names none: whatever hours are promised will do."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A target of the agreement that counts."""

    agreement: str
    agreement_number: str
    target: str
    target_number: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found for some priorities; an availability has none."""

    priorities: tuple[int, ...]
    verdict: str
    offer: Offer | None = None
    """The strictest target; None where nothing is promised."""
    lacking: tuple[str, ...] = ()
    """In words what the promise lacks; empty where it is what is wanted."""


def found(wanted: Figure, priorities: tuple[int, ...], offers: Sequence[Offer], from_at: int) -> Finding:
    """Hold the strictest of some offers against what is wanted, from an instant on."""
    if not offers:
        return Finding(priorities, UNPROMISED)
    tried = [(offer, _walk(wanted, offer.figure, from_at)) for offer in offers]
    offer, way = max(tried, key=lambda pair: _strictness(pair[0].figure, pair[1]))
    lacking = (*_too_late(way), *_share(wanted, offer.figure), *_hours(wanted, offer.figure, from_at))
    return Finding(priorities, LESS if lacking else PROMISED, offer, lacking)


def overall(verdicts: Iterable[str]) -> str:
    """Return one verdict of those of all priorities: promised if all are, not promised if none is."""
    every = set(verdicts)
    return every.pop() if len(every) == 1 else LESS


def _policy(figure: Figure, calendar: Calendar) -> Policy:
    return Policy(figure.metric, figure.unit, figure.calendar or calendar, figure.amount_seconds, figure.days)


def _walk(wanted: Figure, offered: Figure, from_at: int) -> Walk | None:
    """Return the beginning from which the promise is latest, compared with what is wanted; None of an availability."""
    if wanted.metric is Metric.AVAILABILITY or offered.calendar is None:
        return None
    limit, promise = _policy(wanted, offered.calendar), _policy(offered, offered.calendar)
    return worst(limit, [promise], from_at, from_at + AHEAD_SECONDS)


def _strictness(figure: Figure, way: Walk | None) -> tuple[bool, int, float]:
    margin = None if way is None else way.margin_seconds
    return way is None or way.fits, margin or 0, figure.objective or 0.0


def _too_late(way: Walk | None) -> Iterable[str]:
    if way is not None and not way.fits:
        late = way.margin_seconds
        yield "it is never used up" if late is None else f"at worst {show_duration(-late)} later than wanted"


def _share(wanted: Figure, offered: Figure) -> Iterable[str]:
    if wanted.objective is None:
        return
    if offered.objective is None:
        yield f"no share is promised, {wanted.objective:g} % is wanted"
    elif offered.objective < wanted.objective:
        yield f"{offered.objective:g} % is promised, {wanted.objective:g} % is wanted"


def _hours(wanted: Figure, offered: Figure, from_at: int) -> Iterable[str]:
    """Yield how much of the wanted hours an availability leaves out; of a clock the worst beginning tells that."""
    if wanted.metric is not Metric.AVAILABILITY or wanted.calendar is None or offered.calendar is None:
        return
    hours, promised = (one.spans(from_at, from_at + AHEAD_SECONDS) for one in (wanted.calendar, offered.calendar))
    left = (hours - promised).seconds
    if left:
        yield f"{show_duration(left)} of the wanted hours of four weeks are not promised"
