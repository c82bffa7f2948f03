"""Commands that keep a desk running: jobs, worker, backup, restore, doctor."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import UsageError

if TYPE_CHECKING:
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


def _at(at: int | None) -> str | None:
    from deskterm.clock import format_instant

    return None if at is None else format_instant(at)


def worker(context: Context, args: Namespace) -> int:
    """Run the scheduled jobs until a signal ends it."""
    from deskterm.worker import main

    return main(context.options.database)


COMMANDS = (
    Command(
        "jobs", jobs, "say how the scheduled jobs fare and who runs them; run them once now",
        (arg("words", metavar="run NAME|run-due", nargs="*", help="`run NAME` runs one, `run-due` all of them, once"),),
        "Jobs look at the present, whatever `--at` says. The exit status is 1 if one failed.",
    ),
    Command("worker", worker, "run the scheduled jobs without a console, until a signal ends it"),
)  # fmt: skip
