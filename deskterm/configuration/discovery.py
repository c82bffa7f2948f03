"""The verification inbox: rows of a scan are staged, left alone, or said to be this or that CI; then what is staged is applied.

Each function is one use case in one unit of work. What was decided stands in fields of the scan, as ranges of rows, so that it is
journalled and undone like any other change; what a scan says of a CI is reckoned again when it is applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from data.queries import discovery as q
from deskterm.clock import format_instant
from deskterm.configuration.discovery_facts import GONE, cis, index_of, values_of
from deskterm.configuration.discovery_intake import seen_again
from deskterm.configuration.discovery_rules import Difference, Index, differences, match, numbers_in, ranges_of
from deskterm.configuration.discovery_schema import PROPOSALS, Applied, Outcome, Step
from deskterm.desk import Desk
from deskterm.errors import DeskError, InvalidInput, NotFound, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.records import resolve, store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

NEW = "new"
"""What a row of a conflict can be said to be, besides one of the CIs it may be."""
STAGED, DISCARDED, OPEN = "staged", "discarded", "open"
TOGETHER = 100
"""So many rows share a savepoint as long as none refuses."""
Tell = Callable[[int, int], None]


def decide(desk: Desk, number: str, positions: Iterable[int], state: str) -> tuple[int, ...]:
    """Stage rows, discard them, or open them again; return those that changed.

    Raises:
        NotFound: the scan has no such row.
        WorkflowRefused: a row was applied, proposes nothing, or is a conflict that nobody settled; nothing was changed.
    """
    wanted = sorted(set(positions))
    with desk.refusals(number), desk.unit(f"{state} rows") as unit:
        scan = _open_scan(unit, number)
        choices = scan.get("choices") or {}
        for row in _rows(unit, scan, wanted):
            _require_decidable(scan, row)
            if state == STAGED and row.outcome == Outcome.CONFLICT and "ci" not in choices.get(str(row.position), {}):
                raise WorkflowRefused(
                    f"row {row.position} ({row.name}) is a conflict: say first which CI it is, or that it is new"
                )
        before = {name: numbers_in(scan.get(name) or "") for name in (STAGED, DISCARDED)}
        for name, held in before.items():
            after = (held | set(wanted)) if name == state else (held - set(wanted))
            scan.new[name] = ranges_of(after) or None
        changed = [one for one in wanted if _state_of(before, one) != state]
        store.update_draft(unit, scan)
    return tuple(changed)


def choose(desk: Desk, number: str, position: int, which: str) -> None:
    """Say which CI a row of a conflict is, by number, or `new`; it is staged with that.

    Raises:
        InvalidInput: the row is no conflict, or there is no such CI.
    """
    with desk.refusals(number), desk.unit("settle conflict") as unit:
        scan = _open_scan(unit, number)
        row = _rows(unit, scan, [position])[0]
        _require_decidable(scan, row)
        if row.outcome != Outcome.CONFLICT:
            raise InvalidInput(f"row {position} ({row.name}) is no conflict: it is {row.outcome}")
        chosen: str | int = NEW
        if which != NEW:
            try:
                chosen = resolve.one_of(unit.connection, which, ("ci",))
            except ValueError as problem:
                raise InvalidInput(f"row {position}: {problem}", fields={"ci": str(problem)}) from None
        _keep_choice(scan, position, "ci", chosen)
        scan.new[STAGED] = ranges_of(numbers_in(scan.get(STAGED) or "") | {position})
        scan.new[DISCARDED] = ranges_of(numbers_in(scan.get(DISCARDED) or "") - {position}) or None
        store.update_draft(unit, scan)


def leave_out(desk: Desk, number: str, position: int, field: str) -> bool:
    """Leave one field of a row as it is recorded, or take it over after all; return whether it is left out now."""
    with desk.refusals(number), desk.unit("leave field out") as unit:
        scan = _open_scan(unit, number)
        row = _rows(unit, scan, [position])[0]
        _require_decidable(scan, row)
        named = {one[0] for one in row.differences or ()} | (set(row.found) if row.outcome == Outcome.CONFLICT else set())
        full = field if field in named else f"attributes.{field}"
        if full not in named:
            raise InvalidInput(f"row {position} ({row.name}) does not differ in {field!r}", fields={"field": "no difference"})
        skipped = set((scan.get("choices") or {}).get(str(position), {}).get("skip", ()))
        left = full not in skipped
        _keep_choice(scan, position, "skip", sorted(skipped ^ {full}))
        store.update_draft(unit, scan)
    return left


def apply(desk: Desk, number: str, *, preview: bool = False, tell: Tell | None = None) -> Applied:
    """Take over what is staged, all of it or nothing.

    Args:
        desk: who does it.
        number: of the scan.
        preview: do everything, say what would come of each row, and keep nothing.
        tell: told how many rows of how many are done.

    Raises:
        InvalidInput: rows refuse, and it was no preview; `fields` says why for each.
        WorkflowRefused: nothing is staged.
    """
    with desk.refusals(number), desk.unit(f"apply {number}", keep=not preview) as unit:
        scan = _open_scan(unit, number)
        positions = sorted(numbers_in(scan.get(STAGED) or ""))
        if not positions:
            raise WorkflowRefused(f"nothing of {scan.number} is staged; stage rows first")
        steps = tuple(_Applying(unit, scan).rows(positions, tell))
        result = Applied(steps, unit.id)
        if result.refused and not preview:
            first = result.refused[0]
            raise InvalidInput(
                f"{len(result.refused)} of {len(steps)} rows refuse, nothing was applied; row {first.position} ({first.name}): "
                f"{first.what}",
                fields={f"row {step.position}": step.what for step in result.refused},
            )
        _settle(unit, scan, positions)
    return result


class _Applying:
    """One run over what is staged."""

    def __init__(self, unit: Unit, scan: Draft) -> None:
        self.unit, self.scan = unit, scan
        self.kind = unit.registry.kind("ci")
        self.index: Index = index_of(unit.connection, self.kind)
        self.choices: Mapping[str, Any] = scan.get("choices") or {}
        self.seen: list[int] = []
        self._made: list[tuple[int, dict[str, tuple[str, ...]]]] = []
        self._sighted: list[int] = []
        when = format_instant(scan.get("scanned_at"))
        self.by = f"{scan.number}, {scan.get('name')}, scanned {when}"

    def rows(self, positions: Sequence[int], tell: Tell | None) -> Iterator[Step]:
        """Apply rows, many within a savepoint; where one refuses, each within one of its own, so that every refusal is told."""
        rows = _rows(self.unit, self.scan, positions)
        self.unit.remembered = {}
        for start in range(0, len(rows), TOGETHER):
            some = rows[start : start + TOGETHER]
            try:
                steps = self._together(some)
            except DeskError:
                steps = [step for row in some for step in self._alone(row)]
            yield from steps
            if tell is not None:
                tell(start + len(some), len(rows))
        at, looked = self.scan.get("scanned_at"), self.scan.get("format") != q.NO_SIGHTING
        for start in range(0, len(self.seen) if looked else 0, 500):
            self.unit.connection.execute(q.SEEN, {"ids": self.seen[start : start + 500], "seen_at": at})

    def _together(self, rows: Sequence[Any]) -> list[Step]:
        self._made, self._sighted = [], []
        with self.unit.attempt():
            steps = [self._row(row) for row in rows]
        for key, keys in self._made:
            self.index.add(key, keys)
        self.seen += self._sighted
        return steps

    def _alone(self, row: Any) -> list[Step]:
        try:
            return self._together([row])
        except DeskError as refusal:
            return [Step(row.position, row.name, False, refusal.message)]

    def _row(self, row: Any) -> Step:
        chosen = self.choices.get(str(row.position), {})
        if row.outcome == Outcome.VANISHED:
            return self._missing(row)
        if row.outcome == Outcome.CHANGED:
            return self._change(row, row.ci_id, chosen.get("skip", ()))
        if row.outcome == Outcome.CONFLICT:
            which = chosen.get("ci")
            return self._make(row) if which == NEW else self._change(row, int(which), chosen.get("skip", ()))
        keys = {rank: tuple(values) for rank, values in row.keys.items()}
        found = match(keys, self.index)
        if len(found.cis) > 1:
            raise WorkflowRefused(f"{len(found.cis)} CIs have its {found.rank} by now; import the scan again to settle it")
        return self._change(row, found.cis[0], ()) if found.cis else self._make(row)

    def _make(self, row: Any) -> Step:
        facts = {"name": row.name, **row.found}
        draft = writing.create(self.unit, self.kind, values_of(facts, None))
        self._note(draft, row, "made")
        self.unit.connection.execute(q.MADE, {"row": row.id, "made": draft.id})
        self._made.append(
            (draft.id, {rank: tuple(values) for rank, values in row.keys.items() if rank not in ("source", "name")})
        )
        self._sighted.append(draft.id)
        return Step(row.position, row.name, True, "made", draft.number, tuple(sorted(facts)))

    def _change(self, row: Any, key: int, skip: Iterable[str]) -> Step:
        known = cis(self.unit.connection, self.kind, [key])[key]
        changes = [one for one in self._differences(row, known[2]) if one.field not in set(skip)]
        draft = store.load(self.unit.connection, self.kind, [key], locked=True)[key]
        if row.ci_id != key:
            self.unit.connection.execute(q.MADE, {"row": row.id, "made": key})
        if row.matched_by != q.BY_NUMBER:
            self._sighted.append(key)
        if not changes:
            return Step(row.position, row.name, True, "as it is", known[0])
        if any(one.field == "status" for one in changes) and known[2]["status"] in GONE[1:]:
            raise WorkflowRefused(f"{known[0]} was disposed of, yet it was found; make it a new CI, or discard the row")
        writing.edit(self.unit, draft, values_of({one.field: one.new for one in changes}, draft.get("attributes")))
        self._note(draft, row, "changed")
        return Step(row.position, row.name, True, "changed", known[0], tuple(one.field for one in changes))

    def _differences(self, row: Any, known: dict[str, Any]) -> tuple[Difference, ...]:
        ports = self.scan.get("ports") or {}
        macs = row.keys.get("mac", ())
        sighting = self.scan.get("format") in ("nmap", "ansible", "osquery")
        changes = differences(row.found, known, guessed=row.guessed or (), scanned_ports=ports, macs=macs)
        return changes + seen_again(known, sighting=sighting)

    def _missing(self, row: Any) -> Step:
        draft = store.load(self.unit.connection, self.kind, [row.ci_id], locked=True)[row.ci_id]
        if draft.get("missing_since") is not None or draft.state in GONE:
            return Step(row.position, row.name, True, "as it is", draft.number)
        writing.edit(self.unit, draft, {"missing_since": self.scan.get("scanned_at")})
        self._note(draft, row, "not found")
        return Step(row.position, row.name, True, "missing", draft.number, ("missing_since",))

    def _note(self, draft: Draft, row: Any, what: str) -> None:
        self.unit.journal(Entry(draft.id, draft.version, What.NOTE, text=f"{what} by {self.by}, row {row.position}"))


def _settle(unit: Unit, scan: Draft, positions: Sequence[int]) -> None:
    """Note what was applied, and whether anything is left to decide."""
    scan.new["applied"] = ranges_of(numbers_in(scan.get("applied") or "") | set(positions))
    scan.new[STAGED] = None
    decided = numbers_in(scan.get("applied") or "") | numbers_in(scan.get(DISCARDED) or "")
    rows = unit.connection.execute(q.OUTCOMES, {"discovery": scan.id})
    if all(row.position in decided for row in rows if row.outcome in PROPOSALS):
        scan.state, scan.reason = "settled", "every row is decided"
    store.update_draft(unit, scan)


def _open_scan(unit: Unit, number: str) -> Draft:
    scan = writing.fetch(unit, number)
    if scan.kind.name != "discovery":
        raise InvalidInput(f"{scan.number} is {scan.kind.one}, not a scan; list them with: deskterm list discovery")
    unit.require("edit", scan.kind)
    if scan.state != "waiting":
        raise WorkflowRefused(f"{scan.number} is {scan.state}; reopen it first")
    return scan


def _rows(unit: Unit, scan: Draft, positions: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(positions), 500):
        some = list(positions[start : start + 500])
        found += unit.connection.execute(q.SOME, {"discovery": scan.id, "positions": some}).all()
    missing = set(positions) - {row.position for row in found}
    if missing:
        raise NotFound(f"{scan.number} has no row {min(missing)}")
    return found


def _require_decidable(scan: Draft, row: Any) -> None:
    if row.position in numbers_in(scan.get("applied") or ""):
        raise WorkflowRefused(f"row {row.position} ({row.name}) was applied; undo takes it back")
    if row.outcome not in PROPOSALS:
        raise WorkflowRefused(f"row {row.position} ({row.name}) is {row.outcome}: there is nothing to decide")


def _state_of(before: Mapping[str, set[int]], position: int) -> str:
    return next((name for name, held in before.items() if position in held), OPEN)


def _keep_choice(scan: Draft, position: int, name: str, value: Any) -> None:
    choices = {key: dict(held) for key, held in (scan.get("choices") or {}).items()}
    own = choices.setdefault(str(position), {})
    own[name] = value
    if not own.get("skip"):
        own.pop("skip", None)
    if not own:
        del choices[str(position)]
    scan.new["choices"] = choices or None


def positions_of(desk: Desk, number: str, outcome: Outcome, state: str = OPEN) -> tuple[int, ...]:
    """Return the rows of an outcome that stand like this."""
    from deskterm.configuration.discovery_reading import states_of

    with desk.database.read() as connection:
        scan = _read_scan(desk, connection, number)
        held = states_of(scan)
        rows = connection.execute(q.OUTCOMES, {"discovery": scan.id})
        return tuple(row.position for row in rows if row.outcome == outcome and held(row.position, row.outcome) == state)


def _read_scan(desk: Desk, connection: Any, number: str) -> Draft:
    from deskterm.records import reading

    scan = reading.find(connection, desk.registry, desk.actor, number)
    if scan.kind.name != "discovery":
        raise NotFound(f"{number} is no scan; list them with: deskterm list discovery")
    return scan
