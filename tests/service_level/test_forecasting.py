"""Breach forecasts on a real desk: made by the job, shown by the record, kept at their points, and scored."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from data.tables.forecast import breach_forecast, forecast_point
from deskterm.doctor import examine
from deskterm.errors import InvalidInput, NotFound
from deskterm.explanations import explain
from deskterm.job_runs import run_job
from deskterm.reports import Period, run
from deskterm.service_level.jobs import JOBS
from tests.desks import Cast

MINUTE, HOUR, DAY = 60, 3_600, 86_400
BY_NAME = {job.name: job for job in JOBS}


def look(cast: Cast, name: str = "breach-forecast") -> int | None:
    """Let a job run."""
    return run_job(BY_NAME[name], cast.database, cast.ada.registry, cast.clock.now()).changed


def live(cast: Cast, minutes: int) -> None:
    """Let an incident of the network come and be resolved after so many minutes."""
    bob = cast.as_("bob")
    number = cast.incident(summary="VPN drops", impact=1, urgency=1, category="network", team="network")
    bob.act(number, "start")
    cast.clock.advance(minutes * MINUTE)
    look(cast, "breach-check")
    bob.act(number, "resolve", {"code": "solved", "solution": "restarted"})


def quarter(cast: Cast, short: int = 60) -> None:
    """Twenty incidents on as many working days: fifteen are short, five take five hours and are late."""
    for number in range(20):
        live(cast, 300 if number % 4 == 0 else short)
        cast.clock.advance(DAY - cast.clock.now() % DAY + 9 * HOUR)
        while cast.clock.now() // DAY % 7 in (2, 3):  # the weekend: the epoch began on a Thursday
            cast.clock.advance(DAY)


def test_a_forecast_is_made_shown_explained_and_taken_away(any_cast: Cast) -> None:
    sue = any_cast.as_("sue")
    quarter(any_cast)
    number = any_cast.incident(summary="VPN again", impact=1, urgency=1, category="network", team="network")
    assert look(any_cast) == 1
    view = sue.show(number)
    assert view.values["breach_risk"] == 25, "five of twenty"
    told = explain(sue, number, "breach-risk")
    basis = "20 incidents, 20 of network, 20 of priority 1, 20 of both"
    assert f"25 % (11 to 47 %); longer than this one so far took {basis}" in told.parts[0].title
    assert (told.data["breach-risk"]["at_risk"], told.data["breach-risk"]["basis"]) == (20, basis)
    found = sue.page(sue.prepare(("incident",), "breach_risk:>=20"), limit=5, columns=("breach_risk",)).rows
    assert [(row.number, row.shown["breach_risk"]) for row in found] == [(number, "25")], "lists, queries and columns follow"
    assert "breach_risk" not in any_cast.as_("maria").show(number).values, "a caller is not told"
    version = view.version
    any_cast.clock.advance(90 * MINUTE)
    look(any_cast)
    later = sue.show(number)
    assert later.values["breach_risk"] is None, "only five took longer than that: too few to say anything"
    assert later.version == version, "a forecast is no change of the record"
    assert explain(sue, number, "breach-risk").data["breach-risk"]["withheld"]
    any_cast.as_("bob").act(number, "resolve", {"code": "solved", "solution": "done"})
    look(any_cast)
    with pytest.raises(NotFound):
        explain(sue, number, "breach-risk")
    assert [one for one in examine(any_cast.database, clock=any_cast.clock) if one.code != "job-overdue"] == []


def test_nothing_is_said_of_what_waits_or_is_late_already(cast: Cast) -> None:
    sue, bob = cast.as_("sue"), cast.as_("bob")
    quarter(cast)
    number = cast.incident(summary="VPN again", impact=1, urgency=1, category="network", team="network")
    look(cast)
    bob.act(number, "pend", {"reason": "supplier"})
    cast.clock.advance(3 * HOUR)
    assert look(cast) == 0
    assert sue.show(number).values["breach_risk"] == 25, "while it waits nothing moves"
    bob.act(number, "resume")
    cast.clock.advance(5 * HOUR)
    look(cast, "breach-check")
    look(cast)
    assert sue.show(number).values["breach_risk"] is None, "it is late: there is nothing to forecast"
    with cast.database.read() as connection:
        assert connection.execute(select(breach_forecast.c.record_id)).all() == []


def test_forecasts_are_scored_when_it_is_known_what_came(any_cast: Cast) -> None:
    sue = any_cast.as_("sue")
    quarter(any_cast, short=100)
    start = any_cast.clock.now()
    number = any_cast.incident(summary="VPN again", impact=1, urgency=1, category="network", team="network")
    for minutes in (59, 2, 30):
        any_cast.clock.advance(minutes * MINUTE)
        look(any_cast)
    with any_cast.database.read() as connection:
        points = connection.execute(select(forecast_point.c.point, forecast_point.c.at, forecast_point.c.probability)).all()
    assert [tuple(point) for point in points] == [(25, start + 61 * MINUTE, 0.25)], "once, when a quarter of its time was used"
    period = Period(start - DAY, start + 30 * DAY)
    before = run(sue, "sla", period, {"check": "forecast"})
    assert [(row["point"], row["forecasts"], row["brier"]) for row in before.rows] == [
        (25, 0, None),
        (50, 0, None),
        (75, 0, None),
    ]
    any_cast.as_("bob").act(number, "resolve", {"code": "solved", "solution": "done"})
    after = run(sue, "sla", period, {"check": "forecast"}).rows[0]
    assert (after["forecasts"], after["brier"], after["reference"], after["skill"]) == (1, 0.0625, 0.0, None)
    with pytest.raises(InvalidInput, match="check=forecast"):
        run(sue, "sla", Period(), {"check": "forecast", "agreement": "Standard"})
