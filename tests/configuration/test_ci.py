"""A CI's life, its type and attributes, and the spelling of what machines are told apart by."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.configuration.workflow import CI_WORKFLOW, STATUSES, step_to
from deskterm.doctor import examine
from deskterm.errors import DeskError, InvalidInput, WorkflowRefused
from deskterm.fields import Currency, Fqdn, Mac, Money, Uuid
from tests.configuration.estates import ci
from tests.desks import Cast, cast_on


@pytest.mark.parametrize(
    ("shape", "raw", "stored"),
    [
        (Mac(), "00-1A-2B-3C-4D-5E", "00:1a:2b:3c:4d:5e"), (Mac(), "001a.2b3c.4d5e", "00:1a:2b:3c:4d:5e"),
        (Uuid(), "{4C4C4544-0031-3510-8052-B4C04F4D3532}", "4c4c4544-0031-3510-8052-b4c04f4d3532"),
        (Uuid(), "4c4c454400313510 8052b4c04f4d3532", None), (Mac(), "00:1a:2b", None), (Mac(), "00:1a:2b:3c:4d:5g", None),
        (Fqdn(), "DB-1.Example.ORG.", "db-1.example.org"), (Fqdn(), "bücher.example", "xn--bcher-kva.example"),
        (Fqdn(), "a b", None), (Fqdn(), "-a.example", None), (Fqdn(), "a..b", None), (Fqdn(), "x\x00y", None),
        (Money(), "1234.5", 123450), (Money(), -0.05, -5), (Money(), "0.005", None), (Money(), "NaN", None),
        (Money(), "1e30", None), (Currency(), "eur", "EUR"), (Currency(), "€", None),
        (Money(), "1_000", None), (Money(), True, None), (Money(), "12,50", None),
    ],
)  # fmt: skip
def test_one_spelling_or_a_refusal(shape: Any, raw: object, stored: object) -> None:
    if stored is None:
        with pytest.raises(ValueError, match=r"must|NUL"):
            shape.parse(raw)
    else:
        assert shape.parse(raw) == stored
        assert shape.parse(shape.export(stored, {})) == stored


@given(st.integers(-(10**15), 10**15))
def test_money_reads_back_to_the_cent(cents: int) -> None:
    assert Money().parse(Money().show(cents, {})) == cents


def test_money_is_queried_exactly(any_cast: Cast) -> None:
    for name, cost in (("a", "99.99"), ("b", "100"), ("c", "100.01"), ("d", None)):
        ci(any_cast, name, cost=cost)
    desk = any_cast.ada

    def found(query: str) -> list[str]:
        return [row.title for row in desk.page(desk.prepare(["ci"], query, "name")).rows]

    assert found("cost:>100") == ["c"]
    assert found("cost:99.99..100.00") == ["a", "b"]
    assert desk.show("CI-00002").values["currency"] == "EUR"
    with pytest.raises(DeskError, match="no amount"):
        found("cost:0.001")


def test_setting_the_status_is_taking_the_action_that_leads_there(any_cast: Cast) -> None:
    number = ci(any_cast, "new", status="ordered")
    with pytest.raises(WorkflowRefused, match="cannot become in-repair; it can become received"):
        any_cast.ada.edit(number, {"status": "in-repair"})
    any_cast.ada.edit(number, {"status": "received", "serial": "SN-1"})
    any_cast.ada.act(number, "deploy", {"location": "Rack 4"})
    view = any_cast.ada.show(number)
    assert (view.state, view.values["status"], view.values["in_service_at"]) == ("live", "live", any_cast.clock.now())
    moves = [(line.old, line.new, line.text) for line in view.journal if line.what == "state"]
    assert moves == [("ordered", "received", "receive"), ("received", "live", "deploy")]
    any_cast.ada.undo()
    assert any_cast.ada.show(number).values["status"] == "received"
    assert examine(any_cast.database, clock=any_cast.clock) == []


def test_what_retires_lets_go_of_everything_and_undo_puts_it_back(any_cast: Cast) -> None:
    one, other = ci(any_cast, "one", service="Payroll"), ci(any_cast, "other")
    any_cast.ada.link(other, "depends-on", one)
    any_cast.ada.edit(one, {"status": "retired"})
    assert any_cast.ada.show(other).links[0].valid_until == any_cast.clock.now()
    assert [line.what for line in any_cast.ada.show(other).journal][-1] == "unlink"
    any_cast.ada.undo()
    assert any_cast.ada.show(one).state == "live"
    assert any_cast.ada.show(other).links[0].valid_until is None


MACHINE = {
    "cups": {"type": "whole", "required": True, "low": 1, "high": 12}, "kind": {"choices": ["drip", "portafilter"]},
    "pressure": {"type": "number", "unit": "bar"}, "descaled_at": {"type": "instant"}, "tags": {"type": "list"},
    "shared": {"type": "flag"},
}  # fmt: skip


def test_attributes_are_held_to_what_the_type_declares(any_cast: Cast) -> None:
    any_cast.ada.create("ci-type", {"name": "Coffee machine", "parent": "hardware", "attributes": MACHINE})
    with pytest.raises(InvalidInput) as refused:
        ci(any_cast, "bad", type="coffee machine", attributes={"cups": "many", "kind": "turkish", "colour": "red"})
    assert set(refused.value.fields) == {"attributes", "attributes.cups", "attributes.kind", "attributes.colour"}
    assert "is no attribute of this type" in refused.value.fields["attributes.colour"]
    with pytest.raises(InvalidInput, match="cups is required"):
        ci(any_cast, "bare", type="Coffee machine")
    given_ = {"cups": "4", "kind": "Drip", "pressure": 9.5, "descaled_at": "2026-11-01", "shared": "yes", "warranty_number": "W1"}
    number = ci(any_cast, "good", type="COFFEE MACHINE", attributes=given_)
    values = any_cast.ada.show(number).values
    assert values["type"] == "Coffee machine"
    assert values["attributes"] == {
        "cups": 4, "kind": "drip", "pressure": 9.5, "descaled_at": 1793491200, "shared": True, "warranty_number": "W1",
    }  # fmt: skip
    any_cast.ada.create("ci", {"name": "free", "type": "server", "attributes": {"anything": ["goes", 1]}})
    for hostile in ({"x": "a\x00b"}, {"a\x00": 1}, {"x": "\ud800"}, {"big": "x" * 30_000}, [1, 2]):
        with pytest.raises(InvalidInput, match=r"attributes"):
            ci(any_cast, "hostile", attributes=hostile)
    assert any_cast.ada.count(any_cast.ada.prepare(["ci"], "name:hostile")) == 0


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ([], "must be an object"), ({"Bad Name": {}}, "small letters"), ({"x": {"type": "colour"}}, "x.type"),
        ({"x": {"low": 1}}, "for whole and number only"), ({"x": {"type": "whole", "low": 2, "high": 1}}, "low is above high"),
        ({"x": {"type": "flag", "choices": ["a"]}}, "for text and list only"), ({"x": {"colour": 1}}, "x.colour"),
        ({f"a{n}": {} for n in range(61)}, "at most 60"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_refused_by_name(cast: Cast, declared: object, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        cast.ada.create("ci-type", {"name": "x", "attributes": declared})


def test_the_tree_of_types_stays_a_tree_and_what_is_used_stays(any_cast: Cast) -> None:
    ada = any_cast.ada
    numbers = {row.title: row.number for row in ada.page(ada.prepare(["ci-type"], "*"), limit=100).rows}
    assert len(numbers) == 24
    with pytest.raises(InvalidInput, match="hardware < server < computer < hardware"):
        ada.edit(numbers["hardware"], {"parent": "server"})
    with pytest.raises(InvalidInput, match="did you mean server"):
        ci(any_cast, "x", type="sever")
    with pytest.raises(WorkflowRefused, match="stands below it"):
        ada.act(numbers["computer"], "retire")
    with pytest.raises(WorkflowRefused, match="cannot retire: 1 CIs such as CI-00001"):
        ada.act(numbers["network-device"], "retire")
    with pytest.raises(WorkflowRefused, match="keeps its name"):
        ada.edit(numbers["network-device"], {"name": "box"})
    ada.act(numbers["phone"], "retire")
    with pytest.raises(InvalidInput, match="the type phone is retired"):
        ci(any_cast, "x", type="phone")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*STATUSES, *(action.name for action in CI_WORKFLOW.actions)]), max_size=8))
def test_no_ci_leaves_the_table_of_states(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    with cast_on(str(tmp_path_factory.mktemp("life") / "desk.db"), agreements=False) as cast:
        number, state, moves = ci(cast, "it"), "live", 0
        for step in steps:
            by_field = step in STATUSES
            legal = step_to(step, state) if by_field else CI_WORKFLOW.action(step)
            take = partial(cast.ada.edit, number, {"status": step}) if by_field else partial(cast.ada.act, number, step)
            if legal is not None and state in legal.sources:
                take()
                moves, state = moves + 1, legal.target or state
            elif step == state:
                take()
            else:
                with pytest.raises(WorkflowRefused, match=state):
                    take()
            view = cast.ada.show(number)
            assert view.state == view.values["status"] == state
        assert [line.what for line in cast.ada.show(number).journal].count("state") == moves
