"""What `deskterm calc` can work out about incidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deskterm.errors import InvalidInput
from deskterm.incident.rules import PriorityMatrix


def priority(given: Mapping[str, Any]) -> dict[str, object]:
    """Find the priority of an impact and an urgency; by the default matrix, or by a `matrix` that is being planned."""
    wrong = {name: "is not a field of this function" for name in given if name not in ("impact", "urgency", "matrix")}
    wrong |= {name: "is required" for name in ("impact", "urgency") if name not in given}
    for name, rule in wrong.items():
        raise InvalidInput(f"{name} {rule}", fields=wrong)
    matrix = PriorityMatrix.parse(given["matrix"]) if "matrix" in given else PriorityMatrix()
    return {"priority": matrix.priority(given["impact"], given["urgency"])}


FUNCTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {"priority": priority}
