"""The risk of a change: the sum, the history behind it, what it hits; worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.change.risk import QUESTIONS
from deskterm.change.risk_score import Hit, Past, risk_of
from deskterm.explanations import explain
from tests.change.changing import RFC, implementing, rfc
from tests.desks import Cast

BEST = {question.name: min(question.points, key=lambda one: one[1])[0] for question in QUESTIONS}
WORST = {question.name: max(question.points, key=lambda one: one[1])[0] for question in QUESTIONS}


@pytest.mark.parametrize(
    ("answers", "past", "hit", "points", "level"),
    [
        (BEST, (), Hit(), (0, 0, 0, 0), "low"),
        (WORST, (Past("server", 0, 0),), Hit(("Payroll",), (), "critical", "Payroll"), (50, 13, 15, 10), "very-high"),
        ({}, (Past("server", 8, 0),), Hit((), ("Payroll",), "high", "Payroll"), (50, 3, 10, 4), "high"),
        (BEST, (Past("server", 98, 49), Past("router", 2, 0)), Hit(), (0, 13, 0, 0), "low"),
        ({**BEST, "lift": 5}, (), Hit(), (5, 0, 0, 0), "low"),
    ],
)
def test_the_sum(answers: dict[str, str | int], past: tuple[Past, ...], hit: Hit, points: tuple[int, ...], level: str) -> None:
    found = risk_of(answers, past, hit)
    assert (tuple(part.points for part in found.parts), found.points, found.level) == (points, sum(points), level)


def test_the_back_out_plan_counts_and_the_arithmetic_is_said() -> None:
    tried, untried = (risk_of({**BEST, "backout_tested": word}, (), Hit()) for word in ("yes", "no"))
    assert untried.points - tried.points == 10
    assert untried.parts[0].why.startswith("50 · 10/50: complexity low 0,")
    why = risk_of(BEST, (Past("router", 6, 1),), Hit()).parts[1].why
    assert why == "25 · (1+1)/(6+2) = 25 · 0.25: 1 of 6 such changes on router caused an incident"


@given(st.integers(0, 300), st.integers(0, 300))
def test_laplace_keeps_the_probability_open_and_lets_each_success_lower_it(changes: int, caused: int) -> None:
    caused = min(caused, changes)
    chance = Past("x", changes, caused).probability
    assert 0 < chance < 1
    assert Past("x", changes + 1, caused).probability < chance < Past("x", changes + 1, caused + 1).probability
    assert Past("x", 0, 0).probability == Fraction(1, 2)


def test_history_and_what_is_hit_come_from_the_desk(any_cast: Cast) -> None:
    ada = any_cast.ada
    first = rfc(ada)
    assert ada.show(first).values["risk_basis"][1][:2] == ["history", 13], "25 · 1/2 without any history"
    for codes in (("successful", False), ("successful", True)):
        number = implementing(any_cast)
        any_cast.as_("bob").act(number, "complete", {"code": codes[0]})
        any_cast.as_("bob").act(number, "close")
        if codes[1]:
            any_cast.incident(caused_by=number)
    number = rfc(ada)
    values = ada.show(number).values
    assert values["risk_basis"][1][3].startswith("25 · (1+1)/(2+2)")
    assert values["risk_basis"][2][:2] == ["criticality", 5], "the gateway is part of Workplace, of medium criticality"
    assert values["risk_basis"][3][3] == "without a spare, Workplace would break"
    explained = explain(ada, number, "risk").data["risk"]
    assert explained["risk"] == values["risk"] == sum(part["points"] for part in explained["parts"])
    ada.edit(number, {"disruption": "none"})
    assert ada.show(number).values["risk"] == values["risk"] - 15


def test_a_spare_lowers_the_risk(cast: Cast) -> None:
    ada = cast.ada
    ada.create("ci", {"name": "db-1", "type": "database"})
    ada.create("ci", {"name": "db-2", "type": "database"})
    for name in ("CI-00002", "CI-00003"):
        ada.link(name, "part-of", "SVC-00002", group="databases", need=1)
    values = ada.show(rfc(ada, cis=["db-1"], risk_answers=RFC["risk_answers"])).values
    assert values["risk_basis"][3][1:] == [4, 10, "a spare takes over; Payroll could be degraded"]
    assert values["risk_basis"][2][3] == "Payroll is of critical criticality"
    assert {part[0] for part in values["risk_basis"]} == {"answers", "history", "criticality", "redundancy"}
