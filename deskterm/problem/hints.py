"""While a problem is typed: its priority, what is known of the same already, and how many incidents look like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deskterm.desk import Desk
from deskterm.forms.schema import Hint, HintAct
from deskterm.incident import hints as of_work
from deskterm.kinds import Kind
from deskterm.service_desk import similar
from deskterm.service_desk.schema import Likeness

SHOWN = 4


def hints(desk: Desk, kind: Kind, values: Mapping[str, Any]) -> list[Hint]:
    """Return the hints of a problem; known errors and candidates have none."""
    return [*of_work.priority_hints(desk, values), *_alike(desk, values)] if kind.name == "problem" else []


def _alike(desk: Desk, values: Mapping[str, Any]) -> Iterator[Hint]:
    likeness = Likeness(
        str(values.get("summary") or ""), str(values.get("symptoms") or ""), values.get("ci"), values.get("service"),
        without=str(values.get("number") or ""),
    )  # fmt: skip
    if not likeness.summary and not likeness.ci:
        return
    for found in similar.known_errors(desk, likeness, limit=2):
        told = (found.title, f"{found.state.replace('-', ' ')} · {found.why}")
        yield Hint(f"Known already? {found.number}", told, HintAct("open", found.number, found.number), "soon")
    incidents = [one for one in similar.open_work(desk, likeness, limit=SHOWN) if one.kind == "incident"]
    for found in incidents:
        yield Hint(f"Of its sort: {found.number}", (found.title, found.why), HintAct("open", found.number, found.number))
