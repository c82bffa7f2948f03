"""What the predicted availability of a service or a CI stands on: what brings it down, how likely each is, and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

from deskterm.availability.explain import percent
from deskterm.availability.nodes import named
from deskterm.availability.prediction import Prediction, predict
from deskterm.civil_time import DAY_SECONDS
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.questions import number
from deskterm.records.schema import RecordView

MOST_SETS = 200
"""Cut sets that are listed; all of them are reckoned with."""


def prediction(desk: Desk, view: RecordView) -> tuple[tuple[Part, ...], Any] | None:
    """Explain the prediction of a service, or of a CI that needs others; None for any other record."""
    with desk.database.read() as connection:
        found = predict(connection, [view.id], desk.moment)[view.id]
        if view.kind == "ci" and len(found.parts) < 2:
            return None
        names = {key: row.title for key, row in named(connection, {view.id, *(part.node for part in found.parts)}).items()}
    return (_sets(found, names), _parts(found, names)), _data(found, names)


def _fails(found: Prediction) -> list[tuple[tuple[int, ...], Fraction]]:
    """Return how likely all of each minimal cut set fails together, the likeliest first."""
    lost = {part.node: 1 - part.availability for part in found.parts}
    said = [(one, prod((lost[node] for node in one), start=Fraction(1))) for one in found.cut_sets]
    return sorted(said, key=lambda one: (-one[1], len(one[0]), one[0]))


def _sets(found: Prediction, names: Mapping[int, str]) -> Part:
    rows = [(" and ".join(names[node] for node in one), f"{float(share):.3g}") for one, share in _fails(found)]
    more = len(rows) - MOST_SETS
    rows = [*rows[:MOST_SETS], *([(f"… and {more:,} more", "")] if more > 0 else [])]
    if found.unavailability is None:
        title = f"prediction withheld: {found.withheld}"
    else:
        down = f"{float(found.unavailability):.3g}"
        title = f"prediction {percent(found.availability)} = 100 x (1 - {down}); what brings it down, each by itself"
    return Part(title, ("all of these down", "probability"), tuple(rows), (1,))


def _parts(found: Prediction, names: Mapping[int, str]) -> Part:
    rows = tuple(
        (names[one.node], percent(100 * one.availability), one.basis, str(one.failures), days(one.observed_seconds))
        for one in found.parts
    )
    title = "its parts, each failing by itself; history is the share of its days on record, 365 at most, without a failure"
    return Part(title, ("part", "availability", "stands on", "failures", "days on record"), rows, (1, 3, 4))


def days(seconds: int) -> str:
    """Return days with one decimal, whole ones without."""
    return f"{seconds / DAY_SECONDS:.1f}".removesuffix(".0")


def _data(found: Prediction, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "predicted": number(found.availability),
        "unavailability": number(found.unavailability),
        "withheld": found.withheld or None,
        "cut_sets": [{"parts": [names[node] for node in one], "probability": number(share)} for one, share in _fails(found)],
        "parts": [
            {
                "name": names[one.node],
                "availability": number(100 * one.availability),
                "basis": one.basis,
                "failures": one.failures,
                "observed_seconds": one.observed_seconds,
            }
            for one in found.parts
        ],
    }  # fmt: skip
