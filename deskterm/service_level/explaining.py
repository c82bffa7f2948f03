"""The facts behind the figures of requirements, agreements and reviews: what is wanted, what is behind a promise, what came."""

from __future__ import annotations

from typing import Any

from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.fields import show_duration
from deskterm.records.schema import RecordView
from deskterm.service_level import back_to_back, forecasting, requirement_standing, review_print, review_reading
from deskterm.service_level import back_to_back_words as words
from deskterm.service_level.forecast_rules import PRIOR


def back_to_back_of(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Return whether what stands behind an agreement fits, with the worst case of each target; None for any other record."""
    found = checked(desk, view)
    if found is None:
        return None
    late = sum(one.verdict == back_to_back.LATE for one in found)
    judged = sum(one.verdict != back_to_back.UNKNOWN for one in found)
    told = f"{late} of {judged} too late" if judged else "n/a: no OLA or UC stands behind it"
    rows = tuple(
        (one.agreement if number == 0 else "", one.target if number == 0 else "", words.covered(one) if number == 0 else "",
         one.verdict if number == 0 else "", words.margin(one) if number == 0 else "", line)
        for one in found
        for number, line in enumerate(words.arithmetic(one, desk.actor.tz))
    )  # fmt: skip
    header = ("agreement", "target", "for", "verdict", "margin", f"at worst, within four weeks ({desk.actor.tz})")
    return Part(f"back to back: {told}", header, rows, (4,)), [words.as_json(one) for one in found]


def checked(desk: Desk, view: RecordView) -> list[back_to_back.Finding] | None:
    """Return what is found about an agreement; of an OLA or UC, about the SLAs that it stands behind."""
    if view.kind != "agreement" or desk.actor.restricted:
        return None
    with desk.database.read() as connection:
        promises = back_to_back.read(connection, desk.moment)
    return back_to_back.findings(promises, desk.moment, [view.id])


def achieved(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Return what a review says target by target; None for any other record."""
    if view.kind != "service-review" or desk.actor.restricted:
        return None
    review = review_reading.read_review(desk, view.number)
    first = next(review_print.sections(review))
    return Part(first.title, first.header, first.rows, first.right), review_reading.as_json(review)


def met(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Return whether a requirement is promised today and was kept of late; None for any other record."""
    if view.kind != "requirement" or desk.actor.restricted:
        return None
    found = requirement_standing.standing(desk, view)
    header = ("what", "says", "verdict")
    return Part(f"met: {found.words}", header, tuple(requirement_standing.rows(found))), requirement_standing.as_json(found)


def breach_risk(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Return how likely a record is to be resolved too late, and on what that stands; None where nothing was forecast."""
    found = None if desk.actor.restricted else forecasting.told(desk, view.id)
    if found is None:
        return None
    rows = (
        ("forecast at", format_instant(found.at)),
        ("working time used then", f"{show_duration(found.elapsed_seconds)} of {show_duration(found.target_seconds)}"),
        ("took longer than that", found.basis),
        (
            "estimator",
            "Kaplan-Meier, conditional on the time used; each narrower group drawn towards the wider as by "
            f"{PRIOR} more of it; Wilson's interval at 95 %",
        ),
    )
    data = {
        "at": format_instant(found.at), "elapsed_seconds": found.elapsed_seconds, "target_seconds": found.target_seconds,
        "basis": found.basis, "at_risk": found.at_risk, "probability": found.probability, "low": found.low, "high": found.high,
        "withheld": found.probability is None,
    }  # fmt: skip
    return Part(f"resolved too late: {found.words}", ("figure", "value"), rows), data
