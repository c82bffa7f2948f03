"""Commands about figures: explain one, report many, calculate what-ifs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from deskterm.cli import words
from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import DatabaseError, UsageError

if TYPE_CHECKING:
    from deskterm.explanations import Explanation
    from deskterm.reports import Report


def explain(context: Context, args: Namespace) -> None:
    """Print the facts behind a figure of a record."""
    from deskterm.explanations import explain as explained

    until_at = None
    if args.pended_until is not None:
        from deskterm.forms.moments import read_moment

        until_at = read_moment(args.pended_until, now=context.desk.moment, tz=context.desk.actor.tz, future=True)
    tell(context, explained(context.desk, args.number, args.what, pended_until_at=until_at))


def tell(context: Context, found: Explanation) -> None:
    """Print the facts that an explanation gives."""
    if context.json:
        context.write_json(found.data)
        return
    for i, part in enumerate(found.parts):
        if i:
            context.line()
        context.line(part.title)
        context.table(part.rows, part.header, right=part.right, indent="  ")


def report(context: Context, args: Namespace) -> None:
    """Print a report over a period."""
    from deskterm.reports import Period, run

    form = "json" if context.json else args.format or "table"
    if form not in ("table", "json", "csv", "md"):
        raise UsageError(f"--format is table, json, csv or md, not {form!r}")
    period = Period(words.instant(args.from_, "--from"), words.instant(args.to, "--to"))
    try:
        found = run(context.desk, args.name, period, words.values(context, args.options))
    except DatabaseError as problem:
        if args.name == "continuity":
            _offer_plans(context, problem)
        raise
    _print_report(context, found, form)


def _offer_plans(context: Context, problem: DatabaseError) -> None:
    """Say where the plans lie that this machine keeps for the day on which the database is the casualty."""
    from deskterm.continuity import local_copy

    offer = local_copy.offer(context.options.database)
    if offer:
        problem.message = f"{problem.message.rstrip('.')}; {offer}"


def _print_report(context: Context, found: Report, form: str) -> None:
    match form:
        case "json":
            context.write_json(found.data)
        case "csv":
            from deskterm.exchange.export_tables import write_rows

            write_rows([column.name for column in found.columns], found.values(), context.document)
        case "md":
            from deskterm.exchange.export_markdown import inline, table

            context.document.write(f"# {inline(found.title)}\n\n")
            context.document.write("\n".join(table([c.title for c in found.columns], found.shown())) + "\n")
        case _:
            context.line(found.title)
            context.line()
            right = [i for i, column in enumerate(found.columns) if column.numeric]
            context.table(list(found.shown()), [column.title for column in found.columns], right=right)


def calc(context: Context, args: Namespace) -> int:
    """Answer JSON lines with the desk's own arithmetic."""
    from deskterm.cli import calc as arithmetic

    if args.function is None:
        for name in arithmetic.functions():
            context.line(name)
        return 0
    return arithmetic.run(args.function, _lines(context), context.stdout)


def _lines(context: Context) -> Iterator[str]:
    """Yield the lines of standard input; bytes that are no text spoil their own line only."""
    source: Any = getattr(context.stdin, "buffer", context.stdin)
    for line in source:
        yield line.decode("utf-8", "backslashreplace") if isinstance(line, bytes) else line


COMMANDS = (
    Command(
        "explain", explain, "show the facts behind a figure of a record",
        (
            arg("number", metavar="NUMBER", help="a record's number, such as INC-00042"),
            arg("what", metavar="WHAT", nargs="?", help="response, ola:resolution, priority, …; all of them if not given"),
            arg("--pended-until", metavar="WHEN", help="what if it waited from now until then, such as +2h: when clocks are due"),
        ),
        "A clock is explained segment by segment: what counted, what did not and why, with a running total. So is the\n"
        "availability of a service or a CI, over 30 days or a period that is named; and what a service, a cost centre, a\n"
        "cost or a rule comes to, this month or in a period: 2026-11, 2026-Q4, 2026 or 2026-10-15..2026-12-01. A method or a\n"
        "currency may follow it.",
        (
            "deskterm explain INC-00042 resolution",
            "deskterm explain INC-00042 resolution --pended-until 'tomorrow 08:00'",
            "deskterm explain SVC-00003 availability:2026-10",
            "deskterm explain SVC-00003 cost:2026-Q4",
            "deskterm explain CEN-00002 cost:2026:step-down",
        ),
    ),
    Command(
        "report", report, "reckon the figures of a period from the facts",
        (
            arg("name", metavar="NAME", help="service-desk, incidents, sla, handover, …"),
            arg("options", metavar="FIELD=VALUE", nargs="*", help="what it is about, such as team=network or by=category"),
            arg("--from", dest="from_", metavar="DATE", help="the period's first instant; 30 days before its end if not given"),
            arg("--to", metavar="DATE", help="the instant that ends it; now if not given"),
            arg("--format", metavar="FORMAT", help="table, json, csv or md"),
        ),
        "A figure that nothing can be said about is empty, `null` in JSON. The key `formulas` says how each is reckoned.",
        ("deskterm report incidents --from 2026-10-01 --to 2026-11-01 by=category",),
    ),
    Command(
        "calc", calc, "answer what-ifs on JSON lines with the arithmetic that judges records",
        (arg("function", metavar="FUNCTION", nargs="?", help="which; all their names if not given"),),
        "One JSON object a line on standard input, one answer a line on standard output. A bad line is answered by an error\n"
        "in its place, and the exit status is 1 at the end. Needs no desk.",
    ),
)  # fmt: skip
