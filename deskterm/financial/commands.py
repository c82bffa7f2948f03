"""Finance's own commands: statements of charge runs. All else is `new`, `edit`, `do`, `list`, `report` and `explain`."""

from __future__ import annotations

from argparse import Namespace

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import UsageError


def statement(context: Context, args: Namespace) -> None:
    """Print the statements of a charge run, or that of one customer."""
    from deskterm.fields import show_cents
    from deskterm.financial import statements

    form = "json" if context.json else args.format or "table"
    if form not in ("table", "json", "csv", "md"):
        raise UsageError(f"--format is table, json, csv or md, not {form!r}")
    found = statements.statements(context.desk, args.number, args.customer)
    if form == "json":
        context.write_json(statements.data(found))
    elif form == "csv":
        from deskterm.exchange.export_tables import write_rows

        write_rows(statements.CSV_HEADINGS, statements.csv_rows(found), context.document)
    elif form == "md":
        context.document.write(statements.markdown(found))
    else:
        context.line(f"{found.number}  {found.name}, {found.state}, {found.currency}")
        rows = [
            (one.customer, line["service"], line["price"], show_cents(line["cost"]), show_cents(line["amount"]))
            for one in found.customers
            for line in one.lines
        ]
        given_back = [(one.customer, "credit", note["number"], "", show_cents(-note["amount"])) for one in found.customers
                   for note in one.credits]  # fmt: skip
        total = sum(one.charged - one.credited for one in found.customers)
        context.line()
        end = ("in all", "", "", "", show_cents(total))
        context.table([*rows, *given_back, end], ("customer", "service", "price", "cost", "amount"), right=(3, 4))
        if args.customer is None:
            context.line()
            context.line(f"cost that no customer bears: {show_cents(found.uncharged)}")


COMMANDS = (
    Command(
        "statement", statement, "print what a charge run charges its customers",
        (
            arg("number", metavar="NUMBER", help="the run's number, such as CRN-00001"),
            arg("customer", metavar="CUSTOMER", nargs="?", help="one customer alone, by number or name"),
            arg("--format", metavar="FORMAT", help="table, json, csv or md"),
        ),
        "A draft is reckoned from the costs and prices as they stand; an issued run is read from what was frozen.\n"
        "CSV and Markdown have what is behind each line: the cost, the CI, the rule of allocation and its version, the element.",
        ("deskterm statement CRN-00001",
         "deskterm statement CRN-00001 Acme --format md > acme.md"),
    ),
)  # fmt: skip
