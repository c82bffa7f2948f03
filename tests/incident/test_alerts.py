"""Alerts and their incidents: made, counted, resolved, reopened, left to people; in any order, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from data.tables.alert import alert as alert_table
from deskterm import desk_settings
from deskterm.doctor import examine
from deskterm.incident.alerts import Delivery, Status
from tests.desks import MONDAY, Cast
from tests.incident.alerting import DAY, HOUR, alert, incidents, listed, notes, only, remark, story, tell


@pytest.fixture(autouse=True)
def _later(cast: Cast) -> None:
    cast.clock.advance(2 * HOUR)


def test_an_alert_that_fires_becomes_an_incident_of_its_own_instant(any_cast: Cast) -> None:
    any_cast.clock.at = MONDAY + 2 * HOUR
    intake = tell(any_cast.ada, alert("disk", 60, labels={"severity": "critical"}))
    view = only(any_cast)
    assert intake.created == intake.updated == {view.id}
    assert (view.title, view.state, view.values["priority"]) == ("disk is wrong", "new", 1)
    assert (view.values["channel"], view.values["symptom"], view.values["occurred_at"]) == ("monitoring", "disk", MONDAY + 60)
    assert view.created_at == MONDAY + 60
    assert story(view) == [(60, "monitoring", "created", None)]
    assert view.journal[0].recorded_at == MONDAY + 2 * HOUR
    [response, _] = view.clocks
    assert response.due_at == MONDAY + 60 + HOUR
    [line] = listed(any_cast, view)
    assert (line.name, line.status, line.starts_at, line.ends_at) == (
        "disk on disk.example:9100",
        Status.FIRING,
        MONDAY + 60,
        None,
    )
    assert (line.count, line.flaps, line.as_json()["starts_at"]) == (1, 0, "2026-11-02T09:01:00Z")


def test_nobody_touched_it_so_it_resolves_with_its_alert(any_cast: Cast) -> None:
    any_cast.clock.at = MONDAY + 2 * HOUR
    tell(any_cast.ada, alert("disk", 60))
    tell(any_cast.ada, alert("disk", 60, 600))
    view = only(any_cast)
    assert story(view) == [(60, "monitoring", "created", None), (600, "monitoring", "state", "resolved")]
    assert (view.values["resolved_at"], view.extra["done_at"]) == (MONDAY + 600, MONDAY + 600)
    assert (view.values["code"], view.values["resolved_by"]) == ("cleared-by-monitoring", None)
    assert [clock.met_at for clock in view.clocks] == [MONDAY + 600, MONDAY + 600]


def test_what_was_over_in_time_breaches_nothing_however_late_it_is_told(cast: Cast) -> None:
    cast.clock.at = MONDAY + 5 * DAY
    tell(cast.ada, alert("disk", 60), alert("disk", 60, 600))
    view = only(cast)
    assert [clock.state for clock in view.clocks] == ["met", "met"]
    assert not [line for line in view.journal if line.what == "clock"]


def test_the_same_message_again_changes_nothing(any_cast: Cast) -> None:
    any_cast.clock.at = MONDAY + 2 * HOUR
    told = (alert("disk", 60), alert("disk", 60, 600), remark("disk", 90))
    tell(any_cast.ada, *told)
    before = any_cast.ada.position()
    for one in (*told, *reversed(told)):
        assert tell(any_cast.ada, one).updated == set()
    assert any_cast.ada.changes(before).items == ()


def test_a_touched_incident_is_left_to_people_with_a_note(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 60))
    number = only(cast).number
    cast.as_("bob").act(number, "take")
    tell(cast.ada, alert("disk", 60, 600))
    view = only(cast)
    assert view.state == "assigned"
    assert "Every alert is resolved; it stays open, because bob works on it." in notes(view)
    [line] = listed(cast, view)
    assert (line.status, line.ends_at) == (Status.RESOLVED, MONDAY + 600)


def test_looking_and_clocks_are_no_touch(cast: Cast) -> None:
    cast.clock.at = MONDAY + 30 * DAY
    tell(cast.ada, alert("disk", 60))
    assert [line for line in only(cast).journal if line.what == "clock"]
    cast.as_("bob").show(only(cast).number)
    tell(cast.ada, alert("disk", 60, 600))
    assert only(cast).state == "resolved"


def test_it_reopens_when_the_alert_fires_again_soon(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 60, 600), alert("disk", 1200))
    view = only(cast)
    assert story(view) == [
        (60, "monitoring", "created", None),
        (600, "monitoring", "state", "resolved"),
        (1200, "monitoring", "state", "in-progress"),
    ]
    [line] = listed(cast, view)
    assert (line.count, line.flaps, line.starts_at, line.status) == (2, 1, MONDAY + 1200, Status.FIRING)
    tell(cast.ada, alert("disk", 1200, 1800))
    assert story(only(cast))[-1] == (1800, "monitoring", "state", "resolved")
    assert only(cast).values["reopens"] == 1


def test_later_than_the_policy_says_it_is_another_incident_linked_to_the_first(cast: Cast) -> None:
    cast.clock.at = MONDAY + 3 * DAY
    tell(cast.ada, alert("disk", 60, 600))
    first = only(cast)
    tell(cast.ada, alert("disk", 601 + DAY))
    _, second = (cast.ada.show(row.number) for row in incidents(cast))
    assert [(link.relation, link.inverse, link.number) for link in second.links] == [("recurrence-of", False, first.number)]
    assert cast.ada.show(first.number).state == "resolved"
    assert [line.count for view in (first, second) for line in listed(cast, view)] == [1, 1]


def test_a_closed_incident_stays_closed(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 60, 600))
    cast.ada.act(only(cast).number, "close")
    tell(cast.ada, alert("disk", 1200))
    assert [row.state for row in incidents(cast)] == ["closed", "new"]
    tell(cast.ada, alert("disk", 300, 500))  # of the past of the closed one, told late
    assert [row.state for row in incidents(cast)] == ["closed", "new"]


def test_what_a_person_resolved_reopens_only_for_a_new_beginning(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 60))
    number = only(cast).number
    cast.as_("bob").act(number, "resolve", {"code": "solved", "solution": "emptied it"})
    tell(cast.ada, alert("disk", 60))
    assert only(cast).state == "resolved"
    cast.clock.advance(HOUR)
    tell(cast.ada, alert("disk", 2 * HOUR + 600))
    view = only(cast)
    assert (view.state, view.values["solution"]) == ("in-progress", "emptied it")
    tell(cast.ada, alert("disk", 2 * HOUR + 600, 2 * HOUR + 900))
    assert only(cast).state == "in-progress"


def test_resolved_before_it_fired_comes_to_the_same(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 60, 600))
    tell(cast.ada, alert("disk", 60))
    view = only(cast)
    assert story(view) == [(60, "monitoring", "created", None), (600, "monitoring", "state", "resolved")]
    [line] = listed(cast, view)
    assert (line.count, line.status) == (1, Status.RESOLVED)


def test_an_end_that_comes_before_its_beginning_waits_for_it(cast: Cast) -> None:
    assert tell(cast.ada, alert("disk", None, 600)).loose == 1
    assert incidents(cast) == ()
    tell(cast.ada, alert("disk", 60))
    assert story(only(cast)) == [(60, "monitoring", "created", None), (600, "monitoring", "state", "resolved")]


def test_a_beginning_that_is_told_late_moves_the_incident_back(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 600))
    tell(cast.ada, alert("disk", 60))
    view = only(cast)
    assert (view.values["occurred_at"], view.state) == (MONDAY + 60, "new")
    assert view.clocks[0].due_at == MONDAY + 60 + HOUR


def test_a_gap_that_is_told_late_is_no_time_of_trouble(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 60), alert("disk", 1200))
    assert only(cast).state == "new"
    tell(cast.ada, alert("disk", 60, 600))
    assert story(only(cast))[1:] == [(600, "monitoring", "state", "resolved"), (1200, "monitoring", "state", "in-progress")]


def test_trouble_that_lasted_longer_than_was_known(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 60, 600), alert("disk", 60, 900))
    view = only(cast)
    assert (view.state, view.values["resolved_at"]) == ("resolved", MONDAY + 900)
    [line] = listed(cast, view)
    assert (line.count, line.flaps, line.ends_at) == (1, 0, MONDAY + 900)


def test_a_clock_that_is_ahead_takes_nobody_into_the_future(cast: Cast) -> None:
    tell(cast.ada, alert("disk", 5 * HOUR))
    view = only(cast)
    assert view.values["occurred_at"] == cast.clock.now()
    tell(cast.ada, alert("disk", 5 * HOUR, 6 * HOUR))
    assert (only(cast).state, only(cast).values["resolved_at"]) == ("resolved", cast.clock.now())


# Groups


def test_a_group_is_one_incident_and_as_bad_as_its_worst_alert(cast: Cast) -> None:
    alerts = (alert("a", 120, labels={"severity": "warning"}), alert("b", 60, labels={"severity": "critical"}))
    tell(cast.ada, Delivery("alertmanager", alerts, group_key="g", title="Core links", left_out=2))
    view = only(cast)
    assert (view.title, view.values["priority"], view.values["occurred_at"]) == ("Core links", 1, MONDAY + 60)
    assert "b is wrong" in view.values["description"]
    assert [line.name for line in listed(cast, view)] == ["a on a.example:9100", "b on b.example:9100"]
    assert any("left out 2" in note for note in notes(view))
    tell(cast.ada, alert("b", 60, 600), group="g")
    assert only(cast).state == "new"
    tell(cast.ada, alert("c", 300), group="g")
    tell(cast.ada, alert("a", 120, 700), alert("c", 300, 900), group="g")
    view = only(cast)
    assert (view.state, view.values["resolved_at"]) == ("resolved", MONDAY + 900)
    assert [note.partition(",")[0] for note in notes(view)][-2:] == ["resolved: a is wrong", "resolved: c is wrong"]


def test_a_worse_alert_makes_the_incident_worse_unless_somebody_said_how_bad_it_is(cast: Cast) -> None:
    tell(cast.ada, alert("a", 60, labels={"severity": "info"}), group="g")
    assert only(cast).values["priority"] == 5
    tell(cast.ada, alert("b", 90, labels={"severity": "critical"}), group="g")
    assert only(cast).values["priority"] == 1
    cast.as_("bob").edit(only(cast).number, {"impact": 2, "urgency": 3})
    tell(cast.ada, alert("c", 95, labels={"severity": "critical"}), group="g")
    assert only(cast).values["priority"] == 4


def test_alerts_of_no_group_are_incidents_of_their_own(cast: Cast) -> None:
    tell(cast.ada, Delivery("alertmanager", (alert("a", 60), alert("b", 60))))
    assert len(incidents(cast)) == 2


def test_an_alert_of_two_groups_stays_where_it_is(cast: Cast) -> None:
    tell(cast.ada, alert("a", 60), group="one")
    tell(cast.ada, alert("a", 60), alert("a", 90), group="two")
    assert len(incidents(cast)) == 1


def test_merged_incidents_go_on_as_one_and_apart_again(cast: Cast) -> None:
    tell(cast.ada, alert("a", 60), alert("b", 60))
    first, second = (row.number for row in incidents(cast))
    cast.as_("bob").act(first, "merge", {"into": second})
    assert {line.name[0] for line in listed(cast, cast.ada.show(second))} == {"a", "b"}
    tell(cast.ada, alert("a", 60, 600))
    assert "Every alert is resolved" not in " ".join(notes(cast.ada.show(second)))
    tell(cast.ada, alert("b", 60, 900))
    assert "Every alert is resolved" in " ".join(notes(cast.ada.show(second)))
    tell(cast.ada, alert("a", 1200))
    assert [row.state for row in incidents(cast)] == ["cancelled", "new"]


def test_remarks_are_noted_on_the_incident_there_is(cast: Cast) -> None:
    assert tell(cast.ada, remark("a", 30)).loose == 1
    assert incidents(cast) == ()
    tell(cast.ada, alert("a", 60), remark("a", 90, "Acknowledged by eve: \x1b[31mred"))
    view = only(cast)
    assert notes(view) == ["Acknowledged by eve: \x1b[31mred (2026-11-02T09:01:30Z)"]
    assert (view.state, [line.at for line in view.journal if line.what == "note"]) == ("new", [MONDAY + 90])
    tell(cast.ada, alert("a", 60, 600))
    assert only(cast).state == "resolved"


def test_undone_intake_is_not_told_again(cast: Cast) -> None:
    tell(cast.ada, alert("a", 60))
    cast.ada.undo()
    assert only(cast).state == "cancelled"
    tell(cast.ada, alert("a", 60))
    assert only(cast).state == "cancelled"


def test_settings_are_policy(cast: Cast) -> None:
    with cast.database.write() as connection:
        desk_settings.save(connection, "alert_reopen_seconds", 60)
        desk_settings.save(connection, "alert_severity_labels", ["serverity"])
        desk_settings.save(connection, "alert_severities", [["warning", 1, 2]])
    tell(cast.ada, alert("a", 0, 100, labels={"serverity": "Warning"}), alert("a", 161))
    first, second = (cast.ada.show(row.number) for row in incidents(cast))
    assert (first.values["impact"], first.values["urgency"], second.values["impact"]) == (1, 2, 3)


def test_the_doctor_finds_figures_that_do_not_follow_from_what_was_told(any_cast: Cast) -> None:
    any_cast.clock.at = MONDAY + 2 * HOUR
    tell(any_cast.ada, alert("a", 60, 600), alert("a", 900), alert("b", None, 30), remark("c", 5))
    assert examine(any_cast.database, clock=any_cast.clock) == []
    with any_cast.database.write() as connection:
        connection.execute(update(alert_table).where(alert_table.c.status == "firing").values(status="resolved", count=7))
    [finding] = examine(any_cast.database, clock=any_cast.clock)
    assert (finding.code, finding.subject) == ("alert", only(any_cast).number)
    assert "count, status do not follow" in finding.message
