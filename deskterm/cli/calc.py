"""`deskterm calc FUNCTION`: the desk's arithmetic on JSON lines, without a database.

A process offers its functions in `deskterm/<process>/calc.py` as a dict named `FUNCTIONS`, from name to a function
that takes the object of a line and returns the object of the answer, or raises a `DeskError`. Nothing else has to be
told; here they are found, fed and their refusals written down.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Never, TextIO

import deskterm
from deskterm.errors import DeskError, InvalidInput, UsageError

DEEPEST = 100
"""How far a question may nest: deeper than any fault tree, shallower than Python's stack."""

Function = Callable[[Mapping[str, Any]], Mapping[str, object]]


@cache
def functions() -> dict[str, Function]:
    """Return every function that a process offers, by name in alphabetical order."""
    found: dict[str, Function] = {}
    for process in _processes():
        offered: dict[str, Function] = importlib.import_module(f"deskterm.{process}.calc").FUNCTIONS
        twice = found.keys() & offered.keys()
        if twice:
            raise RuntimeError(f"two processes offer the calc function {min(twice)}, the second is {process}")
        found |= offered
    return dict(sorted(found.items()))


def run(function: str, lines: Iterable[str], out: TextIO) -> int:
    """Answer every line with one line on `out` and return the exit status: 1 if any of them was bad, else 0.

    A bad line is answered by `{"error": {"code", "message", "fields"}}` in its place. Blank lines are no questions.

    Raises:
        UsageError: there is no such function.
    """
    work = functions().get(function)
    if work is None:
        raise UsageError(f"there is no calc function {function!r}; there are {', '.join(functions())}")
    status = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            answer = work(_read(line))
        except DeskError as refusal:
            status = 1
            answer = {"error": {"code": refusal.code, "message": refusal.message, "fields": refusal.fields}}
        out.write(json.dumps(answer) + "\n")
    return status


def _processes() -> list[str]:
    """Name the packages with a `calc.py`, without importing any: most of them would bring the database along."""
    files = (file for root in deskterm.__path__ for file in Path(root).glob("*/calc.py"))
    return sorted(file.parent.name for file in files if file != Path(__file__))


def _read(line: str) -> Mapping[str, Any]:
    try:
        given = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:  # not JSON; a number of thousands of digits; nested without end
        raise InvalidInput(f"this line is not JSON: {problem}") from None
    if not isinstance(given, dict):
        raise InvalidInput("a line is one JSON object")
    if _depth_exceeds(DEEPEST, given):
        raise InvalidInput(f"this line nests deeper than {DEEPEST} levels")
    return given


def _depth_exceeds(limit: int, given: object) -> bool:
    """Say whether lists and objects nest deeper than a limit, level by level, without recursion."""
    level = [given]
    for _ in range(limit):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return any(isinstance(left, dict | list) for left in level)


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a number in JSON")
