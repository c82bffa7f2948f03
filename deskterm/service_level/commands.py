"""Commands of service level management: a review in full, a past period judged again; and the desk's self-assessment."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from deskterm.cli import words as given
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


def replay(context: Context, args: Namespace) -> None:
    """Print what a past period would have been under a proposed target or calendar."""
    from deskterm.exchange.progress import ProgressBar
    from deskterm.reports import Period
    from deskterm.service_level import replay_print
    from deskterm.service_level.replay import replay as judged_again

    period = Period(given.instant(args.from_, "--from"), given.instant(args.to, "--to"))
    values: dict[str, Any] = dict(given.values(context, args.proposal))
    if str(values.get("calendar", "")).lstrip().startswith("{"):
        values["calendar"] = _definition(values["calendar"])
    bar = ProgressBar(context.stderr)
    try:
        found = judged_again(context.desk, args.number, values, period, told=bar)
    finally:
        bar.clear()
    if context.json:
        context.write_json(replay_print.as_json(found))
        return
    context.line(replay_print.heading(found))
    context.line()
    context.table(list(replay_print.target_rows(found)), replay_print.TARGETS, right=(1, 2, 3, 4, 5, 6))
    context.line()
    if not found.moved:
        context.line("No record changes sides.")
        return
    context.line(f"{len(found.moved)} of {len(found.lines)} clocks change sides:")
    context.table(list(replay_print.moved_rows(found)), replay_print.MOVED, indent="  ")


def assess(context: Context, args: Namespace) -> None:
    """Assess the desk and keep what came of it."""
    from deskterm.assessment.running import keep
    from deskterm.reports.assessment import as_json, words

    found = keep(context.desk, args.note or "")
    if context.json:
        context.write_json(as_json(found))
        return
    context.line(f"kept: {words(found.overall)} of 5; read it with: deskterm report assessment")


def _definition(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError as problem:
        raise UsageError(f"calendar is no JSON: {problem}") from None
    return found


COMMANDS = (
    Command(
        "assess", assess, "assess how mature each system is, and keep the answers",
        (arg("note", metavar="NOTE", nargs="?", help="why it was done, such as 'before the audit'"),),
        "The questions, answers and evidence are printed by `deskterm report assessment`; what was kept by the same with\n"
        "`history=yes`. Once the first is kept, one is kept every thirty days by itself.",
        ("deskterm assess 'before the audit'", "deskterm report assessment process=problem --format md"),
    ),
    Command(
        "replay", replay, "judge a past period by a proposed target or calendar",
        (
            arg("number", metavar="NUMBER", help="the target or the agreement, such as TGT-00004"),
            arg("proposal", metavar="FIELD=VALUE", nargs="*", help="amount_seconds, days, unit, priorities; calendar; query"),
            arg("--from", dest="from_", metavar="DATE", help="the period's first instant; 30 days before its end if not given"),
            arg("--to", metavar="DATE", help="the instant that ends it; now if not given"),
        ),
        "Reckoned from the journal by the engine that judges records; nothing is written. What counts is what was decided\n"
        "within the period: met in time, or late. `calendar` names one there is, or defines one as JSON (`calendar=@file`).",
        ("deskterm replay TGT-00004 amount_seconds=6h --from 2026-10-01 --to 2026-11-01",
         "deskterm replay SLA-00002 calendar='Around the clock'",
         "deskterm replay TGT-00004 days=2 unit=business-days query='service:Payroll'"),
    ),
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
