"""Whether a release is ready, explained: the check list with what is there and everything that is missing."""

from __future__ import annotations

from typing import Any

from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.records.schema import RecordView
from deskterm.release.reading import view

HEADER = ("", "gate", "there is", "missing")
OPEN, SHUT = "yes", "no"


def ready(desk: Desk, release: RecordView) -> tuple[Part, dict[str, Any]]:
    """Return the check list of a release, to read and as data."""
    found = view(desk, release.number)
    rows: list[tuple[str, ...]] = []
    for gate in found.gates:
        first, *others = gate.missing or ("",)
        rows.append((OPEN if gate.is_open else SHUT, gate.title, gate.found, first))
        rows += [("", "", "", other) for other in others]
    missing = [sentence for gate in found.gates for sentence in gate.missing]
    title = f"{found.number} {found.release_version}: " + ("every gate is open" if not missing else f"{len(missing)} missing")
    data = {
        "ready": not missing,
        "missing": missing,
        "gates": [
            {"name": gate.name, "title": gate.title, "open": gate.is_open, "found": gate.found, "missing": list(gate.missing)}
            for gate in found.gates
        ],
    }
    return Part(title, HEADER, tuple(rows)), data
