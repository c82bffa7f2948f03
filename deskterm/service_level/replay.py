"""What-if: a past period under a proposed target or calendar, reckoned from the journal by the very engine that judges records.

Nothing is written. On one side stands what each clock was judged by, frozen with it; on the other the proposal, matched and read
anew from the same facts. Both are read at the end of the period, or now where that is earlier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from data.queries import clocks as q
from data.vocab import AgreementType, Metric
from deskterm.calendars import Calendar
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.fields import show_duration
from deskterm.kinds import Kind
from deskterm.permissions import require
from deskterm.query import quote
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.reports import Period
from deskterm.reports.population import Scope, scope_of, selection
from deskterm.service_level.clocks import facts_of, runs, subject_of
from deskterm.service_level.facts import Facts, cycles
from deskterm.service_level.matching import Book, in_force
from deskterm.service_level.policy import Policy
from deskterm.service_level.replay_rules import NOTHING, Line, Tally, Verdict, by_target, tally, verdict
from deskterm.service_level.rules import read_clock

CHUNK = 250
OF_TARGET = ("amount_seconds", "days", "unit", "priorities", "kinds")
TAKES = (*OF_TARGET, "calendar", "query")
Told = Callable[[int, int], None]
"""Hears how many records of how many are done."""
PROPOSED = 0
"""Row id of a calendar that is only proposed."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it."""

    title: str
    """The proposal in words."""
    from_at: int
    end_at: int
    records: int
    """How many were looked at."""
    lines: tuple[Line, ...]
    """Every clock of the period."""

    @property
    def now(self) -> Tally:
        """Return how all of them were judged."""
        return tally(line.now for line in self.lines)

    @property
    def proposed(self) -> Tally:
        """Return how the proposal would have judged them."""
        return tally(line.proposed for line in self.lines)

    @property
    def targets(self) -> tuple[tuple[str, Tally, Tally], ...]:
        """Return both sides of each target."""
        return tuple(by_target(self.lines))

    @property
    def moved(self) -> tuple[Line, ...]:
        """Return what changes sides."""
        return tuple(line for line in self.lines if line.moved)


@dataclass(slots=True)
class _Proposal:
    """What is to be tried."""

    agreement: Mapping[str, Any]
    targets: frozenset[int]
    """Whose clocks are compared."""
    book: Book
    title: str
    query: str
    reopening: Mapping[int, str] = field(default_factory=dict)


def replay(desk: Desk, number: str, values: Mapping[str, Any], period: Period, *, told: Told | None = None) -> Replay:
    """Judge a past period by a proposal.

    Args:
        desk: the desk, which is only read.
        number: the agreement or the target that the proposal is about.
        values: what is proposed: `amount_seconds` or `days`, `unit`, `priorities`, `kinds` of a target; `calendar` of its
            agreement, an existing one or a definition; `query` narrows the records.
        period: which; the last thirty days where nothing is said.
        told: hears of the progress.

    Raises:
        InvalidInput: the number is neither agreement nor target, or a value is unknown or wrong.
        NotAllowed: the person may not read agreements, or the records that are judged.
    """
    kind = desk.registry.kind("agreement")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    from_at, to_at = period.settled(desk.moment)
    if from_at >= desk.moment:
        raise InvalidInput("a period that has not begun cannot be judged again", fields={"from": "still to come"})
    end_at = min(to_at, desk.moment)
    with desk.database.read() as connection:
        proposal = _propose(desk, connection, number, values, end_at)
        scope = _scope(desk, connection, proposal, from_at, to_at)
        lines, count = _lines(desk, connection, proposal, scope, from_at, end_at, told)
    return Replay(proposal.title, from_at, end_at, count, tuple(lines))


def _propose(desk: Desk, connection: Connection, number: str, values: Mapping[str, Any], end_at: int) -> _Proposal:
    strange = sorted(set(values) - set(TAKES))
    if strange:
        raise InvalidInput(f"a proposal has no {strange[0]!r}; it takes {', '.join(TAKES)}", fields={strange[0]: "not taken"})
    book = Book.read(connection)
    found = resolve.by_number(connection, number)
    target = _read_target(desk, connection, found.id, values) if found.kind == "target" else None
    key = found.id if target is None else target["agreement_id"]
    agreement = next((dict(row) for row in book.agreements if row["id"] == key), None)
    if agreement is None:
        raise InvalidInput(f"{number} is neither an agreement nor a target that stands", fields={"number": "not an agreement"})
    told = []
    if target is None and set(values) & set(OF_TARGET):
        name = sorted(set(values) & set(OF_TARGET))[0]
        raise InvalidInput(f"{name} is of a target: give the target's number", fields={name: "of a target"})
    rows = list(book.targets.get(key, ()))
    if target is not None:
        rows = [target if row["id"] == target["id"] else row for row in rows]
        told.append(f"{target['title']}: {_words(target, values)}" if set(values) & set(OF_TARGET) else str(target["title"]))
    calendars = dict(book.calendars)
    if values.get("calendar"):
        agreement["calendar_id"], name = _calendar(connection, calendars, values["calendar"])
        told.append(f"calendar {name}")
    if agreement["valid_from"] >= end_at:
        agreement["valid_from"] = 0  # it was not there yet: tried as if it had been
        told.append("as if it had been in force")
    agreements = [agreement if row["id"] == key else row for row in book.agreements]
    tried = Book(agreements, {**book.targets, key: rows}, calendars, book.warn_percent)
    compared = frozenset({target["id"]} if target is not None else {row["id"] for row in rows})
    reopening = {row["id"]: row["on_reopen"] for row in book.agreements}
    title = f"{agreement['title']}, {'; '.join(told)}" if told else f"{agreement['title']} as it stands"
    return _Proposal(agreement, compared, tried, title, str(values.get("query") or "").strip(), reopening)


def _read_target(desk: Desk, connection: Connection, key: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a target with what is proposed for it, checked as if it were saved."""
    row = next((dict(one) for one in connection.execute(q.TARGETS).mappings() if one["id"] == key), None)
    if row is None:
        message = "is retired, or about availability: no clock judges by it; give a target of response, resolution or update"
        raise InvalidInput(f"that target {message}", fields={"number": message})
    kind = desk.registry.kind("target")
    for name in OF_TARGET:
        if name in values:
            try:
                row[name] = kind.field(name).type.parse(values[name])
            except ValueError as problem:
                raise InvalidInput(f"{name} {problem}", fields={name: str(problem)}) from None
    in_days = row["unit"] == "business-days"
    if "unit" in values or "days" in values or "amount_seconds" in values:
        row["amount_seconds" if in_days else "days"] = None
    Policy.from_json({**row, "warn_percent": [], "calendar": {"tz": "UTC", "hours": {"mon": [["00:00", "24:00"]]}}})
    return row


def _words(row: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    amount = f"{row['days']} working days" if row["days"] else f"{show_duration(row['amount_seconds'])} {row['unit']}"
    covered = "".join(
        f", {name} {', '.join(map(str, row[name] or ['all']))}" for name in ("priorities", "kinds") if name in values
    )
    return f"{amount}{covered}"


def _calendar(connection: Connection, calendars: dict[int, list[dict[str, Any]]], given: Any) -> tuple[int, str]:
    """Return the row id and the name of a calendar that is proposed: one there is, or a definition of its own."""
    if isinstance(given, Mapping):
        definition = dict(given)
        Calendar.from_json(definition)
        calendars[PROPOSED] = in_force([(0, definition)])
        return PROPOSED, "as proposed"
    try:
        key = resolve.one_of(connection, given, ("calendar",))
    except ValueError as problem:
        raise InvalidInput(f"calendar: {problem}", fields={"calendar": str(problem)}) from None
    return key, str(resolve.names(connection, {key})[key].title)


def _scope(desk: Desk, connection: Connection, proposal: _Proposal, from_at: int, to_at: int) -> Scope:
    ids = {"service": proposal.agreement["service_id"], "customer": proposal.agreement["customer_id"]}
    names = resolve.names(connection, {key for key in ids.values() if key is not None})
    named = [f"{name}:{quote(names[key].number)}" for name, key in ids.items() if key is not None]
    own = f"({proposal.query})" if proposal.query and named else proposal.query
    about = {"query": " ".join(part for part in (own, *named) if part)}
    kinds = tuple(kind.name for kind in desk.registry if kind.clocked)
    return scope_of(desk, kinds, from_at, to_at, about)


def _lines(
    desk: Desk, connection: Connection, proposal: _Proposal, scope: Scope, from_at: int, end_at: int, told: Told | None
) -> tuple[list[Line], int]:
    statement, parameters = selection(desk, scope, connection)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(statement, parameters):
        by_kind[row.kind].append(row.id)
    total, done = sum(map(len, by_kind.values())), 0
    lines: list[Line] = []
    for kind in scope.kinds:
        ids = by_kind[kind.name]
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            lines += _judge(connection, proposal, kind, some, from_at, end_at)
            done += len(some)
            if told is not None:
                told(done, total)
    return lines, total


def _judge(
    connection: Connection, proposal: _Proposal, kind: Kind, ids: Sequence[int], from_at: int, end_at: int
) -> Iterator[Line]:
    drafts = store.load(connection, kind, ids)
    facts = facts_of(connection, list(drafts.values()))
    stored: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in connection.execute(q.OF_RECORDS, {"ids": list(ids)}).mappings():
        if row["target_id"] in proposal.targets:
            stored[row["record_id"]].append(dict(row))
    used = sorted({row["policy_id"] for rows in stored.values() for row in rows})
    policies = {row.id: Policy.from_json(row.definition) for row in connection.execute(q.POLICIES, {"ids": used})} if used else {}
    names = resolve.names(connection, {row["target_id"] for rows in stored.values() for row in rows})
    titles = {key: named.title for key, named in names.items()}
    for key in ids:
        draft = drafts[key]
        now = _as_judged(proposal, facts[key], stored[key], policies, titles, from_at, end_at)
        proposed = _as_proposed(proposal, draft, facts[key], from_at, end_at)
        for metric, cycle in sorted(now.keys() | proposed.keys()):
            run = metric, cycle
            line = Line(
                key, draft.number, str(draft.get(kind.title_field) or ""), draft.get("priority"), metric, cycle,
                now.get(run, NOTHING), proposed.get(run, NOTHING),
            )  # fmt: skip
            if line.counts:
                yield line


def _as_judged(
    proposal: _Proposal, facts: Facts, rows: Sequence[Mapping[str, Any]], policies: Mapping[int, Policy],
    titles: Mapping[int, str], from_at: int, end_at: int,
) -> dict[tuple[str, int], Verdict]:  # fmt: skip
    """Return the verdicts by what the clocks were judged by, by metric and cycle."""
    found = {}
    for row in rows:
        history = next(
            (
                one.history
                for one in cycles(
                    facts,
                    AgreementType(row["type"]),
                    Metric(row["metric"]),
                    proposal.reopening.get(row["agreement_id"], "continue"),
                )
                if one.number == row["cycle"]
            ),
            None,
        )
        if history is None:
            continue
        if row["cancelled_at"] is not None:
            history = replace(history, cancelled_at=row["cancelled_at"])
        reading = read_clock(policies[row["policy_id"]], history, end_at)
        found[row["metric"], row["cycle"]] = verdict(reading, history.started_at, from_at, titles[row["target_id"]])
    return found


def _as_proposed(proposal: _Proposal, draft: Draft, facts: Facts, from_at: int, end_at: int) -> dict[tuple[str, int], Verdict]:
    """Return the verdicts by what is proposed."""
    found = {}
    titles = {row["id"]: row["title"] for row in proposal.book.targets[proposal.agreement["id"]]}
    for target, cycle in runs(proposal.book, subject_of(draft), facts):
        if target.id in proposal.targets:
            reading = read_clock(target.policy, cycle.history, end_at)
            word = verdict(reading, cycle.history.started_at, from_at, titles[target.id])
            found[target.metric.value, cycle.number] = word
    return found
