"""Commands that keep a desk running: jobs, worker, backup, restore, doctor."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import UsageError

if TYPE_CHECKING:
    from deskterm.backup import Copied
    from deskterm.doctor import Finding
    from deskterm.job_runs import JobStatus


def jobs(context: Context, args: Namespace) -> int:
    """Print how the scheduled jobs fare, or run them once now."""
    match args.words:
        case []:
            _print_jobs(context)
            return 0
        case ["run-due"]:
            return _run_jobs(context, None)
        case ["run", name]:
            return _run_jobs(context, name)
    raise UsageError("write: deskterm jobs, deskterm jobs run NAME, or deskterm jobs run-due")


def _print_jobs(context: Context) -> None:
    from deskterm import scheduler

    _require(context, "read")
    found = scheduler.status(context.database, context.clock)
    if context.json:
        leader = found.leader and {"pid": found.leader.pid, "host": found.leader.host, "since": _at(found.leader.since)}
        context.write_json({"leader": leader, "jobs": [_job(one) for one in found.jobs]})
        return
    if found.leader is None:
        context.line("nobody runs the jobs now; open a console or start: deskterm worker")
    else:
        context.line(f"process {found.leader.pid} on {found.leader.host} runs the jobs since {_at(found.leader.since)}")
    context.line()
    rows = [(one.name, _at(one.last_run) or "never", _at(one.next_run) or "", one.last_error or one.help) for one in found.jobs]
    context.table(rows, ("job", "last run", "next run", "error, or what it does"))


def _job(one: JobStatus) -> dict[str, Any]:
    return {
        "name": one.name,
        "last_run": _at(one.last_run),
        "next_run": _at(one.next_run),
        "last_error": one.last_error,
        "every_seconds": one.every_seconds,
        "last_seconds": one.last_seconds,
        "runs": one.runs,
        "faults": one.faults,
        "overdue_seconds": one.overdue_seconds,
    }


def _run_jobs(context: Context, name: str | None) -> int:
    from deskterm import scheduler

    _require(context, "manage")
    done = scheduler.run_due(context.database, context.registry, context.clock, name)
    if context.json:
        items = [{"name": one.name, "at": _at(one.at), "changed": one.changed, "error": one.error} for one in done]
        context.write_json({"jobs": items})
    else:
        context.table([(one.name, one.error or f"{one.changed} records") for one in done])
    return 1 if any(one.error for one in done) else 0


def _require(context: Context, verb: str) -> None:
    """Refuse whoever has no such right on the desk's jobs, and journal it."""
    from deskterm.permissions import Family, require

    with context.desk.refusals():
        require(context.desk.actor, verb, Family.ADMIN, "service_desk", "job")


def _not_past_an_agents_rights(context: Context) -> None:
    """Hold the desk's own agents to their rights. Whoever is none of them runs the machine, and has the file anyway."""
    from deskterm.errors import DatabaseError, NotAllowed

    try:
        actor = context.desk.actor
    except (NotAllowed, DatabaseError):  # no agent; or a desk too broken to ask, which is when a doctor is called
        return
    if actor.roles:
        _require(context, "manage")


def _at(at: int | None) -> str | None:
    from deskterm.clock import format_instant

    return None if at is None else format_instant(at)


def worker(context: Context, args: Namespace) -> int:
    """Run the scheduled jobs until a signal ends it."""
    from deskterm.worker import main

    return main(context.options.database)


def backup(context: Context, args: Namespace) -> None:
    """Write a verified copy of the desk to a new file."""
    _not_past_an_agents_rights(context)
    from deskterm.backup import backup as copy

    _print_copy(context, copy(context.database, args.file, registry=context.registry), "backed up to")


def restore(context: Context, args: Namespace) -> None:
    """Make a desk of a backup, where none is yet."""
    from deskterm.backup import restore as make

    context.make_own_folder()
    _print_copy(context, make(args.file, context.options.database, registry=context.registry), "restored to")


def _print_copy(context: Context, done: Copied, what: str) -> None:
    if context.json:
        findings = [_finding(one) for one in done.findings]
        context.write_json({"place": done.place, "records": done.records, "findings": findings})
        return
    context.line(f"{done.records:,} records {what} {done.place}, verified")
    _print_findings(context, done.findings)


def doctor(context: Context, args: Namespace) -> int:
    """Examine the desk and change nothing."""
    _not_past_an_agents_rights(context)
    from data.engine import Database
    from deskterm.doctor import Severity, examine

    found = examine(Database(context.options.database), clock=context.clock, registry=context.registry)
    if context.json:
        context.write_json({"findings": [_finding(one) for one in found]})
    elif found:
        _print_findings(context, found)
    else:
        context.line("nothing is wrong")
    return 1 if any(one.severity is Severity.ERROR for one in found) else 0


def _finding(one: Finding) -> dict[str, Any]:
    return {"code": one.code, "severity": one.severity.value, "message": one.message, "subject": one.subject}


def _print_findings(context: Context, found: Sequence[Finding]) -> None:
    context.table([(one.severity.value, one.code, one.subject, one.message) for one in found])


COMMANDS = (
    Command(
        "jobs", jobs, "say how the scheduled jobs fare and who runs them; run them once now",
        (arg("words", metavar="run NAME|run-due", nargs="*", help="`run NAME` runs one, `run-due` all of them, once"),),
        "Jobs look at the present, whatever `--at` says. The exit status is 1 if one failed.",
    ),
    Command(
        "backup", backup, "write a verified copy of the desk to a new file, while it is in use",
        (arg("file", metavar="FILE", help="where to; an existing file is never overwritten"),),
    ),
    Command(
        "restore", restore, "make a desk of a backup, where none is yet",
        (arg("file", metavar="FILE", help="the backup"),),
        "The desk is made in the file or the empty PostgreSQL database that `--database` names.",
    ),
    Command(
        "doctor", doctor, "examine the desk: pages, schema, journal, clocks, index, lease; change nothing",
        (),
        "The exit status is 1 if something is wrong; warnings alone are 0.",
    ),
    Command("worker", worker, "run the scheduled jobs without a console, until a signal ends it"),
)  # fmt: skip
