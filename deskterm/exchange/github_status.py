"""`deskterm import github-status`: the incidents of a status page as outages, one for each component that each names.

The file is the `incidents.jsonl` of the public archive of githubstatus.com; its folder will do. A component becomes a CI that the
service has depended on since the first incident; an incident that names none is an outage of the service itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select

from data.queries import records as q
from data.search import fold
from data.tables.availability import outage
from deskterm.availability.workflow import DEGRADED, DOWN, PLANNED, UNPLANNED
from deskterm.clock import parse_instant
from deskterm.errors import DeskError, InvalidInput
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import Rules, rules_of
from deskterm.exchange.source import undecodable
from deskterm.journal import What
from deskterm.kinds import Kind
from deskterm.records import store, writing

FILE = "incidents.jsonl"
Meaning = Literal["down", "degraded", "leave-out"]


class StatusRules(Rules):
    """What a mapping may say: whose status page it is, and what its words for impact mean."""

    service: str = "GitHub"
    supplier: str = ""
    """Where it is given, every failure is charged to it as a supplier's."""
    type: str = "application"
    """Of the CIs that are made."""
    critical: Meaning = "down"
    major: Meaning = "down"
    minor: Meaning = "degraded"
    none: Meaning = "leave-out"
    maintenance: Meaning = "degraded"
    """Planned work; it is kept apart from failures whatever it is."""


class Line(BaseModel):
    """One incident, as far as it is read."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str
    title: str
    url: str = ""
    impact: Literal["critical", "major", "minor", "none", "maintenance"]
    components: list[str] = []
    downtime_start: str
    downtime_end: str | None = None


@dataclass(slots=True)
class _Run:
    """One run over one file."""

    job: Job
    rules: StatusRules
    nodes: dict[tuple[str, str], int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0


def load(job: Job) -> ImportResult:
    """Load the incidents of a status page; see `docs/import-outages.md`."""
    run = _Run(job, rules_of(StatusRules, job.mapping))
    for name in ("outage", "service", "ci"):
        job.require(job.unit.registry.kind(name))
    lines = list(_lines(job))
    if not job.faults or job.skip_bad:
        starts = [start for _, _, start, _ in lines]
        for number, line, start, end in lines:
            _take(run, number, line, (start, end), min(starts))
    run.skipped += len({row.line for row in job.faults.rows})
    return ImportResult(run.created, run.updated, run.unchanged, run.skipped)


def _lines(job: Job) -> Iterator[tuple[int, Line, int, int | None]]:
    """Yield every good line with its number and its instants; what is wrong with the others is noted."""
    if job.source.members and FILE not in {member.name for member in job.source.members}:
        said = f"{job.source.name} holds no {FILE}, which is the part of a status page's archive that is read"
        raise InvalidInput(said, fields={"path": "unknown"})
    for source in job.source.parts():
        if job.source.members and source.name != FILE:
            continue
        for number, raw in source.lines(job.faults):
            try:
                text = raw.decode("utf-8").strip()
            except UnicodeDecodeError as problem:
                job.faults.add(number, "", undecodable(raw, problem, [])[1])
                continue
            if text and (read := _read(job, number, text)) is not None:
                yield number, *read


def _read(job: Job, number: int, text: str) -> tuple[Line, int, int | None] | None:
    try:
        line = Line.model_validate(json.loads(text))
        start = parse_instant(line.downtime_start)
        end = None if line.downtime_end is None else parse_instant(line.downtime_end)
    except ValidationError as problem:
        for error in problem.errors(include_url=False, include_input=False):
            job.faults.add(number, ".".join(str(part) for part in error["loc"]), error["msg"].lower())
    except (ValueError, RecursionError) as problem:
        job.faults.add(number, "", f"is not JSON: {problem}")
    except DeskError as problem:
        job.faults.add(number, "downtime_start or downtime_end", problem.message)
    else:
        if end is None or end >= start:
            return line, start, end
        job.faults.add(number, "downtime_end", "lies before downtime_start")
    return None


def _take(run: _Run, number: int, line: Line, times: tuple[int, int | None], since: int) -> None:
    """Make or update the outages of one incident."""
    if line.id in run.seen:
        run.job.faults.add(number, "id", f"{line.id} is the id of an earlier line as well")
        return
    run.seen.add(line.id)
    meaning: str = getattr(run.rules, line.impact)
    if meaning == "leave-out":
        run.unchanged += 1
        return
    maintenance = line.impact == "maintenance"
    cause = PLANNED if maintenance else "supplier" if run.rules.supplier else UNPLANNED
    values: dict[str, Any] = {
        "state": DOWN if meaning == "down" else DEGRADED, "cause": cause, "started_at": times[0], "ended_at": times[1],
        "supplier": run.rules.supplier or None, "summary": line.title[:255],
        "note": f"Impact: {line.impact}\n{line.url}".strip(),
    }  # fmt: skip
    for component in dict.fromkeys(line.components) or ("",):
        key = f"status:{line.id}:{component}"[:120]
        about = {"ci": _component(run, component, since)} if component else {"service": _service(run)}
        _write(run, number, key, {**values, **about})


def _write(run: _Run, number: int, key: str, values: Mapping[str, Any]) -> None:
    unit, kind = run.job.unit, run.job.unit.registry.kind("outage")
    known = unit.connection.execute(select(outage.c.id).where(outage.c.external_key == key)).scalar()
    try:
        if known is None:
            writing.create(unit, kind, {**values, "external_key": key})
            run.created += 1
            return
        draft = store.load(unit.connection, kind, [known], locked=True)[known]
        differing = {name: value for name, value in values.items() if (value or None) != (draft.get(name) or None)}
        if draft.state == "withdrawn" or not differing:
            run.unchanged += 1
        else:
            writing.edit(unit, draft, differing)
            run.updated += 1
    except DeskError as refusal:
        for name, problem in (refusal.fields or {"": refusal.message}).items():
            run.job.faults.add(number, name, problem)


def _service(run: _Run) -> int:
    return _node(run, "service", run.rules.service, {})


def _component(run: _Run, name: str, since: int) -> int:
    """Return the CI of a component, which the service has depended on since the first incident that the file tells of."""
    known = ("ci", name) in run.nodes
    service = _service(run)
    key = _node(run, "ci", name[:160], {"type": run.rules.type})
    unit = run.job.unit
    if not known and store.connect(unit, service, "depends-on", key, valid_from=since):
        store.journal_link(unit, What.LINK, service, "depends-on", key)
    return key


def _node(run: _Run, kind_name: str, name: str, values: Mapping[str, Any]) -> int:
    """Return a service or a CI by its name, made where there is none."""
    if (kind_name, name) not in run.nodes:
        unit = run.job.unit
        kind: Kind = unit.registry.kind(kind_name)
        rows = unit.connection.execute(q.BY_TITLE, {"kinds": [kind_name], "title_key": fold(name)}).all()
        if len(rows) > 1:
            numbers = ", ".join(row.number for row in rows[:3])
            raise InvalidInput(
                f"several {kind.many.casefold()} are called {name} ({numbers}); rename one", fields={"name": "not unique"}
            )
        run.nodes[kind_name, name] = rows[0].id if rows else writing.create(unit, kind, {"name": name, **values}).id
    return run.nodes[kind_name, name]
