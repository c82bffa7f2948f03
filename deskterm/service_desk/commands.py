"""The service desk's own commands: answering a shift handover line by line. Closing a shift and signing are `new` and `do`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deskterm.cli import words
from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import UsageError

if TYPE_CHECKING:
    from deskterm.service_desk.handover_schema import Line

TAKES = {"acknowledge": {"comment"}, "reassign": {"team", "assignee", "comment"}, "comment": {"comment"}, "reconsider": set()}
"""What can be done with a line, and what each takes besides."""


def handover(context: Context, args: Namespace) -> None:
    """Print the lines of a handover, or answer some of them."""
    from deskterm.service_desk import handover_reading

    plain, assignments = words.part(args.words)
    if not plain:
        lines = handover_reading.view(context.desk, args.number).lines
        _print(context, args.number, lines)
        return
    verb, *positions = plain
    values = words.values(context, assignments)
    if verb not in TAKES:
        raise UsageError(f"a line can be answered by {', '.join(TAKES)}, not by {verb!r}")
    strange = sorted(values.keys() - TAKES[verb])
    if strange:
        raise UsageError(f"{verb} does not take {strange[0]}; it takes {', '.join(sorted(TAKES[verb])) or 'nothing'}")
    numbers = [words.whole(position, "a line's number", 1) or 0 for position in positions]
    if not numbers:
        raise UsageError(f"say which lines: deskterm handover {args.number} {verb} LINE…")
    _print(context, args.number, tuple(_answer(context, args.number, verb, position, values) for position in numbers))


def _answer(context: Context, number: str, verb: str, position: int, values: Mapping[str, str]) -> Line:
    from deskterm.service_desk import handover as service

    desk, said = context.desk, values.get("comment", "")
    match verb:
        case "acknowledge":
            return service.acknowledge(desk, number, position, said)
        case "reassign":
            team, assignee = values.get("team", ""), values.get("assignee", "")
            return service.reassign(desk, number, position, team=team, assignee=assignee, comment=said)
        case "comment":
            return service.comment(desk, number, position, said)
        case _:
            return service.reconsider(desk, number, position)


def _print(context: Context, number: str, lines: tuple[Line, ...]) -> None:
    if context.json:
        context.write_json({"number": number, "lines": [_line(line) for line in lines]})
        return
    rows = [
        (str(line.position), line.section.value, line.number or "", line.text, line.state_now, _said(line), line.comment)
        for line in lines
    ]
    context.table(rows, ("line", "section", "number", "what", "state now", "answer", "comment"), right=(0,))


def _said(line: Line) -> str:
    receiver = f" to {line.receiver}" if line.receiver else ""
    return f"{line.state}{receiver}" + (f" by {line.answered_by}" if line.answered_by else "")


def _line(line: Line) -> dict[str, Any]:
    from deskterm.clock import format_instant

    return {
        "line": line.position,
        "section": line.section.value,
        "number": line.number,
        "text": line.text,
        "state_now": line.state_now or None,
        "answer": line.state,
        "answered_by": line.answered_by or None,
        "answered_at": None if line.answered_at is None else format_instant(line.answered_at),
        "receiver": line.receiver or None,
        "comment": line.comment or None,
    }


COMMANDS = (
    Command(
        "handover", handover, "list the lines of a shift handover, or answer some of them",
        (
            arg("number", metavar="NUMBER", help="the handover's number, such as HND-00007"),
            arg("words", metavar="acknowledge|reassign|comment|reconsider LINE… FIELD=VALUE", nargs="*",
                help="what is said to which lines, with `comment`, and `team` or `assignee` where it is reassigned"),
        ),
        "Closing a shift is `deskterm new handover`, signing `deskterm do NUMBER sign` and `deskterm do NUMBER accept`.",
        ("deskterm handover HND-00007 acknowledge 1 2 3",
         "deskterm handover HND-00007 reassign 4 team=network comment='They know'"),
    ),
)  # fmt: skip
