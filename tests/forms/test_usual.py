"""A form offers what the desk itself knows: the types of its own tree of CI types."""

from __future__ import annotations

from deskterm.forms.derive import fields_for
from deskterm.forms.usual import with_usual
from tests.desks import Cast


def test_own_types_are_offered_and_retired_ones_are_not(any_cast: Cast) -> None:
    desk = any_cast.ada
    desk.create("ci-type", {"name": "Coffee machine", "parent": "hardware"})
    desk.act(next(row.number for row in desk.page(desk.prepare(["ci-type"], "name:phone")).rows), "retire")
    kind = desk.registry.kind("ci")
    found = {item.name: item for item in with_usual(desk, kind, fields_for(kind))}
    words = [option.value for option in found["type"].options]
    assert "Coffee machine" in words
    assert "server" in words
    assert "phone" not in words
    assert [option.value for option in found["criticality"].options] == ["low", "medium", "high", "critical"]
