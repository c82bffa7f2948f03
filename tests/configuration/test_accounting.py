"""Status accounting and baselines: any CI at any instant, frozen pictures, and what differs between two."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, exc, func, insert, select, update

from data.engine import Database
from data.errors import DeskError
from data.tables import configuration as tables
from deskterm.backup import backup, restore
from deskterm.configuration import baselines
from deskterm.configuration.past import view_at
from deskterm.doctor import examine
from deskterm.errors import BadQuery, InvalidInput, NotAllowed, NotFound, WorkflowRefused
from tests import postgres
from tests.configuration.estates import ci, payroll
from tests.desks import MONDAY, Cast

HOUR = 3600
DAY = 24 * HOUR


def told(cast: Cast, old: str, new: str = "now", number: str | None = None) -> list[tuple[str, str, str, object, object]]:
    """Return what differs: name, change, field, old, new."""
    desk = cast.ada
    found = baselines.compare(desk, baselines.side(desk, old), baselines.side(desk, new), number=number)
    return [(one.title, one.change, one.field, one.old, one.new) for one in found]


def test_every_past_instant_of_a_ci_can_be_read(any_cast: Cast) -> None:
    number = ci(any_cast, "db-1", location="Rack 4", service="Payroll", status="in-stock", cost="1200.50")
    other = ci(any_cast, "rack")
    for hours, values in ((1, {"status": "live"}), (2, {"location": "Rack 5", "name": "db-one"}), (3, {"service": None})):
        any_cast.clock.at = MONDAY + hours * HOUR
        any_cast.ada.edit(number, values)
    any_cast.ada.link(number, "runs-on", other)
    any_cast.clock.at = MONDAY + 4 * HOUR
    any_cast.ada.act(number, "retire")
    seen = [view_at(any_cast.ada, number, MONDAY + hours * HOUR) for hours in range(5)]
    assert [view.state for view in seen] == ["in-stock", "live", "live", "live", "retired"]
    assert [view.values["status"] for view in seen] == [view.state for view in seen]
    assert [view.title for view in seen] == ["db-1", "db-1", "db-one", "db-one", "db-one"]
    assert [view.values["location"] for view in seen] == ["Rack 4", "Rack 4", "Rack 5", "Rack 5", "Rack 5"]
    assert [view.values["service"] is not None for view in seen] == [True, True, True, False, False]
    assert [len(view.links) for view in seen] == [0, 0, 0, 1, 0]
    assert seen[0].values["cost"] == 120050
    assert [view.version for view in seen] == sorted({view.version for view in seen})
    with pytest.raises(NotFound, match="was not there yet"):
        view_at(any_cast.ada, number, MONDAY - 1)


def test_what_is_told_later_of_an_earlier_instant_counts(any_cast: Cast) -> None:
    number = ci(any_cast, "db-1", location="here")
    any_cast.clock.at = MONDAY + DAY
    any_cast.ada.edit(number, {"location": "there"})
    any_cast.clock.at = MONDAY + 2 * DAY
    late = any_cast.as_("ada")
    late.at = MONDAY + HOUR
    late.edit(number, {"serial": "SN-1"})
    assert view_at(any_cast.ada, number, MONDAY + 2 * HOUR).values["serial"] == "SN-1"
    assert view_at(any_cast.ada, number, MONDAY).values.get("serial") is None


def test_a_baseline_says_what_changed_since(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    taken = any_cast.ada.create("baseline", {"name": "Go-live", "reason": "Release 4"}).number
    assert told(any_cast, taken) == []
    any_cast.clock.at = MONDAY + DAY
    any_cast.ada.edit(numbers["db-pay"], {"attributes": {"os": "Debian 13"}, "installed_version": "15.2"})
    any_cast.ada.edit(numbers["node-3"], {"status": "in-repair"})
    any_cast.ada.unlink(numbers["report"], "uses", numbers["db-pay"])
    fresh = ci(any_cast, "node-4")
    any_cast.ada.link(numbers["cluster"], "depends-on", fresh, group="nodes", need=2)
    expected = [
        ("cluster", "relation", "depends-on", None, f"{fresh} (2 of nodes)"),
        ("node-3", "field", "status", "live", "in-repair"),
        ("db-pay", "field", "attributes.os", None, "Debian 13"),
        ("db-pay", "field", "installed_version", None, "15.2"),
        ("db-pay", "relation", "← uses", numbers["report"], None),
        ("report", "relation", "uses", numbers["db-pay"], None),
        ("node-4", "added", "", None, "node-4"),
    ]
    assert told(any_cast, "Go-live") == expected
    assert told(any_cast, "2026-11-02T09:00:00Z") == expected
    assert told(any_cast, "now", taken)[-1] == ("node-4", "removed", "", "node-4", None)
    assert told(any_cast, taken, number=numbers["node-3"]) == [expected[1]]
    second = any_cast.ada.create("baseline", {"name": "After"}).number
    assert told(any_cast, taken, second) == expected
    assert told(any_cast, second) == []
    assert [(one.number, one.items) for one in baselines.known(any_cast.ada)] == [(second, 9), (taken, 8)]


def test_a_baseline_of_a_part_says_nothing_of_the_rest(any_cast: Cast) -> None:
    payroll(any_cast)
    any_cast.ada.create("baseline", {"name": "Racks", "scope": "name:rack"})
    any_cast.ada.edit("CI-00002", {"location": "Elsewhere"})
    assert told(any_cast, "Racks") == []
    any_cast.ada.edit("CI-00007", {"location": "Elsewhere"})
    assert told(any_cast, "Racks") == [("rack", "field", "location", None, "Elsewhere")]


def test_a_baseline_is_never_changed_not_even_by_sql(any_cast: Cast) -> None:
    payroll(any_cast)
    number = any_cast.ada.create("baseline", {"name": "Frozen"}).number
    with pytest.raises(WorkflowRefused, match="is frozen since it was taken"):
        any_cast.ada.edit(number, {"name": "Thawed"})
    any_cast.ada.act(number, "retire")
    any_cast.ada.act(number, "restore")
    row = {"baseline_id": any_cast.ada.show(number).id, "ci_id": 1, "number": "X", "title": "", "state": "", "facts": {}}
    statements = [insert(tables.baseline_item).values(**row, relations=[])]
    for table in (tables.baseline, tables.baseline_item, tables.baseline_seal):
        key = next(iter(table.primary_key))
        statements += [update(table).values({key.name: key}), delete(table)]  # type: ignore[list-item]
    for statement in statements:
        with pytest.raises((exc.DBAPIError, DeskError), match=r"append-only|frozen"), any_cast.database.write() as connection:
            connection.execute(statement)
    assert examine(any_cast.database, clock=any_cast.clock) == []


def test_baselines_of_nothing_and_of_nonsense_are_refused(any_cast: Cast) -> None:
    for values, error, said in (
        ({"name": "a", "scope": "name:nobody"}, InvalidInput, "finds no CI"),
        ({"name": "b", "scope": "colour:red"}, BadQuery, "colour"),
        ({"name": "c\x00"}, InvalidInput, "NUL"),
    ):
        with pytest.raises(error, match=said):
            any_cast.ada.create("baseline", values)
    for side, said in (("next year", "neither now"), ("2030-01-01", "not happened"), ("BL-00099", "neither now")):
        with pytest.raises(InvalidInput, match=said):
            baselines.side(any_cast.ada, side)
    requester = any_cast.as_("maria")
    today = baselines.side(requester, "now")
    with pytest.raises(NotAllowed):
        baselines.compare(requester, today, today)
    assert any_cast.ada.count(any_cast.ada.prepare(["baseline"], "*")) == 0


def test_the_doctor_finds_what_was_done_to_a_baseline_and_to_memberships(cast: Cast) -> None:
    number = ci(cast, "db-1", service="Payroll")
    cast.ada.create("baseline", {"name": "Frozen"})
    with cast.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER baseline_item_no_update")
        connection.execute(update(tables.baseline_item).values(title="forged"))
        connection.exec_driver_sql("UPDATE link SET valid_until = 1 WHERE relation = 'belongs-to'")
    found = {(one.code, one.subject) for one in examine(cast.database, clock=cast.clock)}
    assert {("guard", "baseline_item"), ("baseline", "BL-00001"), ("membership", number)} <= found


def test_a_baseline_travels_with_a_backup(any_cast: Cast, tmp_path: Path, postgres_server: postgres.Server) -> None:
    payroll(any_cast)
    any_cast.ada.create("baseline", {"name": "Frozen"})
    copy = tmp_path / "copy.desk"
    backup(any_cast.database, copy, registry=any_cast.ada.registry)
    with postgres_server.database() as elsewhere:
        for place in (str(tmp_path / "again.db"), elsewhere):
            assert not restore(copy, place, registry=any_cast.ada.registry).findings
            again = Database(place)
            with again.read() as connection:
                assert connection.execute(select(func.count()).select_from(tables.baseline_item)).scalar() == 8
            again.close()
