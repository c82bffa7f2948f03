"""This host measured, where a resource asks for it."""

from __future__ import annotations

import hashlib
import socket
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from data.tables import capacity as t
from deskterm.capacity import local
from deskterm.errors import InvalidInput
from tests.capacity.resources import resource, run
from tests.desks import Cast


def test_nothing_is_measured_unless_it_is_asked_for_and_then_only_here(cast: Cast) -> None:
    resource(cast, "quiet")
    resource(cast, "elsewhere", collect="disk", collect_host="another.example")
    assert run(cast, "capacity-collect") == 0
    here = resource(cast, "root", collect="disk")
    assert cast.ada.show(here).values["collect_host"] == socket.gethostname()
    resource(cast, "free", collect="disk", direction="down")
    resource(cast, "memory", collect="memory", unit="%")
    resource(cast, "cpu", collect="cpu", unit="%")
    resource(cast, "broken", collect="disk", collect_path="/nowhere/at/all")
    resource(cast, "strange", collect="disk", unit="parsec")
    assert run(cast, "capacity-collect") == 4, "what cannot be measured keeps nothing else from it"
    with cast.database.read() as connection:
        values = [row.value for row in connection.execute(select(t.sample).order_by(t.sample.c.resource_id))]
    assert len(values) == 4
    assert all(value > 0 for value in values[:3])
    assert values[2] < 100


def test_the_processors_are_asked_about_the_time_since_they_were_last_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    processors = local.Processors()
    assert 0 <= processors.percent() <= 100
    until = time.process_time() + 0.2
    while time.process_time() < until:
        hashlib.sha256(bytes(100_000)).hexdigest()
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    assert 0 < processors.percent() <= 100, "this process alone was at work"
    assert waited == [], "a second reading waits for nothing"


def test_a_disk_is_told_in_the_unit_of_its_resource(tmp_path: Path) -> None:
    assert 0 < local.memory_percent() < 100
    assert 0 < local.disk_used(str(tmp_path), "%") < 100
    used, kib = local.disk_used(str(tmp_path), "B"), local.disk_used(str(tmp_path), "KiB")
    assert used == pytest.approx(kib * 1024, rel=0.01)
    with pytest.raises(InvalidInput, match="not in 'parsec'"):
        local.disk_used("/", "parsec")
