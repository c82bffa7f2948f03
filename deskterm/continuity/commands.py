"""Continuity's own commands: a run as a table, what stands where, and the local copy of the plans, which needs no desk.

A step of a run is a workflow action: `deskterm continuity run EXE start STEP` is `deskterm do EXE start-step step=STEP` and
the table after it.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.cli import words
from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import DatabaseError, InvalidInput, UsageError

if TYPE_CHECKING:
    from deskterm.continuity.schema import RunView

VERBS = ("copy", "read", "run", "plan", "scope")
STEPS = {"start": "start-step", "finish": "finish-step", "assign": "assign-step", "skip": "skip-step", "repeat": "repeat-step"}
RUN = {"begin": "begin", "invoke": "invoke", "verify": "verify", "reject": "reject", "close": "close", "cancel": "cancel"}
"""What can be done with a run as a whole, and the workflow action that does it."""


def continuity(context: Context, args: Namespace) -> None:
    """Copy or read the plans, print a plan or a run, take a step of it."""
    plain, assignments = words.part(args.words)
    verb, *rest = plain or [""]
    given = words.values(context, assignments)
    if given and verb != "run":
        raise UsageError(f"continuity {verb or 'without a word'} does not take {next(iter(given))}")
    match verb:
        case "":
            _overview(context)
        case "copy":
            _copy(context, rest)
        case "read":
            _read(context, rest)
        case "run":
            _run(context, rest, given)
        case "plan":
            _explained(context, rest, "recovery")
        case "scope":
            _explained(context, rest, "objectives")
        case _:
            raise UsageError(f"continuity knows {', '.join(VERBS)}, not {verb!r}")


def _overview(context: Context) -> None:
    from argparse import Namespace as Given

    from deskterm.cli.figures import report

    report(context, Given(name="continuity", options=[], from_=None, to=None, format=None))


def _copy(context: Context, rest: Sequence[str]) -> None:
    from pathlib import Path

    from deskterm.continuity import copying

    if len(rest) > 1:
        raise UsageError("name one folder: deskterm continuity copy /media/stick/plans")
    kind = context.desk.registry.kind("continuity-plan")
    _require(context, kind)
    folder = copying.copy(context.desk.database, context.desk.now(), Path(rest[0]).expanduser() if rest else None)
    if context.json:
        context.write_json({"folder": str(folder)})
        return
    context.line(str(folder))


def _require(context: Context, kind: object) -> None:
    from deskterm.kinds import Kind
    from deskterm.permissions import require

    assert isinstance(kind, Kind)
    require(context.desk.actor, "read", kind.family, kind.process, kind.name)


def _read(context: Context, rest: Sequence[str]) -> None:
    from deskterm.continuity import local_copy

    try:
        folder = local_copy.folder_for(local_copy.label_of(context.options.database))
    except DatabaseError as problem:
        raise UsageError(problem.message) from None
    kept = local_copy.read(folder)
    if context.json:
        context.write_json({"folder": str(folder), **kept})
        return
    context.lines(local_copy.page(kept, " ".join(rest)))


def _explained(context: Context, rest: Sequence[str], what: str) -> None:
    from deskterm.cli.figures import tell
    from deskterm.explanations import explain

    if len(rest) != 1:
        raise UsageError("name one record: deskterm continuity plan BCP-00001")
    tell(context, explain(context.desk, rest[0], what))


def _run(context: Context, rest: Sequence[str], given: Mapping[str, str]) -> None:
    if not rest:
        raise UsageError("name the run: deskterm continuity run EXE-00001")
    number, *more = rest
    if more:
        _act(context, number, more[0], " ".join(more[1:]), given)
    elif given:
        raise UsageError(f"say what is done with {next(iter(given))}: {', '.join((*STEPS, *RUN))}")
    from deskterm.continuity.reading import run_view

    found = run_view(context.desk, number)
    if context.json:
        from deskterm.continuity.explain import run_data

        context.write_json(run_data(found))
        return
    _print_run(context, found)


def _act(context: Context, number: str, verb: str, step: str, given: Mapping[str, str]) -> None:
    kind = context.desk.registry.kind("exercise")
    if verb in STEPS:
        if not step:
            raise UsageError(f"name the step: deskterm continuity run {number} {verb} STEP")
        action, values = STEPS[verb], {"step": step, **given}
    elif verb in RUN:
        if step:
            raise UsageError(f"{verb} takes no step, only FIELD=VALUE")
        action, values = RUN[verb], dict(given)
    else:
        raise UsageError(f"a run knows {', '.join((*STEPS, *RUN))}, not {verb!r}")
    if context.desk.show(number).kind != kind.name:
        raise InvalidInput(f"{number} is no exercise; list them with: deskterm list exercise")
    context.desk.act(number, action, words.moments(context, kind, values, action))


def _print_run(context: Context, found: RunView) -> None:
    from deskterm.clock import format_instant
    from deskterm.fields import show_duration

    def length(seconds: int | None) -> str:
        return "n/a" if seconds is None else show_duration(seconds)

    context.line(f"{found.number} {found.title}: {found.state}, {found.progress or 'no steps'}")
    if found.rto_actual_seconds is not None:
        context.line(
            f"RTO actual {length(found.rto_actual_seconds)} of {length(found.rto_seconds)}, "
            f"from invocation {length(found.from_invocation_seconds)}; "
            f"RPO actual {length(found.rpo_actual_seconds)} of {length(found.rpo_seconds)}"
            + (f": {found.result}" if found.result else "")
        )
    elif found.due_at is not None and found.state == "running":
        left = found.due_at - context.desk.moment
        told = f"{show_duration(left)} left" if left >= 0 else f"{show_duration(-left)} over"
        context.line(f"RTO {length(found.rto_seconds)}, {told}; by the plan {length(found.left_seconds)} to go")
    rows = [
        (
            str(one.position), one.name, one.state, one.who, length(one.seconds),
            "" if one.started_at is None else format_instant(one.started_at),
            "" if one.finished_at is None else format_instant(one.finished_at),
            ", ".join(one.after), "yes" if one.name in found.critical else "", one.override or one.note,
        )
        for one in found.steps
    ]  # fmt: skip
    header = ("", "step", "state", "who", "planned", "started", "finished", "waits for", "critical", "note")
    context.table(rows, header, right=(0, 4))


COMMANDS = (
    Command(
        "continuity", continuity, "run continuity plans, and copy or read them without the desk",
        (
            arg(
                "words", metavar="copy [FOLDER]|read [PLAN]|plan PLAN|scope PLAN|run RUN [VERB STEP] FIELD=VALUE", nargs="*",
                help="what is done; nothing prints `report continuity`",
            ),
        ),
        "`copy` writes the plans to this machine as Markdown and JSON, and says where; a console and a worker do so by\n"
        "themselves. `read` prints that copy and needs no database. `run` prints a run; with start, finish, assign, skip or\n"
        "repeat and a step (its name, number or place), or begin, invoke, verify, reject, close or cancel, it takes that action.",
        ("deskterm continuity copy",
         "deskterm continuity read BCP-00001",
         "deskterm continuity run EXE-00003 start 'Restore database' who=olga",
         "deskterm continuity run EXE-00003 finish 'Restore database' note='from last night'",
         "deskterm continuity run EXE-00003 verify newest_data_at=2026-11-20T09:40:00Z"),
    ),
)  # fmt: skip
