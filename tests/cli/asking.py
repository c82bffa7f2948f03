"""Questions to `deskterm calc`, asked as its lines are."""

from __future__ import annotations

import io
import json
from typing import Any

from deskterm.cli.calc import run

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
