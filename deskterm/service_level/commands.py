"""Commands of service level management: a service review in full. All else is `new`, `do`, `list`, `report` and `explain`."""

from __future__ import annotations

from argparse import Namespace

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import UsageError


def review(context: Context, args: Namespace) -> None:
    """Print a service review: as it stands while it is a draft, as it was sealed once it is published."""
    from deskterm.service_level import review_print, review_reading

    form = "json" if context.json else args.format or "table"
    if form not in ("table", "json", "md"):
        raise UsageError(f"--format is table, json or md, not {form!r}")
    found = review_reading.read_review(context.desk, args.number)
    if form == "json":
        context.write_json(review_reading.as_json(found))
        return
    if form == "md":
        context.document.write("\n".join(review_print.markdown(found)) + "\n")
        return
    context.line(f"Service review {found.view.number}: {found.content['name']}")
    context.table(list(review_print.about(found)), indent="  ")
    if found.content.get("comments"):
        context.line(str(found.content["comments"]))
    for section in review_print.sections(found):
        context.line()
        context.line(section.title)
        if section.rows:
            context.table(section.rows, section.header, right=section.right, indent="  ")
        else:
            context.line(f"  {section.empty}")


COMMANDS = (
    Command(
        "review", review, "print a service review",
        (
            arg("number", metavar="NUMBER", help="the review's number, such as REV-00001"),
            arg("--format", metavar="FORMAT", help="table, json or md"),
        ),
        "A draft is worked out anew each time. A published one is printed as it was sealed, and what came after stands\n"
        "beside it under `since then`. It is made by `deskterm new service-review` and sealed by `deskterm do REV-… publish`.",
        ("deskterm new service-review agreement='Gold SLA' from_at=2026-10-01 to_at=2026-11-01",
         "deskterm do REV-00001 publish comments='The move cost us two days'",
         "deskterm review REV-00001 --format md > review.md"),
    ),
)  # fmt: skip
