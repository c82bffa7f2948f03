"""Problem management's own commands: the outline of causes. All else is `new`, `edit`, `do`, `list`, `report` and `explain`."""

from __future__ import annotations

from argparse import Namespace

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput


def whys(context: Context, args: Namespace) -> None:
    """Print the outline of causes of a problem; with `--json` as `set-whys` takes it."""
    from deskterm.problem import outline
    from deskterm.problem.dossier import outline_of

    view, lines = outline_of(context.desk, args.number)
    if view.kind != "problem":
        raise InvalidInput(f"{view.number} is a {view.kind}; only a problem has an outline of causes")
    if context.json:
        context.write_json({"number": view.number, "root_cause": view.values.get("root_cause"), "whys": outline.nested(lines)})
        return
    rows = [
        (f"{'  ' * line.depth}{line.number} {line.text}", line.verdict, line.actor, format_instant(line.at)) for line in lines
    ]
    context.table(rows, ("why", "verdict", "by", "at"))


COMMANDS = (
    Command(
        "whys", whys, "print the outline of causes of a problem",
        (arg("number", metavar="NUMBER", help="the problem's number, such as PRB-00007"),),
        "Answers are added, judged and moved by `deskterm do NUMBER ask-why`, `edit-why`, `drop-why`, `root-cause`; a whole "
        "outline is set by `deskterm do NUMBER set-whys whys=@file`, in the form that --json prints under `whys`.",
        ("deskterm whys PRB-00007",
         "deskterm do PRB-00007 ask-why text='The limit is too low' under=1.1",
         "deskterm do PRB-00007 edit-why why=1.1.1 verdict=confirmed evidence='compared both profiles'",
         "deskterm do PRB-00007 root-cause why=1.1.1"),
    ),
)  # fmt: skip
