"""The overview: eleven lines, each by what its process says, or by its kinds where it says nothing; nothing is made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskterm.fields import Field, Text
from deskterm.health import CAP, Word, amount, derived
from deskterm.kinds import PROCESSES, Kind
from deskterm.overview import SystemLine, systems
from deskterm.permissions import Family
from deskterm.service_desk import handover
from deskterm.service_level.health import show
from deskterm.workflow import Action, Phase, State, Workflow
from tests.configuration.scanning import scan
from tests.desks import MONDAY, Cast, cast_on, sqlite_file

HOUR = 3600


def line(cast: Cast, process: str, login: str = "sue") -> SystemLine:
    return next(one for one in systems(cast.as_(login)) if one.process == process)


def test_there_are_eleven_lines_in_the_order_of_their_keys(any_cast: Cast) -> None:
    found = systems(any_cast.as_("sue"))
    assert tuple(one.process for one in found) == PROCESSES
    assert all(one.title and one.health.figure for one in found)


def test_a_quiet_desk_says_so_and_invents_no_percentage(any_cast: Cast) -> None:
    words = {one.process: one.health.word for one in systems(any_cast.as_("sue"))}
    assert words["service_desk"] is Word.QUIET
    assert words["incident"] is Word.WELL
    assert words["service_level"] is Word.QUIET
    assert words["configuration"] is Word.WELL
    assert "%" not in line(any_cast, "service_level").health.figure


def test_a_process_without_kinds_is_not_in_use(cast: Cast) -> None:
    unused = [process for process in PROCESSES if not any(kind.process == process for kind in cast.ada.registry)]
    for process in unused:
        health = line(cast, process).health
        assert (health.word, health.query, health.worst) == (Word.UNUSED, "", None)


PLANNED = Workflow((State("scheduled", Phase.ACTIVE), State("closed", Phase.FINAL)), (Action("close", ("scheduled",), "closed"),))


def test_a_process_that_says_nothing_is_judged_by_its_open_work(cast: Cast) -> None:
    kind = Kind("drill", "DRL", "continuity", Family.WORK, (Field("summary", Text()),), workflow=PLANNED)
    cast.ada.registry.add(kind)
    assert derived(cast.ada, (kind,)).figure == "nothing open"
    number = cast.ada.create("drill", {"summary": "pull the plug"}).number
    health = derived(cast.ada, (kind,))
    assert (health.word, health.figure, health.kinds) == (Word.WATCH, "1 open", ("drill",))
    assert health.worst is not None
    assert health.worst.number == number


def test_unowned_work_is_watched_and_is_trouble_once_it_is_late(any_cast: Cast) -> None:
    cast = any_cast
    number = cast.incident(impact=1, urgency=1)
    health = line(cast, "service_desk").health
    assert (health.word, health.figure) == (Word.WATCH, "1 open, 1 nobody has")
    assert health.worst is not None
    assert (health.worst.number, health.worst.why) == (number, "priority 1, and nobody has it")
    cast.clock.advance(2 * HOUR)
    health = line(cast, "service_desk").health
    assert (health.word, health.query) == (Word.TROUBLE, "state:open unassigned breached priority:1..2")
    cast.ada.act(number, "take")
    assert line(cast, "service_desk").health.word is Word.WELL


def test_what_has_just_come_in_is_nobodys_and_well(cast: Cast) -> None:
    number = cast.incident(impact=3, urgency=3)
    health = line(cast, "service_desk").health
    assert (health.word, health.figure, health.worst) == (Word.WELL, "1 open, 1 nobody has", None)
    cast.ada.edit(number, {"service": None, "ci": None})
    cast.clock.advance(25 * HOUR)
    health = line(cast, "service_desk").health
    assert health.word is not Word.WELL
    assert health.worst is not None
    assert (health.worst.number, health.query.startswith("state:open unassigned")) == (number, True)


def test_a_handover_that_nobody_takes_over_is_trouble(cast: Cast) -> None:
    number = handover.close_shift(cast.as_("bob"), "network", MONDAY - 8 * HOUR, MONDAY, MONDAY + 8 * HOUR).number
    handover.sign(cast.as_("bob"), number)
    assert line(cast, "service_desk").health.word is Word.QUIET
    cast.clock.advance(2 * HOUR)
    health = line(cast, "service_desk").health
    assert health.word is Word.TROUBLE
    assert health.worst is not None
    assert health.worst.number == number


def test_the_worst_incident_is_of_the_worst_sort(any_cast: Cast) -> None:
    cast = any_cast
    cast.incident(summary="small", impact=3, urgency=3)
    assert line(cast, "incident").health.word is Word.WELL
    late = cast.incident(summary="late", impact=1, urgency=1)
    cast.clock.advance(6 * HOUR)
    health = line(cast, "incident").health
    assert (health.word, health.query) == (Word.TROUBLE, "state:open breached priority:1..2")
    assert health.worst is not None
    assert health.worst.number == late
    major = cast.incident(summary="major", impact=2, urgency=2)
    cast.ada.act(major, "declare-major")
    health = line(cast, "incident").health
    assert health.figure == "3 open, 1 major, 2 late, 1 of priority 1"
    assert health.worst is not None
    assert (health.worst.number, health.worst.why) == (major, "major incident")


def test_one_late_incident_of_many_is_watched_until_a_tenth_is(cast: Cast) -> None:
    for _ in range(2):
        cast.incident(impact=3, urgency=2)
    cast.clock.advance(40 * 24 * HOUR)
    for _ in range(18):
        cast.incident(impact=3, urgency=3)
    health = line(cast, "incident").health
    assert (health.word, health.figure) == (Word.WATCH, "20 open, 2 late"), "a tenth is not more than a tenth"
    assert health.worst is not None
    assert health.worst.why == "late"
    cast.ada.act(cast.incident(impact=3, urgency=3), "cancel", {"reason": "spam"})
    done = cast.ada.page(cast.ada.prepare(("incident",), "state:open -breached"), limit=1).rows[0].number
    cast.ada.act(done, "cancel", {"reason": "spam"})
    assert line(cast, "incident").health.word is Word.TROUBLE


def test_every_line_lists_what_it_is_about(any_cast: Cast) -> None:
    cast = any_cast
    cast.incident(impact=1, urgency=1, service="Payroll")
    cast.clock.advance(6 * HOUR)
    sue = cast.as_("sue")
    for one in systems(sue):
        if one.health.query:
            assert sue.page(sue.prepare(one.health.kinds, one.health.query)).rows, one.process


def test_agreements_are_judged_by_what_was_agreed(cast: Cast) -> None:
    for _ in range(9):
        cast.ada.act(cast.incident(), "start")
    cast.incident()
    cast.clock.advance(2 * HOUR)
    health = line(cast, "service_level").health
    assert (health.word, health.figure) == (Word.WELL, "90 % in time today, 90 % in 14 days")
    target = cast.ada.page(cast.ada.prepare(("target",), "metric:response")).rows[0].number
    cast.ada.edit(target, {"objective": "95"})
    assert line(cast, "service_level").health.word is Word.WELL, "half a record cannot be late: one may be"
    cast.incident()
    cast.clock.advance(2 * HOUR)
    health = line(cast, "service_level").health
    assert health.worst is not None
    assert (health.word, health.worst.title, health.worst.why) == (
        Word.WATCH, "Standard", "81.8 % in 14 days, 95 % agreed",
    )  # fmt: skip
    for _ in range(2):
        cast.incident()
    cast.clock.advance(2 * HOUR)
    assert line(cast, "service_level").health.word is Word.TROUBLE, "4 of 13 late are no chance where 1 of 20 may be"
    cast.ada.edit(target, {"objective": "60"})
    assert line(cast, "service_level").health.word is Word.WELL


def test_a_desk_without_agreements_says_what_to_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    with cast_on(sqlite_file(tmp_path_factory.mktemp("bare")), agreements=False) as cast:
        assert line(cast, "service_level").health.figure.startswith("no agreement is in force")


def test_a_scan_that_waits_for_verification_is_counted_and_watched_after_a_day(cast: Cast, tmp_path: Path) -> None:
    number = scan(cast, "osquery", tmp_path / "host.json", {"system_info": [{"hostname": "new-1.example.org"}]}).number
    health = line(cast, "configuration").health
    assert (health.word, health.figure) == (Word.WELL, "2 services, 1 CI, 1 scan to verify")
    cast.clock.advance(24 * HOUR + 1)
    health = line(cast, "configuration").health
    assert (health.word, health.figure, health.kinds) == (Word.WATCH, "2 services, 1 CI, 1 scan to verify", ("discovery",))
    assert health.worst is not None
    assert health.worst.number == number
    cast.incident(service="Payroll", impact=2, urgency=1)
    assert line(cast, "configuration").health.figure == "2 services, 1 CI, 1 scan to verify, 1 service hit"


def test_a_critical_service_that_is_hit_is_watched_and_a_change_nobody_approved_is_trouble(any_cast: Cast) -> None:
    cast = any_cast
    cast.incident(service="Workplace", impact=1, urgency=1)
    cast.incident(service="Payroll", impact=2, urgency=1)
    health = line(cast, "configuration").health
    assert (health.word, health.figure) == (Word.WELL, "2 services, 1 CI, 2 services hit")
    for priority in ((1, 1), (2, 1)):
        cast.incident(service="Payroll", impact=priority[0], urgency=priority[1])
    health = line(cast, "configuration").health
    assert health.worst is not None
    assert (health.word, health.worst.title, health.worst.why) == (Word.WATCH, "Payroll", "1 open incident of priority 1")
    alarm = cast.incident(category="unauthorised change", impact=3, urgency=3)
    health = line(cast, "configuration").health
    assert health.worst is not None
    assert (health.word, health.worst.number) == (Word.TROUBLE, alarm)
    cast.ada.act(alarm, "take")
    assert line(cast, "configuration").health.word is Word.WATCH


def test_an_outage_is_trouble_where_it_takes_a_service_away_and_watched_else(any_cast: Cast) -> None:
    cast = any_cast
    ada = cast.ada
    assert line(cast, "availability").health.word is Word.QUIET
    names = {name: ada.create("ci", {"name": name, "type": "server"}).number for name in ("web-1", "web-2", "lone")}
    payroll = ada.page(ada.prepare(("service",), "name:Payroll"), limit=1).rows[0].number
    for name in ("web-1", "web-2"):
        ada.link(payroll, "depends-on", names[name], group="web", need=1)
    down = ada.create("outage", {"ci": names["web-1"], "started_at": cast.clock.now() - HOUR}).number
    health = line(cast, "availability").health
    assert health.worst is not None
    assert (health.word, health.figure, health.worst.number) == (Word.WATCH, "1 outage runs", down), "the other one carries on"
    planned = ada.create("outage", {"ci": names["web-2"], "started_at": cast.clock.now() - 60, "cause": "planned"}).number
    health = line(cast, "availability").health
    assert (health.word, health.figure) == (Word.WATCH, "1 outage runs, 1 planned"), "what is planned is no surprise"
    ada.edit(planned, {"cause": "unplanned"})
    health = line(cast, "availability").health
    assert health.worst is not None
    assert (health.word, health.figure, health.worst.title) == (Word.TROUBLE, "2 outages run, 1 service down", "Payroll")
    for number in (down, planned):
        ada.act(number, "end")
    limp = ada.create("outage", {"ci": names["lone"], "state": "degraded", "started_at": cast.clock.now() - 60}).number
    health = line(cast, "availability").health
    assert health.worst is not None
    assert (health.word, health.worst.number) == (Word.WATCH, limp)
    ada.act(limp, "end")
    assert (line(cast, "availability").health.word, line(cast, "availability").health.figure) == (Word.WELL, "no outages run")
    cast.incident(service="Payroll", impact=1, urgency=1)
    health = line(cast, "availability").health
    assert health.worst is not None
    assert (health.word, health.figure, health.worst.title) == (Word.TROUBLE, "no outages run, 1 service down", "Payroll")


def test_a_requester_is_told_that_it_is_not_theirs(cast: Cast) -> None:
    words = {one.process: one.health.word for one in systems(cast.as_("maria"))}
    assert words["service_desk"] is words["service_level"] is words["configuration"] is Word.CLOSED


@pytest.mark.parametrize(("count", "says"), [(0, "no cats"), (1, "1 cat"), (1234, "1,234 cats"), (CAP, "10,000+ cats")])
def test_amounts_are_in_words(count: int, says: str) -> None:
    assert amount(count, "cat") == says


@pytest.mark.parametrize(
    ("percent", "says"), [(100.0, "100 %"), (99.99, "99.9 %"), (0.0, "0 %"), (97.5, "97.5 %"), (None, "n/a")]
)
def test_a_percentage_is_never_rounded_up(percent: float | None, says: str) -> None:
    assert show(percent) == says
