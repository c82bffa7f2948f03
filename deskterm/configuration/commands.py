"""Configuration management's own commands: what differs between two days, or a baseline and now; discovery's beside it."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.configuration import discovery_commands

if TYPE_CHECKING:
    from deskterm.configuration.snapshots import Difference


def compare(context: Context, args: Namespace) -> None:
    """Print what differs between two sides."""
    from deskterm.clock import format_instant
    from deskterm.configuration import baselines

    old, new = baselines.side(context.desk, args.old), baselines.side(context.desk, args.new)
    found = baselines.compare(context.desk, old, new, number=args.ci)
    if context.json:
        sides = {"old": old.title, "old_at": format_instant(old.at), "new": new.title, "new_at": format_instant(new.at)}
        context.write_json({**sides, "count": len(found), "differences": [_data(one) for one in found]})
        return
    context.line(f"from {old.title} to {new.title}: {len(found)} differences" if found else f"nothing differs since {old.title}")
    rows = [(one.number, one.title, one.field or one.change, _text(one.old), _text(one.new)) for one in found]
    if rows:
        context.line()
        context.table(rows, ("number", "name", "what", "was", "is"))


def _data(one: Difference) -> dict[str, Any]:
    return {
        "number": one.number, "name": one.title, "change": one.change, "field": one.field or None, "old": one.old, "new": one.new,
    }  # fmt: skip


def _text(value: object) -> str:
    if value is None:
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


COMMANDS = (
    Command(
        "compare", compare, "say what differs in the configuration between two days, or a baseline and now",
        (
            arg("old", metavar="OLD", help="an instant such as 2026-11-01, or a baseline by number or name"),
            arg("new", metavar="NEW", nargs="?", default="now", help="the same; now if not given"),
            arg("--ci", metavar="NUMBER", help="one CI alone"),
        ),
        "A baseline is taken with `deskterm new baseline name=NAME`, of a part of the CIs with `scope=QUERY`.\n"
        "What any CI was at an instant is printed by `deskterm --at INSTANT show NUMBER`.",
        ("deskterm compare BL-00001", "deskterm compare 2026-11-01 2026-11-15 --ci CI-00007"),
    ),
    *discovery_commands.COMMANDS,
)  # fmt: skip
