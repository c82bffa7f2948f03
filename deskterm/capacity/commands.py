"""Capacity management's own commands: samples as they are kept, and the capacity plan as a document."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from deskterm.cli import words
from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import InvalidInput, UsageError

MOST_ROWS = 100_000


def samples(context: Context, args: Namespace) -> None:
    """Print samples of a resource, or what its hours or days come to; or take samples back."""
    from deskterm.capacity import looking
    from deskterm.capacity import samples as keeping

    low, high = words.instant(args.from_, "--from"), words.instant(args.to, "--to")
    if args.drop:
        if low is None or high is None:
            raise UsageError("--drop takes samples back between --from and --to; give both")
        count = keeping.drop(context.desk, args.number, low, high)
        context.write_json({"dropped": count}) if context.json else context.line(f"{count:,} samples dropped")
        return
    if args.by not in (None, "hour", "day"):
        raise UsageError(f"--by is hour or day, not {args.by!r}")
    found = looking.kept(context.desk, args.number, low, high, args.by, limit=words.whole(args.limit, "--limit", 1) or MOST_ROWS)
    if context.json:
        context.write_json(found.as_json())
        return
    header, rows = found.table()
    if args.csv:
        from deskterm.exchange.export_tables import write_rows

        write_rows(header, rows, context.document)
        return
    context.table([tuple(map(str, row)) for row in rows], header, right=tuple(range(1, len(header))))


def capacity_plan(context: Context, args: Namespace) -> None:
    """Print a capacity plan as Markdown."""
    from deskterm.capacity import plan_printing, plan_rules

    version = words.whole(args.version, "--version", 1)
    if version is not None and args.live:
        raise UsageError("--version is of a frozen plan, --live of how it stands now; give one of them")
    if args.versions:
        _print_versions(context, plan_rules.versions(context.desk, args.number))
        return
    found, document = plan_rules.document_of(context.desk, args.number, version, live=args.live)
    if context.json:
        context.write_json({"version": found, **document})
    else:
        context.document.write(plan_printing.markdown(document, found))


def _print_versions(context: Context, found: Any) -> None:
    from deskterm.clock import format_instant

    if context.json:
        rows = [{"version": one.version, "at": format_instant(one.at), "by": one.actor, "intact": one.intact} for one in found]
        context.write_json({"versions": rows})
        return
    if not found:
        raise InvalidInput("no version was frozen yet; freeze one with: deskterm do NUMBER freeze")
    cells = [(str(one.version), format_instant(one.at), one.actor, "yes" if one.intact else "NO") for one in found]
    context.table(cells, ("version", "frozen", "by", "as it was frozen"))


COMMANDS = (
    Command(
        "samples", samples, "print the samples of a resource, or what its hours and days come to",
        (
            arg("number", metavar="NUMBER", help="the resource's number, such as RES-00001"),
            arg("--from", dest="from_", metavar="DATE", help="the first instant; 30 days before its newest sample if not given"),
            arg("--to", metavar="DATE", help="the instant that ends it; after the newest sample if not given"),
            arg("--by", metavar="hour|day", help="what each hour or day comes to: count, least, mean, p95, most"),
            arg("--limit", metavar="N", help="at most so many rows, the newest"),
            arg("--csv", action="store_true", help="as a table that `import samples` reads"),
            arg("--drop", action="store_true", help="take the samples between --from and --to back: a probe was broken"),
        ),
        "Samples are told by `deskterm new sample resource=… at=… value=…` and imported by `deskterm import samples`.",
        ("deskterm samples RES-00001 --by day", "deskterm samples RES-00001 --drop --from 2026-11-20 --to 2026-11-21"),
    ),
    Command(
        "capacity-plan", capacity_plan, "print a capacity plan as Markdown",
        (
            arg("number", metavar="NUMBER", help="the plan's number, such as CPL-00001"),
            arg("--version", metavar="N", help="a frozen version; the newest if not given"),
            arg("--live", action="store_true", help="as it would be frozen now"),
            arg("--versions", action="store_true", help="list the frozen versions, and whether each is as it was frozen"),
        ),
        "A plan that was never frozen prints as it stands now. `deskterm do NUMBER freeze` keeps a version.",
        ("deskterm new capacity-plan name='Plan 2027' horizon_days=365", "deskterm do CPL-00001 freeze",
         "deskterm capacity-plan CPL-00001 > plan.md"),
    ),
)  # fmt: skip
