"""Whatever is typed or pasted: only `BadQuery` comes out, its column lies in the text, and the work grows with the length."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.errors import BadQuery
from deskterm.query import ValueType, complete, instants, parse, show, syntax
from deskterm.query.syntax import And, Flag, Node, Not, Or, Test, Words

ANYTHING = st.text(st.characters(), max_size=60)
PARTS = [*'ab1:"\\()-!*.,<>= \n', "OR", "AND", "NOT", "none", "due:", "a:(", "now", "1h"]
SYNTAX = st.lists(st.sampled_from(PARTS), max_size=40).map("".join)


class NoWords:
    def fields(self) -> dict[str, ValueType]:
        return {"a": ValueType.CHOICE, "due": ValueType.FUTURE}

    def flags(self) -> frozenset[str]:
        return frozenset()

    def values(self, field: str, typed: str) -> list[str]:
        return ["ab", "b a"]


def all_tests(node: Node) -> list[Test]:
    match node:
        case Test():
            return [node]
        case And(parts=parts) | Or(parts=parts):
            return [test for part in parts for test in all_tests(part)]
        case Not(part=part):
            return all_tests(part)
        case Words() | Flag():
            return []


def read_all(text: str) -> BadQuery | None:
    """Do with a text what a live filter does at a keystroke, as far as this package goes; return the refusal."""
    complete(text, len(text), NoWords())
    try:
        tree = parse(text)
        show(tree)
        for test in all_tests(tree):
            if test.values:
                instants(test.op, test.values, now=1_700_000_000, tz="Europe/Berlin", direction="future")
    except BadQuery as refusal:
        return refusal
    return None


@settings(max_examples=1500)
@given(ANYTHING | SYNTAX)
def test_only_bad_query_comes_out_and_points_into_the_text(text: str) -> None:
    refused = read_all(text)
    assert refused is None or 1 <= refused.column <= len(text) + 1


@settings(max_examples=500)
@given(ANYTHING | SYNTAX, st.integers(0, 60))
def test_completion_takes_any_text_and_keeps_what_is_around_the_cursor(text: str, cursor: int) -> None:
    completion = complete(text, cursor, NoWords())
    assert 0 <= completion.start <= min(cursor, len(text)) <= completion.end <= len(text)


def steps(work: Callable[[], object]) -> int:
    """Count the lines that run below `work`: the same on every machine, unlike time."""
    count = 0

    def count_line(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return count_line

    before = sys.gettrace()
    sys.settrace(count_line)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


HOSTILE: dict[str, Callable[[int], str]] = {
    "one word": lambda n: "a" * n,
    "spaces": lambda n: " " * n,
    "open quotation marks": lambda n: '"' * n,
    "never closed": lambda n: '"' + "a" * n,
    "backslashes": lambda n: '"' + "\\" * n,
    "escaped quotes": lambda n: '"' + '\\"' * (n // 2),
    "phrases": lambda n: '"a b" ' * (n // 6),
    "parentheses": lambda n: "(" * n,
    "shallow parentheses": lambda n: "(a)" * (n // 3),
    "minuses": lambda n: "-" * n,
    "stars": lambda n: "*" * n,
    "colons": lambda n: "a~" + ":" * n,
    "long name without a colon": lambda n: "a" * (n // 2) + "~" + ":" * (n // 2),
    "field of colons": lambda n: "a" + ":" * n,
    "dots": lambda n: "a:" + "." * n,
    "ranges in a list": lambda n: "a:" + "1..2," * (n // 5) + "1",
    "list without range": lambda n: "a:" + "1," * (n // 2) + "1",
    "long values in a list": lambda n: "a:" + ("x" * (n // 10) + ",") * 9 + "x",
    "comparisons": lambda n: "a:" + "<" * n,
    "tests": lambda n: "a:1 " * (n // 4),
    "alternatives": lambda n: "a OR " * (n // 5) + "a",
    "negated tests": lambda n: "-a:1 OR " * (n // 8) + "b",
    "group": lambda n: "a:(" + "b " * (n // 2) + ")",
    "stacked groups": lambda n: "(" * 45 + "a" + " b)" * 45 + " " + "c" * n,
    "durations": lambda n: "a:" + "1h" * (n // 2),
    "digits": lambda n: "a:<" + "9" * n,
}


@pytest.mark.parametrize("family", HOSTILE)
def test_work_grows_with_the_length_and_no_faster(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MAX_TERMS", 10**9)
    monkeypatch.setattr(syntax, "MAX_LENGTH", 10**9)
    small, large = (steps(partial(read_all, HOSTILE[family](length))) for length in (1_000, 8_000))
    assert large <= 8.5 * small + 200
    assert large <= 120 * 8_000


def test_the_step_counter_sees_quadratic_work() -> None:
    def quadratic(n: int) -> None:
        for _ in range(n):
            for _ in range(n):
                pass

    assert steps(lambda: quadratic(80)) > 30 * steps(lambda: quadratic(10))
