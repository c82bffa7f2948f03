"""Audits: codes come in from a scanner or a keyboard, many at once; each was expected, is from elsewhere, or is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from data.queries import audits as q
from data.queries import discovery as dq
from data.search import fold
from deskterm.configuration.audit_rules import SCANS, count_lines
from deskterm.configuration.discovery_record import reckon
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound, WorkflowRefused
from deskterm.fields.scalars import clean
from deskterm.journal import Entry, What
from deskterm.records import reading, store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

FOUND, AGAIN, UNEXPECTED, UNKNOWN, AMBIGUOUS = "found", "again", "unexpected", "unknown", "ambiguous"
MOST_CODES = 5_000


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of one code."""

    code: str
    result: str
    number: str = ""
    title: str = ""
    location: str = ""
    """Where the CI is recorded to be."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an audit as it is read."""

    id: int
    ci_id: int | None
    number: str
    title: str
    type: str
    code: str
    """As it was scanned; before that, what is on its label."""
    location: str
    state: str
    """scanned, missing (not scanned yet, while the audit is open) or unexpected."""
    scanned_at: int | None
    scanned_by: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """An audit, whole."""

    number: str
    name: str
    state: str
    location: str
    expected: int
    scanned: int
    missing: int
    unexpected: int
    lines: tuple[Line, ...]

    @property
    def accuracy(self) -> float | None:
        """Return the per cent of what is expected or was found that is where it is recorded; None where there is nothing."""
        total = self.expected + self.unexpected
        return 100 * self.scanned / total if total else None


def codes_of(text: str) -> list[str]:
    """Return the codes of a text: one a line, or with commas, semicolons or tabs between."""
    return [code for part in re.split(r"[\r\n,;\t]+", text) if (code := part.strip())]


def scan(desk: Desk, number: str, codes: Iterable[str]) -> tuple[Scanned, ...]:
    """Take codes: asset numbers, serial numbers, CI numbers or names, as they stand on labels.

    Raises:
        InvalidInput: a code cannot be one, or there are too many.
        WorkflowRefused: the audit is closed.
    """
    wanted = [_clean(code) for code in codes]
    if not wanted or len(wanted) > MOST_CODES:
        raise InvalidInput(f"give 1 to {MOST_CODES:,} codes at once", fields={"codes": f"{len(wanted):,}"})
    with desk.refusals(number), desk.unit("scan") as unit:
        audit = _open_audit(unit, number)
        results = tuple(_one(unit, audit, code) for code in wanted)
        fresh = [one for one in results if one.result != AGAIN]
        if fresh:
            said = "; ".join(f"{one.code}: {one.result}" for one in fresh[:100])
            more = f" … {len(fresh) - 100} more" if len(fresh) > 100 else ""
            unit.journal(Entry(audit.id, audit.version, What.NOTE, SCANS, text=f"scanned {said}{more}"))
            count_lines(unit, audit)
            store.touch(unit, audit)
    return results


def take_back(desk: Desk, number: str, codes: Iterable[str]) -> int:
    """Take scans back that were made by mistake; return how many were."""
    with desk.refusals(number), desk.unit("take scan back") as unit:
        audit, count = _open_audit(unit, number), 0
        for code in map(_clean, codes):
            found = _cis(unit, code)
            line = _line(unit, audit, found[0].id if len(found) == 1 else None, code)
            if line is None or line.scanned_at is None:
                raise NotFound(f"{code} was not scanned in {audit.number}")
            if line.expected:
                unit.connection.execute(q.SCANNED, {"line": line.id, "at": None, "by": None, "typed": ""})
            else:
                unit.connection.execute(q.TAKE_OUT, {"line": line.id})
            if line.ci_id is not None:
                reckon(unit, [line.ci_id])
            unit.journal(Entry(audit.id, audit.version, What.NOTE, SCANS, text=f"scan of {code} taken back"))
            count += 1
        count_lines(unit, audit)
        store.touch(unit, audit)
    return count


def view(desk: Desk, number: str) -> AuditView:
    """Return an audit, whole: what is missing first, then what is unexpected, then what was found, the newest first.

    Raises:
        NotFound: there is none by that number.
    """
    with desk.database.read() as connection:
        audit = reading.find_one_of(connection, desk.registry, desk.actor, number, "audit")
        lines = [_read(row) for row in connection.execute(q.LINES, {"audit": audit.id})]
    count = {state: sum(line.state == state for line in lines) for state in ("scanned", "missing", "unexpected")}
    order = {"unexpected": 0, "missing": 1, "scanned": 2}
    lines.sort(key=lambda line: (order[line.state], -(line.scanned_at or 0), -line.id if line.scanned_at else line.id))
    return AuditView(
        audit.number, str(audit.get("name")), audit.state, audit.get("location") or "", count["scanned"] + count["missing"],
        count["scanned"], count["missing"], count["unexpected"], tuple(lines),
    )  # fmt: skip


def _read(row: Any) -> Line:
    state = ("scanned" if row.scanned_at is not None else "missing") if row.expected else "unexpected"
    label = row.code or row.asset_number or row.serial or ""
    return Line(
        row.id, row.ci_id, row.number or "", row.title or "", row.type or "", label, row.location or "", state, row.scanned_at,
        row.scanned_by or "",
    )  # fmt: skip


def _clean(code: str) -> str:
    try:
        found = clean(code, 120, lines=False)
    except ValueError as problem:
        raise InvalidInput(f"a code {problem}", fields={"codes": str(problem)}) from None
    if not found:
        raise InvalidInput("a code is empty", fields={"codes": "empty"})
    return found


def _open_audit(unit: Unit, number: str) -> Draft:
    audit = writing.fetch(unit, number)
    if audit.kind.name != "audit":
        raise InvalidInput(f"{audit.number} is {audit.kind.one}, not an audit; list them with: deskterm list audit")
    unit.require("edit", audit.kind)
    if audit.state != "open":
        raise WorkflowRefused(f"{audit.number} is {audit.state}; nothing is scanned into it any more")
    return audit


def _cis(unit: Unit, code: str) -> Sequence[Any]:
    """Return the CIs that a code may mean, those in use if any are; a name counts where no label says so."""
    found = unit.connection.execute(q.BY_CODE, {"folded": code.casefold(), "upper": code.upper()}).all()
    found = found or unit.connection.execute(q.BY_TITLE, {"title_key": fold(code)}).all()
    used = [row for row in found if row.state not in q.GONE]
    return used or found


def _line(unit: Unit, audit: Draft, ci: int | None, code: str) -> Any:
    if ci is None:
        return unit.connection.execute(q.LINE_OF_CODE, {"audit": audit.id, "code": code}).first()
    return unit.connection.execute(q.LINE_OF_CI, {"audit": audit.id, "ci": ci}).first()


def _one(unit: Unit, audit: Draft, code: str) -> Scanned:
    found = _cis(unit, code)
    if len(found) > 1:
        return Scanned(code, AMBIGUOUS, ", ".join(row.number for row in found))
    ci = found[0] if found else None
    line = _line(unit, audit, ci.id if ci else None, code)
    about = (ci.number, ci.title, ci.location or "") if ci else ("", "", "")
    if line is not None and line.scanned_at is not None:
        return Scanned(code, AGAIN, *about)
    by = {"at": unit.at, "by": unit.actor.login}
    if line is not None:
        unit.connection.execute(q.SCANNED, {"line": line.id, "typed": code, **by})
    else:
        row = {"audit_id": audit.id, "ci_id": ci.id if ci else None, "expected": False, "code": code}
        unit.connection.execute(q.INSERT, row | {"scanned_at": unit.at, "scanned_by": unit.actor.login})
    if ci is not None:
        _seen(unit, audit, ci.id)
    result = FOUND if line is not None else UNEXPECTED if ci is not None else UNKNOWN
    return Scanned(code, result, *about)


def _seen(unit: Unit, audit: Draft, key: int) -> None:
    """Note that a CI was there, and that it is missing no more."""
    unit.connection.execute(dq.SEEN, {"ids": [key], "seen_at": unit.at})
    ci = store.load(unit.connection, unit.registry.kind("ci"), [key], locked=True)[key]
    if ci.get("missing_since") is not None:
        writing.edit(unit, ci, {"missing_since": None})
        unit.journal(Entry(ci.id, ci.version, What.NOTE, text=f"found again by {audit.number}, {audit.get('name')}"))


__all__ = ["AuditView", "Line", "Scanned", "codes_of", "scan", "take_back", "view"]
