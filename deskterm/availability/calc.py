"""What `deskterm calc` can work out about availability, with the very functions that the process uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from deskterm.availability.attribution import attribute
from deskterm.availability.fault_trees import analyse
from deskterm.availability.rules import Availability, Facts, agreed_time, facts, measure
from deskterm.availability.schema import AvailabilityQuestion, FaultTreeQuestion, ServiceQuestion
from deskterm.availability.structures import downtime
from deskterm.questions import number


def availability(given: Mapping[str, Any]) -> dict[str, object]:
    """Measure one thing over a period; an outage whose end is null goes on to the end of the period."""
    question = AvailabilityQuestion.read(given)
    start, end = question.the_period
    known = facts(
        question.outages("down", question.down),
        end,
        planned=question.spans("planned", question.planned),
        unknown=question.spans("unknown", question.unknown),
    )
    return _figures(measure(known, start, end, question.the_service_time()))


def service(given: Mapping[str, Any]) -> dict[str, object]:
    """Measure a service through what it needs, and charge its downtime to the parts."""
    question = ServiceQuestion.read(given)
    structure, (start, end) = question.the_structure(), question.the_period
    hours = question.the_service_time()
    parts = {name: facts(question.outages(f"parts.{name}", pairs), end).down for name, pairs in question.parts.items()}
    measured = measure(Facts(downtime(structure, parts)), start, end, hours)
    return _figures(measured) | {"attribution": attribute(structure, parts, agreed_time(start, end, hours))}


def fault_tree(given: Mapping[str, Any]) -> dict[str, object]:
    """Work out a fault tree: exact probability, minimal cut sets, single points of failure."""
    question = FaultTreeQuestion.read(given)
    found = analyse(question.the_structure(), question.the_probabilities())
    return {
        "probability": number(found.probability),
        "cut_sets": [list(names) for names in found.cut_sets],
        "single_points": list(found.single_points),
    }


def _figures(measured: Availability) -> dict[str, object]:
    exact: dict[str, Fraction | None] = {
        "availability": measured.availability,
        "availability_excluding_planned": measured.availability_excluding_planned,
        "availability_known_time": measured.availability_known_time,
    }
    means = {
        "mtrs_seconds": measured.mtrs_seconds,
        "mtbf_seconds": measured.mtbf_seconds,
        "mtbsi_seconds": measured.mtbsi_seconds,
    }
    return {
        "agreed_seconds": measured.agreed_seconds,
        "downtime_seconds": measured.downtime_seconds,
        "planned_seconds": measured.planned_seconds,
        "unknown_seconds": measured.unknown_seconds,
        **{name: number(figure) for name, figure in exact.items()},
        "outages": measured.outages,
        **{name: number(figure) for name, figure in means.items()},
    }


FUNCTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {
    "availability": availability,
    "service": service,
    "fault-tree": fault_tree,
}
