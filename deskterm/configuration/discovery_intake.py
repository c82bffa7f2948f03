"""A scan comes in: what it found is held against what is recorded and lands in the verification inbox, in one unit of work.

Nothing about a CI changes here but when it was last seen. What differs on a live CI without an approved change raises its alarm
at once (`unauthorised`): whoever looks through the inbox later may be the one who made the change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from data.holds import hold
from data.queries import discovery as q
from deskterm.configuration import unauthorised
from deskterm.configuration.discovery_facts import AT_ONCE, GONE, IN_USE, cis, index_of, stored_facts
from deskterm.configuration.discovery_rules import Difference, Keys, Match, differences, match, numbers_in, twins
from deskterm.configuration.discovery_schema import PROPOSALS, Found, Outcome, Scan
from deskterm.journal import Entry, What
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

MOST_ROWS = 50_000
"""Things of one scan: they are compared with each other, so all of them are in memory."""
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Known:
    """The scan that the same file made already."""

    number: str
    rows: int


@dataclass(slots=True)
class Judged:
    """One row before it is written."""

    found: Found | None
    facts: dict[str, Any]
    keys: Keys
    name: str
    outcome: Outcome
    ci: int | None = None
    matched_by: str = ""
    changes: tuple[Difference, ...] = ()
    candidates: tuple[int, ...] = ()
    message: str = ""
    unauthorised: bool = False
    covered_by: str | None = None


class Intake:
    """Takes what a scan found, one by one, and reconciles it at the end."""

    def __init__(self, unit: Unit, scan: Scan, file: str, digest: str) -> None:
        self.unit, self.scan, self.file, self.digest = unit, scan, file, digest
        self.kind = unit.registry.kind("ci")
        self.found: list[tuple[Found, dict[str, Any], Keys]] = []
        self.number = ""

    def known(self) -> Known | None:
        """Return the scan that the same file made already; whoever imports it at this instant waits here."""
        hold(self.unit.connection, "scans")
        row = self.unit.connection.execute(q.KNOWN, {"digest": self.digest, "format": self.scan.format}).first()
        return None if row is None else Known(row.number, row.hosts)

    def take(self, found: Found) -> None:
        """Take one thing.

        Raises:
            InvalidInput: it says something that no CI can have.
        """
        self.found.append((found, stored_facts(self.unit, self.kind, found), found.keys(self.scan.format)))

    def finish(self, tell: Tell) -> Counter[Outcome]:
        """Reconcile everything, write the scan and its rows, and raise what alarm there is; return the rows by outcome."""
        at = min(self.scan.scanned_at or self.unit.at, self.unit.recorded_at)
        index = index_of(self.unit.connection, self.kind)
        matches = [match(keys, index) for _, _, keys in self.found]
        rows = self._judge(matches, at, tell)
        rows += self._vanished(rows, at)
        rows.sort(key=lambda row: _PLACE[row.outcome])
        unauthorised.judge(self.unit, rows, self._live(rows), at)
        draft = self._write(rows, at)
        self._superseded(draft, at)
        found = [row for row in rows if row.outcome in (Outcome.CHANGED, Outcome.UNCHANGED) and row.matched_by != q.BY_NUMBER]
        seen = [row.ci for row in found if row.ci is not None and self.scan.format != q.NO_SIGHTING]
        for start in range(0, len(seen), AT_ONCE):
            self.unit.connection.execute(q.SEEN, {"ids": seen[start : start + AT_ONCE], "seen_at": at})
        unauthorised.raise_alarms(self.unit, draft, at)
        return Counter(row.outcome for row in rows)

    # Judging

    def _judge(self, matches: list[Match], at: int, tell: Tell) -> list[Judged]:
        double = twins([keys for _, _, keys in self.found])
        rivals: dict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(matches):
            if len(one.cis) == 1 and self.found[place][0].reached:
                rivals[one.cis[0]].append(place)
        self._known = cis(self.unit.connection, self.kind, {ci for one in matches for ci in one.cis})
        rows = []
        for place, ((found, facts, keys), one) in enumerate(zip(self.found, matches, strict=True)):
            row = Judged(found, facts, keys, found.name, Outcome.NEW, matched_by=one.rank, message=found.message)
            others = double.get(place)
            if not found.reached:
                row.outcome, row.ci = Outcome.UNREACHED, one.cis[0] if len(one.cis) == 1 else None
            elif others is not None:
                row.outcome, row.candidates, row.matched_by = Outcome.CONFLICT, one.cis[:20], others[0]
                row.message = f"{_RANK[others[0]]} is also that of {self._named(others[1])}"
            elif len(one.cis) > 1:
                row.outcome, row.candidates = Outcome.CONFLICT, one.cis[:20]
                row.message = f"{_RANK[one.rank]} is that of {len(one.cis)} CIs"
            elif one.cis and len(rivals[one.cis[0]]) > 1:
                row.outcome, row.candidates = Outcome.CONFLICT, one.cis
                row.message = (
                    f"{self._known[one.cis[0]][0]} is also {self._named([p for p in rivals[one.cis[0]] if p != place][:10])}"
                )
            elif one.cis:
                row.ci = one.cis[0]
                row.changes = compare(self.scan, found, facts, self._known[row.ci][2])
                row.outcome = Outcome.CHANGED if row.changes else Outcome.UNCHANGED
            rows.append(row)
            if place % 500 == 499:
                tell(place, len(self.found))
        return rows

    def _named(self, places: Any) -> str:
        found = (self.found[place][0] for place in places)
        return ", ".join(f"{one.name} ({one.source or f'line {one.line}'})" for one in found)

    def _vanished(self, rows: list[Judged], at: int) -> list[Judged]:
        """Return what the newest earlier scan of the same scope found, or missed, and this one does not mention."""
        if not self.scan.finished:
            return []
        arguments = {"format": self.scan.format, "scope": self.scan.scope, "scanned_at": at, "own": 0, "half_too": False}
        before = self.unit.connection.execute(q.BEFORE, arguments).first()
        if before is None:
            return []
        earlier = store.load(self.unit.connection, self.unit.registry.kind("discovery"), [before.id])[before.id]
        dropped = numbers_in(earlier.get("discarded") or "")
        past = self.unit.connection.execute(q.ROWS, {"discovery": before.id}).all()
        there = {
            row.ci_id for row in past if row.ci_id is not None and not (row.outcome == "vanished" and row.position in dropped)
        }
        mentioned = {row.ci for row in rows} | {ci for row in rows for ci in row.candidates}
        found = []
        for ci, (_, name, facts) in sorted(cis(self.unit.connection, self.kind, there - mentioned).items()):
            if facts["status"] not in GONE and facts.get("missing_since") is None:
                change = Difference("missing_since", None, at)
                said = f"{before.number} found it, this scan does not"
                found.append(Judged(None, {}, {}, name, Outcome.VANISHED, ci, changes=(change,), message=said))
        return found

    def _live(self, rows: list[Judged]) -> set[int]:
        changed = {row.ci for row in rows if row.outcome is Outcome.CHANGED}
        return {ci for ci in changed if ci is not None and self._known[ci][2]["status"] == "live"}

    # Writing

    def _write(self, rows: list[Judged], at: int) -> Draft:
        kind, scan = self.unit.registry.kind("discovery"), self.scan
        name = f"{scan.format} {scan.scope}".strip()[:255] if not scan.scope.startswith(scan.format) else scan.scope
        values = {
            "name": name, "format": scan.format, "file": self.file[:255], "scope": scan.scope[:255], "scanned_at": at,
            "complete": scan.finished, "hosts": len(self.found), "digest": self.digest, "ports": scan.ports or None,
        }  # fmt: skip
        decides = any(row.outcome in PROPOSALS for row in rows)
        draft = Draft(kind, {}, values, state="waiting" if decides else "settled")
        store.insert_draft(self.unit, draft)
        self.number = draft.number
        written = [_row(draft.id, position, row) for position, row in enumerate(rows, 1)]
        for start in range(0, len(written), AT_ONCE):
            self.unit.connection.execute(q.INSERT, written[start : start + AT_ONCE])
        return draft

    def _superseded(self, draft: Draft, at: int) -> None:
        """Settle the scan before this one of the same scope, unless somebody is about to apply rows of it."""
        arguments = {"format": self.scan.format, "scope": self.scan.scope, "scanned_at": at, "own": draft.id, "half_too": True}
        before = self.unit.connection.execute(q.BEFORE, arguments).first()
        if before is None or not self.scan.finished:
            return
        earlier = store.load(self.unit.connection, draft.kind, [before.id], locked=True)[before.id]
        if earlier.state == "waiting" and not earlier.get("staged"):
            earlier.state, earlier.reason = "settled", f"{draft.number} looked at the same later"
            store.update_draft(self.unit, earlier)
            self.unit.journal(Entry(draft.id, draft.version, What.NOTE, text=f"takes the place of {earlier.number}"))


_RANK = {
    "number": "the number", "serial": "the serial number", "uuid": "the UUID", "mac": "the MAC address", "fqdn": "the full name",
    "source": "the source's key", "name": "the name",
}  # fmt: skip
_PLACE = {outcome: place for place, outcome in enumerate(
    (Outcome.CONFLICT, Outcome.CHANGED, Outcome.VANISHED, Outcome.NEW, Outcome.UNREACHED, Outcome.UNCHANGED)
)}  # fmt: skip


def compare(scan: Scan, found: Found, facts: dict[str, Any], known: dict[str, Any]) -> tuple[Difference, ...]:
    """Return what is found otherwise than it is recorded of a CI, what a sighting says of its status included."""
    changes = differences(facts, known, guessed=found.guessed, scanned_ports=scan.ports, macs=found.macs)
    return changes + seen_again(known, sighting=scan.sighting)


def seen_again(known: dict[str, Any], *, sighting: bool) -> tuple[Difference, ...]:
    """Return what being seen says of a CI that is recorded as missing, or as not in use."""
    found = []
    if known.get("missing_since") is not None:
        found.append(Difference("missing_since", known["missing_since"], None))
    if sighting and known["status"] not in IN_USE:
        found.append(Difference("status", known["status"], "live"))
    return tuple(found)


def _row(discovery: int, position: int, row: Judged) -> dict[str, Any]:
    found = row.found
    return {
        "discovery_id": discovery,
        "position": position,
        "line": found.line if found else 0,
        "source": found.source[:255] if found else "",
        "name": row.name,
        "outcome": row.outcome.value,
        "ci_id": row.ci,
        "matched_by": row.matched_by,
        "source_key": next(iter(row.keys.get("source", ())), None),
        "found": row.facts,
        "keys": {rank: list(values) for rank, values in row.keys.items()},
        "guessed": sorted(found.guessed) if found else None,
        "software": dict(found.software) or None if found else None,
        "differences": [[one.field, one.old, one.new] for one in row.changes] or None,
        "candidates": list(row.candidates) or None,
        "unauthorised": row.unauthorised,
        "covered_by": row.covered_by,
        "incident_id": None,
        "message": row.message or None,
    }
