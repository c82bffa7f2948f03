"""While a record of the service desk is typed: for a request what an incident shows too, for a person whether they are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.desk import Desk
from deskterm.forms.schema import Hint, HintAct
from deskterm.incident import hints as of_work
from deskterm.kinds import Kind
from deskterm.service_desk import callers
from deskterm.service_desk.schema import Caller


def hints(desk: Desk, kind: Kind, values: Mapping[str, Any]) -> list[Hint]:
    """Return the hints of a kind; most have none."""
    if kind.name == "request":
        return of_work.hints(desk, kind, values)
    return _known_already(desk, values) if kind.name == "person" else []


def _known_already(desk: Desk, values: Mapping[str, Any]) -> list[Hint]:
    """Say whom the desk knows by the same mail address, name or telephone number."""
    found: dict[str, tuple[Caller, str]] = {}
    for name in ("email", "phone", "name"):
        text = str(values.get(name) or "")
        for one in callers.callers(desk, text, limit=3) if len(text) >= 3 else ():
            if one.number != values.get("number"):
                found.setdefault(one.number, (one, name))
    return [
        Hint(
            f"Known already? {one.number}",
            (one.name, one.email or one.phone, f"same {name}"),
            HintAct("open", one.number, one.name),
        )
        for one, name in list(found.values())[:3]
    ]
