"""Commands for whoever runs a desk: init, demo, jobs, worker, backup, restore, doctor, authorized-keys."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context


def init(context: Context, args: Namespace) -> None:
    """Create or migrate a desk."""
    from deskterm.bootstrap import initialise

    place = context.options.database
    if context.options.own_place:
        Path(place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    administrator = args.admin or context.options.login
    database, changed = initialise(place, administrator, clock=context.clock)
    database.close()
    if context.json:
        context.write_json({"database": database.label, "changed": changed})
    elif changed:
        context.line(f"{database.label} is ready")
    else:
        context.line(f"{database.label} was ready already; nothing was changed")


COMMANDS = (
    Command(
        "init", init, "create a desk, or bring an older one up to date; doing it again changes nothing",
        (arg("--admin", metavar="LOGIN", help="who administers a new desk; you, if not given"),),
    ),
)  # fmt: skip
