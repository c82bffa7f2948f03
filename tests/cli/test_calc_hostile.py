"""`deskterm calc` under fire: each function's own question with one thing wrong, from a hostile hand."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from itertools import product
from typing import Any, Never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.cli.calc import functions, run
from tests.cli.asking import ask, office

DAY = {"from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z"}
DOWN = [["2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z"]]
OFFICE = office("08:00", "18:00", "Europe/Berlin") | {"holidays": ["2026-11-26"], "days": {"2026-11-27": [["08:00", "12:00"]]}}
QUESTIONS: dict[str, dict[str, Any]] = {
    "elapsed": {**DAY, "calendar": OFFICE, "pauses": DOWN},
    "due": {
        "from": DAY["from"], "calendar": OFFICE, "amount_seconds": 14_400, "unit": "business-hours", "pauses": DOWN,
        "warn_before_seconds": 60,
    },
    "burn": {"objective": 0.999, "period_seconds": 2_592_000, "bad_seconds": 3000, "elapsed_seconds": 86_400},
    "availability": {**DAY, "service_hours": OFFICE, "down": DOWN, "planned": DOWN, "unknown": DOWN},
    "service": {
        **DAY, "needs": {"k": 1, "of": ["a", {"all": ["a", "b"]}]}, "parts": {"a": DOWN, "b": DOWN}, "service_hours": OFFICE,
    },
    "fault-tree": {"top": {"and": ["a", {"or": ["b", {"k": 1, "of": ["a", "c"]}]}]}, "events": {"a": 0.1, "b": 0.2, "c": 0.3}},
    "forecast": {
        "samples": [[0, 1], [86_400, 2], [172_800, 3.5]], "method": "theil-sen", "at": 200_000, "threshold": 10, "now": 172_800,
    },
    "erlang-c": {"calls": 120, "interval_seconds": 3600, "handle_seconds": 180, "agents": 8, "target_seconds": 20},
    "allocate": {
        "costs": {"it": 100, "hr": 50, "shop": 10}, "shares": {"it": {"hr": 0.2, "shop": 0.8}, "hr": {"shop": 1}},
        "method": "step-down", "order": ["it", "hr"],
    },
    "split": {"amount": 100, "weights": [1, 1, 1]},
    "depreciation": {
        "cost": 1000, "salvage": 100, "years": 3, "in_service": "2026-04-01", "year_end": "12-31", "method": "declining-balance",
        "rate": 0.5,
    },
    "investment": {"flows": [-100, 60, 60], "rate": 0.1},
    "recovery": {"steps": {"a": {"minutes": 10}, "b": {"minutes": 5.5, "after": ["a"]}}},
    "priority": {"impact": 1, "urgency": 2, "matrix": [[1, 2], [2, 3]]},
}  # fmt: skip
"""One question to each function that has all it may have."""


def refuse_constant(name: str) -> Never:
    raise AssertionError(f"{name} is no JSON")


def answer_of(function: str, line: str) -> tuple[int, dict[str, Any]]:
    """Answer one line, which is one line of JSON whatever it was asked."""
    out = io.StringIO()
    status = run(function, [line], out)
    [told] = out.getvalue().splitlines()
    return status, json.loads(told, parse_constant=refuse_constant)


def places(given: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything in a question."""
    yield path
    inner = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def put(given: Any, path: tuple[Any, ...], value: object) -> Any:
    """Return a question with something else in a place."""
    if not path:
        return value
    changed = copy.deepcopy(given)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return changed


def without(given: Any, path: tuple[Any, ...]) -> Any:
    """Return a question that lacks something."""
    changed = copy.deepcopy(given)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return changed


HOSTILE = st.one_of(
    st.sampled_from([
        None, True, False, 0, -1, 1, 0.1, -0.0, 1e308, -1e308, 5e-324, 10**18, -(10**18), 10**400, "", " ", "a", "NaN",
        "Infinity", "-Infinity", "1_000", "0x10", "\u0663", "1e999999", "9999-12-31T23:59:59Z", "0001-01-01", "2026-02-30",
        "24:00", "now", "\u202e\x00\x1b[2J", "\ud800", [], {}, [[]], [None], [[None, None]], {"": None}, {"all": []},
        {"k": 0, "of": ["a"]}, {"k": True, "of": ["a"]}, {"and": ["a"], "or": ["a"]},
        ["a"] * 500, [0] * 500, {str(one): one for one in range(200)}, "x" * 10_000,
    ]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=6,
    ),
)  # fmt: skip


def judged(function: str, line: str) -> None:
    """A refusal names its code, and where and why in words; an answer is one of the function's own, whatever was asked."""
    status, answer = answer_of(function, line)
    assert status == ("error" in answer)
    if status:
        error = answer["error"]
        assert error["code"] == "invalid"
        assert error["message"].strip()
        assert all(isinstance(place, str) and isinstance(rule, str) and rule for place, rule in error["fields"].items())
    else:
        assert answer.keys() == ask(function, QUESTIONS[function])[1][0].keys()


def test_there_is_a_question_to_every_function_and_each_is_answered() -> None:
    assert QUESTIONS.keys() == functions().keys()
    for function, question in QUESTIONS.items():
        assert ask(function, question)[0] == 0, function


@pytest.mark.parametrize("function", QUESTIONS)
@settings(max_examples=150, deadline=2_000)
@given(data=st.data())
def test_something_else_in_any_place_is_answered_or_refused(function: str, data: st.DataObject) -> None:
    question = QUESTIONS[function]
    path = data.draw(st.sampled_from(list(places(question))))
    judged(function, json.dumps(put(question, path, data.draw(HOSTILE))))


@pytest.mark.parametrize("function", QUESTIONS)
def test_what_is_missing_or_too_much_is_refused_by_its_name(function: str) -> None:
    question = QUESTIONS[function]
    for path in places(question):
        if path:
            judged(function, json.dumps(without(question, path)))
    status, answer = answer_of(function, json.dumps({**question, "pausse": 1}))
    assert status == 1
    assert answer["error"]["fields"] == {"pausse": "is not a field of this function"}
    status, answer = answer_of(function, "{}")
    assert status == 1
    assert answer["error"]["fields"]
    assert set(answer["error"]["fields"]) <= question.keys(), "each by its name, as it is written"


LINES = (
    "NaN", "[]", "null", '"x"', "{", "{}}", '{"a": NaN}', '{"a": Infinity}', '{"a": 1e999}', "[" * 100_000, '{"a":' * 100_000,
    "9" * 100_000, '{"a": ' + "9" * 5_000 + "}", "\x00", "\ufeff{}", "{'a': 1}",
)  # fmt: skip


@pytest.mark.parametrize("function", QUESTIONS)
def test_what_is_no_object_is_refused_and_the_next_line_is_answered(function: str) -> None:
    for line in LINES:
        judged(function, line)
    status, answers = ask(function, *LINES, QUESTIONS[function])
    assert status == 1
    assert [("error" in one) for one in answers] == [*[True] * len(LINES), False]


@pytest.mark.parametrize("function", QUESTIONS)
def test_no_figure_that_is_none_gets_in(function: str) -> None:
    question = QUESTIONS[function]
    mark = "figure to be"
    for path, figure in product(places(question), ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 4_000, "9" * 5_000)):
        if path:
            line = json.dumps(put(question, path, mark)).replace(json.dumps(mark), figure)
            judged(function, line)
            assert answer_of(function, line)[0] == 1, line[:200]
