"""Questions to `deskterm calc`, asked as its lines are or at a prompt, and which functions of ours run meanwhile."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from deskterm.cli.calc import run
from tests.cli.shell import Shell

WEEK = ("mon", "tue", "wed", "thu", "fri")


def office(opens: str, closes: str, tz: str = "UTC", days: tuple[str, ...] = WEEK, **more: object) -> dict[str, Any]:
    return {"tz": tz, "hours": {day: [[opens, closes]] for day in days}, **more}


def ask(function: str, *questions: object) -> tuple[int, list[dict[str, Any]]]:
    """Ask objects as they are, or text as the line it is."""
    lines = [line if isinstance(line, str) else json.dumps(line) for line in questions]
    out = io.StringIO()
    status = run(function, lines, out)
    return status, [json.loads(answer) for answer in out.getvalue().splitlines()]


def one(function: str, **question: object) -> dict[str, Any]:
    fields = {name.rstrip("_"): value for name, value in question.items()}
    status, [answer] = ask(function, fields)
    assert status == ("error" in answer)
    return answer


def wrong(function: str, **question: object) -> dict[str, str]:
    answer = one(function, **question)
    fields: dict[str, str] = answer["error"]["fields"]
    assert answer["error"].keys() == {"code", "message", "fields"}
    assert answer["error"]["code"] == "invalid"
    return fields


def answer(desk: Shell, function: str, **question: Any) -> dict[str, Any]:
    """Ask at a prompt."""
    found: dict[str, Any] = json.loads(desk.ok("calc", function, stdin=json.dumps(question)))
    return found


@contextmanager
def called() -> Iterator[set[CodeType]]:
    """Gather the code of every function that is called meanwhile."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(before)
