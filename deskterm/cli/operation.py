"""Commands for whoever sets a desk up: init, demo, authorized-keys."""

from __future__ import annotations

import shlex
import sys
from argparse import Namespace
from pathlib import Path

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context


def init(context: Context, args: Namespace) -> None:
    """Create or migrate a desk."""
    from deskterm.bootstrap import initialise

    context.make_own_folder()
    administrator = args.admin or context.login
    database, changed = initialise(context.options.database, administrator, clock=context.clock)
    database.close()
    if context.json:
        context.write_json({"database": database.label, "changed": changed})
    elif changed:
        context.line(f"{database.label} is ready")
    else:
        context.line(f"{database.label} was ready already; nothing was changed")


def demo(context: Context, args: Namespace) -> int:
    """Open the console on a demo desk, which is made if there is none."""
    from deskterm.demo import prepare

    context.make_own_folder()
    place = context.options.database
    if context.options.own_place:
        place = str(Path(place).with_name("demo.db"))
    login = prepare(place, args.fresh, context.clock.now())
    if not args.prepare_only:
        from deskterm.cli.main import open_console

        return open_console(place, login)
    if context.json:
        context.write_json({"database": place, "login": login})
    else:
        context.line(f"{place} is ready; open it with: deskterm --database {shlex.quote(place)} --as {login}")
    return 0


def authorized_keys(context: Context, args: Namespace) -> None:
    """Print the line that lets a key in as its agent; nothing for a key that is nobody's."""
    from deskterm.service_desk import ssh_keys

    key = ssh_keys.read_key(args.type, args.key)
    with context.database.read() as connection:
        login = ssh_keys.agent_of(connection, args.login, key)
    if login is None:
        return
    # Isolated, so that no PYTHON… variable, user site or folder that somebody stands in loads code.
    found = ssh_keys.line(login, key, [sys.executable, "-I", "-m", "deskterm"], pinned_place(context.options.database))
    if found is None:
        context.remark(f"the login {login!r} cannot stand in a command line; its keys open nothing")
    else:
        context.stdout.write(found + "\n")


def pinned_place(location: str) -> dict[str, str]:
    """Return the environment that opens the same desk; not where a password would show in the list of processes."""
    from sqlalchemy.engine import make_url

    if "://" not in location:
        return {"DESKTERM_DATABASE": str(Path(location).expanduser().absolute())}
    return {} if make_url(location).password is not None else {"DESKTERM_DATABASE": location}


COMMANDS = (
    Command(
        "init", init, "create a desk, or bring an older one up to date; doing it again changes nothing",
        (arg("--admin", metavar="LOGIN", help="who administers a new desk; you, if not given"),),
    ),
    Command(
        "demo", demo, "open the console on a demo desk with a quarter of work in it",
        (
            arg("--fresh", action="store_true", help="make it anew"),
            arg("--prepare-only", action="store_true", help="make it, and open nothing"),
        ),
    ),
    Command(
        "authorized-keys", authorized_keys, "print the line with which sshd lets a key in as its agent, and as nothing else",
        (
            arg("login", metavar="LOGIN", help="the account that is logged in to (%%u)"),
            arg("type", metavar="TYPE", help="the key's type (%%t)"),
            arg("key", metavar="KEY", help="the key, in base64 (%%k)"),
        ),
        "For sshd's `AuthorizedKeysCommand` (docs/operations.md). An agent's keys are their field `ssh_keys`.\n"
        "A key that is nobody's, or an inactive agent's, is answered by nothing.",
        ("deskterm edit AGT-00002 ssh_keys=@id_ed25519.pub",),
    ),
)  # fmt: skip
