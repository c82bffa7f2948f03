"""Early life, the figures of the report, and health: what is counted, what is not, and what nothing can be said of."""

from __future__ import annotations

import pytest

from deskterm.errors import InvalidInput, NotAllowed, WorkflowRefused
from deskterm.health import Word
from deskterm.job_runs import run_due
from deskterm.release.health import health
from deskterm.release.reading import view
from deskterm.reports import Period, run
from tests.desks import MONDAY, Cast
from tests.release.rollouts import cell, ready, rolling, through

DAY = 86_400


def out(cast: Cast, **values: object) -> tuple[object, str]:
    """Take a release into early life, at the end of Monday's first minute."""
    desk, number, _ = rolling(cast, target_at=MONDAY + DAY, early_life_days=10, **values)
    cast.clock.advance(60)
    through(desk, number, 1)
    through(desk, number, 2)
    desk.act(number, "early-life")
    return desk, number


def test_incidents_on_its_cis_are_listed_from_installation_to_the_end(any_cast: Cast) -> None:
    _, number = out(any_cast)
    ada = any_cast.ada
    inside = any_cast.incident(summary="inside", ci="app-1")
    any_cast.incident(summary="before it was there", ci="app-1", occurred_at=MONDAY)
    any_cast.incident(summary="elsewhere", ci="vpn-gw-1")
    dropped = any_cast.incident(summary="logged twice", ci="app-2")
    any_cast.as_("bob").act(dropped, "cancel", {"reason": "twice"})
    any_cast.clock.advance(10 * DAY)
    any_cast.incident(summary="the first second after", ci="app-1")
    assert [one.number for one in view(ada, number).incidents] == [inside]
    (listed,) = ada.page(ada.prepare(("release",), f"number:{number}"), limit=1).rows
    assert listed.due_at == MONDAY + 60 + 10 * DAY, "what was due is out; next is the end of its early life"
    (done,) = run_due(any_cast.database, ada.registry, any_cast.clock, "early-life-end")
    assert (done.error, done.changed) == (None, 1)
    shown = ada.show(number)
    assert shown.values["early_life_ended_at"] == MONDAY + 60 + 10 * DAY
    noted = [line for line in shown.journal if (line.text or "").startswith("early life is over")]
    assert [(line.text, line.at, line.actor) for line in noted] == [
        (f"early life is over: {inside} on app-1. The review is owed", MONDAY + 60 + 10 * DAY, "desk")
    ]
    assert [(line.relation, line.number) for line in shown.links if line.kind == "incident"] == [("early-life-of", inside)]
    assert run_due(any_cast.database, ada.registry, any_cast.clock, "early-life-end")[0].changed == 0
    found = health(ada)
    assert (found.word, found.worst and found.worst.why) == (Word.WATCH, "the review is owed")
    with pytest.raises(WorkflowRefused, match="close needs review"):
        any_cast.as_("rex").act(number, "close")
    assert any_cast.as_("rex").act(number, "close", {"review": "One incident, mended."}).state == "closed"
    assert any(line.text == f"incidents of its early life: {inside} on app-1" for line in ada.show(number).journal)


def test_nobody_ends_early_life_but_its_days(any_cast: Cast) -> None:
    _, number = out(any_cast)
    rex = any_cast.as_("rex")
    with pytest.raises(WorkflowRefused, match="ends by itself"):
        rex.act(number, "end-early-life")
    rex.edit(number, {"early_life_days": 2})
    assert rex.show(number).values["early_life_until"] == MONDAY + 60 + 2 * DAY
    rex.act(number, "close", {"review": "fine"})
    texts = [line.text for line in rex.show(number).journal]
    assert "incidents of its early life: none; closed 2 days before early life was over" in texts


def test_the_report_counts_what_its_formulas_say(any_cast: Cast) -> None:
    _, number = out(any_cast)
    ada = any_cast.ada
    any_cast.incident(summary="inside", ci="app-1")
    any_cast.incident(summary="inside too", ci="app-5")
    ada.edit(cell(ada, number, "app-2").ci, {"installed_version": "1.0"})
    found = run(ada, "releases", Period(), {})
    total = found.data["total"]
    assert (total["releases"], total["on_time_percent"], total["backed_out_percent"]) == (1, 100.0, 0.0)
    assert (total["incidents_per_release"], total["installed"], total["failed"]) == (2.0, 5, 0)
    assert (total["sites"], total["sites_authorised_percent"], total["library_verified_percent"]) == (2, 50.0, 100.0)
    assert [(one["name"], one["expected"], one["found"]) for one in found.data["drift"]] == [("app-2", "1.1", "1.0")]
    assert [row["group"] for row in found.rows] == ["all", f"{number} 1.1 Payroll 1.1"]
    assert set(found.data["formulas"]) >= {"on_time_percent", "backed_out_percent", "drifted", "sites_authorised_percent"}
    by_unit = run(ada, "releases", Period(), {"by": "unit"})
    assert [row["group"] for row in by_unit.rows] == ["all", "none"]
    any_cast.as_("rex").act(number, "back-out", {"reason": "wrong sums"})
    total = run(ada, "releases", Period(), {}).data["total"]
    assert (total["backed_out_percent"], total["on_time_percent"], total["incidents_per_release"]) == (100.0, None, None)


def test_a_report_of_nothing_is_no_zero(any_cast: Cast) -> None:
    total = run(any_cast.ada, "releases", Period(), {}).data["total"]
    assert {name for name, value in total.items() if value is None} == {
        "on_time_percent", "backed_out_percent", "incidents_per_release", "sites_authorised_percent", "library_verified_percent",
    }  # fmt: skip
    for options in ({"by": "moon"}, {"unit": "nobody"}, {"x": "y"}):
        with pytest.raises(InvalidInput):
            run(any_cast.ada, "releases", Period(), options)
    with pytest.raises(NotAllowed):
        run(any_cast.as_("maria"), "releases", Period(), {})


def test_health_says_what_is_worst_first(any_cast: Cast) -> None:
    assert health(any_cast.ada).word is Word.QUIET
    desk, number, _ = ready(any_cast, target_at=MONDAY + 10 * DAY)
    assert health(desk).word is Word.WELL
    any_cast.clock.advance(8 * DAY)
    assert health(desk).word is Word.WATCH
    any_cast.clock.advance(3 * DAY)
    late = health(desk)
    assert (late.word, late.worst and late.worst.why) == (Word.TROUBLE, "late")
    assert desk.page(desk.prepare(late.kinds, late.query)).rows[0].number == number


def test_a_requester_sees_no_release(any_cast: Cast) -> None:
    _, number, _ = ready(any_cast)
    from deskterm.errors import NotFound

    with pytest.raises((NotFound, NotAllowed)):
        view(any_cast.as_("maria"), number)
