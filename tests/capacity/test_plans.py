"""Scenarios, staffing and the capacity plan: reckoned from live data, frozen for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc, insert, update

from data.tables import capacity as t
from deskterm.capacity import plan_printing, plan_rules
from deskterm.capacity import staffing as staffing_rules
from deskterm.capacity.health import health
from deskterm.capacity.staffing import Terms, slot_of, staffing
from deskterm.civil_time import zone_named
from deskterm.clock import parse_instant
from deskterm.doctor import examine
from deskterm.errors import DeskError, InvalidInput, NotFound
from deskterm.explanations import explain
from deskterm.health import Word
from deskterm.reports import Period, run
from tests.capacity.resources import DAY, HOUR, fill, resource
from tests.capacity.resources import run as run_job
from tests.cli.shell import Shell
from tests.desks import MONDAY, Cast


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """Ada at a prompt, on a desk of her own."""
    made = Shell(monkeypatch, capsys, tmp_path)
    made.ok("init", "--admin", "ada")
    return made


def driven(cast: Cast, **values: Any) -> tuple[str, str]:
    """Return a resource and a driver that it follows: 10 + 0.5 a user."""
    number = resource(cast, **values)
    driver = resource(cast, "users", role="driver", metric="users", unit=None, capacity=None, ci=None)
    days = [(MONDAY - MONDAY % DAY - (30 - i) * DAY, 100.0 + i % 5) for i in range(30)]
    fill(cast, driver, days)
    fill(cast, number, [(at + HOUR, 10 + users / 2) for at, users in days])
    return number, driver


def test_growth_of_a_driver_becomes_demand_by_the_line_through_both(any_cast: Cast) -> None:
    number, driver = driven(any_cast, upgrade_amount=10, upgrade_cost="100", currency="EUR")
    other = resource(any_cast, "unrelated")
    fill(any_cast, other, [(MONDAY - i * DAY, float(i * i % 7)) for i in range(1, 29)])
    scenario = any_cast.ada.create("scenario", {"name": "more", "driver": "users", "growth_percent": 100, "months": 10}).number
    told = explain(any_cast.ada, scenario, "demand").data["demand"]
    assert told["driver_now"] == pytest.approx(102, abs=0.7)
    (row,) = told["rows"]
    assert row["resource"] == "fs-01 /data"
    assert (row["per_unit"], row["r2"], row["days"]) == (pytest.approx(0.5), pytest.approx(1), 30)
    assert row["then"] == pytest.approx(10 + told["driver_then"] / 2)
    assert row["short_by"] == pytest.approx(row["high"] - 100, abs=1e-6)
    assert (row["full_after_months"], row["steps"], row["cost"]) == (8, 2, "200.00")
    named = any_cast.ada.create(
        "scenario", {"name": "named", "driver": driver, "growth_percent": 1, "resources": [other, number]}
    ).number
    rows = {row["resource"]: row for row in explain(any_cast.ada, named, "demand").data["demand"]["rows"]}
    assert rows["unrelated"]["withheld"].startswith("the driver does not explain it: R² is 0.")
    assert rows["fs-01 /data"]["full_after_months"] is None
    with pytest.raises(InvalidInput, match="is no driver; set its role to driver"):
        any_cast.ada.create("scenario", {"name": "wrong", "driver": number, "growth_percent": 1})


def test_a_scenario_without_history_says_so(cast: Cast) -> None:
    number = resource(cast)
    resource(cast, "users", role="driver", capacity=None)
    scenario = cast.ada.create("scenario", {"name": "s", "driver": "users", "growth_percent": 10, "resources": [number]}).number
    assert (
        explain(cast.ada, scenario, "demand").data["demand"]["rows"][0]["withheld"]
        == "the driver was not measured in the last 7 days"
    )
    fill(cast, "RES-00002", [(MONDAY - i * DAY, 5.0) for i in range(20)])
    why = explain(cast.ada, scenario).data["demand"]["rows"][0]["withheld"]
    assert why == "history too short: both were measured on 0 days, 14 are needed"
    fill(cast, number, [(MONDAY - i * DAY, float(i)) for i in range(20)])
    assert "never changed" in explain(cast.ada, scenario).data["demand"]["rows"][0]["withheld"]


def contact(cast: Cast, at: int, seconds: int = 180, channel: str = "phone") -> None:
    values = {"caller": "Maria Lopez", "summary": "call", "channel": channel, "occurred_at": at, "handle_seconds": seconds}
    cast.as_("bob").create("interaction", values)


def test_agents_by_half_hour_follow_erlang_c_over_the_contacts(cast: Cast) -> None:
    assert staffing(cast.ada, Terms()).withheld == "no contacts were logged in 4 weeks"
    with cast.ada.unit("contacts") as unit:
        from deskterm.records import writing

        kind = unit.registry.kind("interaction")
        for i in range(100):
            values = {"summary": "call", "channel": "phone", "occurred_at": MONDAY - 7 * DAY + 10 + i, "handle_seconds": 180}
            writing.create(unit, kind, values)
    contact(cast, MONDAY - 6 * DAY, channel="mail")
    found = staffing(cast.ada, Terms(weeks=1))
    assert (found.contacts, found.handle_seconds) == (100, 180)
    peak = found.peak
    assert peak is not None
    assert (peak.name, peak.contacts, peak.needed) == ("Mon 09:00", 100, 14)
    assert peak.queue is not None
    assert peak.queue.p_wait == pytest.approx(0.1741319, abs=1e-7)
    assert peak.queue.service_level == pytest.approx(0.88835, abs=1e-5)
    assert peak.queue.mean_wait_seconds == pytest.approx(7.83594, abs=1e-5)
    cast.ada.create("shift", {"name": "early", "team": "desk", "starts_at": MONDAY - HOUR, "ends_at": MONDAY + HOUR})
    found = staffing(cast.ada, Terms(weeks=1, agents_per_shift=11))
    slot = next(slot for slot in found.slots if slot.name == "Mon 09:00")
    assert (slot.rostered, slot.gap) == (11, 3)
    assert slot.as_rostered is not None
    assert slot.as_rostered.service_level < 0.5
    short = staffing(cast.ada, Terms(weeks=1, agents_per_shift=5))
    assert next(slot for slot in short.slots if slot.name == "Mon 09:00").as_rostered is None, "the queue would only grow"
    report = run(cast.ada, "staffing", Period(), {"weeks": "1", "day": "monday", "service_level": "80%"})
    assert report.data["peak"]["agents"] == 14
    assert [row["from"] for row in report.rows] == ["09:00", "09:30"]
    assert slot_of(MONDAY, zone_named("Europe/Berlin")) == 20


def test_weeks_before_the_first_contact_are_no_quiet_weeks(cast: Cast) -> None:
    for at in (MONDAY - 10 * DAY, MONDAY - 7 * DAY, MONDAY - 7 * DAY + 60):
        contact(cast, at)
    found = staffing(cast.ada, Terms(weeks=4))
    assert found.from_at == MONDAY - 10 * DAY
    assert found.weeks == pytest.approx(10 / 7)
    slots = {slot.name: slot.contacts for slot in found.slots if slot.contacts}
    assert slots == {"Fri 09:00": 0.5, "Mon 09:00": 2}, "Friday came twice, Monday at nine once"
    told = run(cast.ada, "staffing", Period(), {})
    assert told.title.endswith("3 contacts in 1.4 weeks")
    contact(cast, MONDAY - 50 * DAY)
    assert staffing(cast.ada, Terms(weeks=4)).weeks == 4, "the desk was there all the time"


@pytest.mark.parametrize(("month", "lost"), [("2026-10-21", None), ("2026-03-25", "Sun 02:00")])
def test_the_roster_of_a_week_in_which_clocks_change_has_every_half_hour_of_the_wall_clock(month: str, lost: str | None) -> None:
    zone = zone_named("Europe/Berlin")
    now = parse_instant(f"{month}T12:10:00Z")
    always = [(now - DAY, now + 30 * DAY)]
    assert staffing_rules._rostered(always, now, zone, 2) == [2] * 336
    night = parse_instant("2026-03-29T00:00:00Z"), parse_instant("2026-03-29T03:00:00Z")
    found = staffing_rules._rostered([night], now, zone, 1)
    names = {
        f"{staffing_rules.DAYS[place // 48]} {place % 48 // 2:02d}:{place % 2 * 30:02d}" for place in range(336) if found[place]
    }
    wanted = {"Sun 01:00", "Sun 01:30", "Sun 03:00", "Sun 03:30", "Sun 04:00", "Sun 04:30"}
    assert names == (wanted if lost else set()), "two o'clock is not there that night; the week after nobody is"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"weeks": "0"}, "weeks is from 1 to 53"), ({"weeks": "x"}, "weeks is a number"), ({"day": "noday"}, "day is one of"),
        ({"service_level": "100"}, "between 0 and 100 percent"), ({"size": "1"}, "does not take 'size'"),
        ({"target_seconds": "1.5"}, "is a whole number"), ({"weeks": "nan"}, "is a whole number"),
    ],
)  # fmt: skip
def test_staffing_refuses_what_nobody_can_staff_by(cast: Cast, options: dict[str, str], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        run(cast.ada, "staffing", Period(), options)


def test_contacts_without_a_handle_time_tell_nothing(cast: Cast) -> None:
    cast.as_("bob").create("interaction", {"summary": "call", "channel": "phone"})
    cast.clock.advance(60)
    assert staffing(cast.ada, Terms()).withheld == "no contact has a handle time in 4 weeks"


def test_a_plan_is_made_of_live_data_and_a_frozen_version_stays(any_cast: Cast) -> None:
    number, _ = driven(any_cast, lead_time_days=1, upgrade_amount=50, upgrade_cost="1200")
    grown = resource(any_cast, "db-1 disk", lead_time_days=10, upgrade_amount=50, upgrade_cost="1200", currency="EUR")
    fill(any_cast, grown, [(MONDAY - 30 * DAY + i * DAY, 50.0 + i) for i in range(31)])
    any_cast.ada.create("scenario", {"name": "more", "driver": "users", "growth_percent": 100})
    options = [{"option": "move *archives* to tape", "cost": "99.5", "currency": "EUR"}]
    plan = any_cast.ada.create("capacity-plan", {"name": "Plan 2027", "horizon_days": 100, "options": options}).number
    live, document = plan_rules.document_of(any_cast.ada, plan)
    assert live is None
    assert document["summary"] | {"no_forecast": 0} == {
        "resources": 2, "used_up_within_horizon": 1, "used_up_already": 0, "order_overdue": 0, "no_forecast": 0, "critical": 0,
        "warning": 0,
    }  # fmt: skip
    assert document["cost"] == {"totals": {"EUR": "2499.50"}, "without_cost": 0}
    assert document["recommendations"][0].startswith("By 2026-11-12 order 2 upgrades of db-1 disk: 100 GB, 2400.00 EUR")
    any_cast.ada.act(plan, "freeze")
    before = plan_rules.document_of(any_cast.ada, plan)
    any_cast.ada.edit(grown, {"capacity": 1000})
    any_cast.ada.edit(plan, {"horizon_days": 50})
    assert plan_rules.document_of(any_cast.ada, plan) == before
    any_cast.ada.act(plan, "freeze")
    assert [one.version for one in plan_rules.versions(any_cast.ada, plan)] == [1, 2]
    assert all(one.intact for one in plan_rules.versions(any_cast.ada, plan))
    assert plan_rules.document_of(any_cast.ada, plan, 1) == before
    assert plan_rules.document_of(any_cast.ada, plan)[1]["horizon_days"] == 50
    text = plan_printing.markdown(before[1], 1)
    for heading in (
        "Management summary",
        "Business scenarios",
        "Resources and forecasts",
        "Options for more capacity",
        "Cost",
        "Recommendations",
    ):
        assert f"## {heading}\n" in text
    assert r"move \*archives\* to tape" in text
    assert "- 2499.50 EUR for all options" in text
    assert number in json.dumps(before[1])
    with pytest.raises(NotFound, match="has no version 7; there are: 1, 2"):
        plan_rules.document_of(any_cast.ada, plan, 7)
    with pytest.raises((exc.DBAPIError, DeskError), match="append-only"), any_cast.database.write() as connection:
        connection.execute(update(t.capacity_plan_version).values(digest="x"))


@pytest.mark.parametrize(
    ("options", "why"),
    [("{}", "options are a list such as"), ('[{"cost": 1}]', "needs an option"), ('[{"option": "a", "b": 1}]', "has no 'b'"),
     ('[{"option": "a", "cost": "x"}]', "the cost of an option must be an amount")],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(cast: Cast, options: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        cast.ada.create("capacity-plan", {"name": "p", "options": options})


def test_an_empty_desk_prints_a_plan_and_says_that_nothing_is_watched(cast: Cast) -> None:
    plan = cast.ada.create("capacity-plan", {"name": "p"}).number
    text = plan_printing.markdown(plan_rules.document_of(cast.ada, plan)[1], None)
    assert "Resources watched: 0" in text
    assert health(cast.ada).word is Word.QUIET


def test_health_names_what_must_be_done_first(cast: Cast) -> None:
    number = resource(cast, lead_time_days=5, warn=80, critical=90)
    assert health(cast.ada).word is Word.WELL
    fill(cast, number, [(MONDAY - 30 * DAY + i * DAY, 40.0 + i) for i in range(31)])
    run_job(cast, "capacity-forecast")
    told = health(cast.ada)
    assert (told.word, told.figure) == (Word.WATCH, "1 resource, 1 within 30 days")
    cast.ada.edit(number, {"lead_time_days": 60})
    told = health(cast.ada)
    assert told.worst is not None
    assert (told.word, told.worst.why) == (Word.TROUBLE, "order more now")
    fill(cast, number, [(MONDAY + 1, 85.0)])
    run_job(cast, "capacity-watch")
    cast.ada.edit(number, {"lead_time_days": 5})
    assert health(cast.ada).figure == "1 resource, 1 past the warning, 1 within 30 days"
    fill(cast, number, [(MONDAY + 2, 95.0)])
    run_job(cast, "capacity-watch")
    told = health(cast.ada)
    assert told.worst is not None
    assert (told.word, told.worst.number) == (Word.TROUBLE, number)


def test_the_whole_process_by_command_line(shell: Shell) -> None:
    shell.ok("new", "ci", "name=fs-01", "type=server")
    number = shell.ok("new", "resource", "name=disk", "ci=fs-01", "metric=disk", "unit=GB", "capacity=100", "lead_time_days=14")
    for day in range(1, 10):
        shell.ok("new", "sample", f"resource={number}", f"at=2026-10-0{day}", f"value={day * 5}")
    assert shell.read("new", "sample", "resource=disk", "at=2026-10-09", "value=46")["done"] == "corrected"
    assert "value is inf, which is no measurement" in shell.refused("new", "sample", "resource=disk", "value=inf")
    assert shell.read("fields", "sample")["fields"][0]["name"] == "resource"
    assert shell.read("kinds")["facts"][0]["name"] == "sample"
    assert "value" in shell.ok("fields", "sample")
    rows = shell.read("--at", "2026-10-10T00:00:00Z", "report", "capacity")["rows"]
    assert rows[0]["days_left"] == pytest.approx((100 - 50.27) / 5.03, abs=0.2)
    assert len(shell.read("samples", number)["rows"]) == 9
    assert shell.read("samples", number, "--by", "day", "--limit", "1")["rows"][0]["p95"] == 46
    assert shell.ok("samples", number, "--csv", "--limit", "1").splitlines() == ["at,value", "2026-10-09T00:00:00Z,46"]
    assert "count" in shell.ok("samples", number, "--by", "hour")
    assert shell.read("samples", number, "--drop", "--from", "2026-10-09", "--to", "2026-10-10")["dropped"] == 1
    assert "give both" in shell("samples", number, "--drop").err
    assert "forecast" in shell.read("explain", number)
    assert "lead time 14.0 days" in shell.ok("explain", number, "lead-time")
    plan = shell.ok("new", "capacity-plan", "name=Plan")
    assert "no version was frozen yet" in shell.refused("capacity-plan", plan, "--versions")
    shell.ok("do", plan, "freeze")
    assert "version 1, frozen" in shell.ok("capacity-plan", plan)
    assert shell.read("capacity-plan", plan, "--versions")["versions"][0]["intact"] is True
    assert shell.read("capacity-plan", plan, "--live")["version"] is None
    assert "only a capacity plan has versions" in shell.refused("capacity-plan", number)
    assert "samples are of resources" in shell.refused("samples", plan)
    assert shell.read("report", "staffing")["withheld"] == "no contacts were logged in 4 weeks"


def test_the_doctor_sums_hours_up_again_and_reads_frozen_plans(any_cast: Cast) -> None:
    number, _ = driven(any_cast)
    plan = any_cast.ada.create("capacity-plan", {"name": "p"}).number
    any_cast.ada.act(plan, "freeze")

    def codes() -> set[tuple[str, str]]:
        found = examine(any_cast.database, clock=any_cast.clock, registry=any_cast.ada.registry)
        return {(one.code, one.subject) for one in found if one.code in ("sample", "roll-up", "capacity-plan")}

    assert codes() == set()
    with any_cast.database.write() as connection:
        key = any_cast.ada.show(number).id
        connection.execute(update(t.resource_hour).where(t.resource_hour.c.resource_id == key).values(mean=1.0))
        connection.execute(update(t.resource_reading).where(t.resource_reading.c.resource_id == key).values(latest=1.0))
        row = {"plan_id": any_cast.ada.show(plan).id, "version": 2, "at": 1, "actor": "x", "document": {}, "digest": "x"}
        connection.execute(insert(t.capacity_plan_version), row)
    assert codes() == {("sample", number), ("roll-up", number), ("capacity-plan", plan)}
