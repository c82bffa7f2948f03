"""Commands on single records and on a few at a time: new, show, edit, do, actions, note, link, unlink, undo."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.cli import words
from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import InvalidInput, UsageError

if TYPE_CHECKING:
    from deskterm.desk import Step
    from deskterm.records.schema import Outcome, Receipt


def new(context: Context, args: Namespace) -> None:
    """Make a record and print its number."""
    values = words.values(context, args.values)
    if (fact := context.registry.facts.get(args.kind)) is not None:
        kept = dict(fact.add(context.desk, words.moments_of(context, {one.name: one for one in fact.fields}, values)))
        line = kept.pop("line")
        context.write_json({"kind": fact.name, **kept}) if context.json else context.line(line)
        return
    kind = context.registry.kind(args.kind)
    receipt = context.desk.create(kind.name, words.moments(context, kind, values))
    if context.json:
        context.write_json({"kind": kind.name, **_receipt(receipt)})
    else:
        context.line(receipt.number)


def show(context: Context, args: Namespace) -> None:
    """Print one record, whole."""
    from deskterm.cli import record_sheet

    sheet = record_sheet.read(context.desk, args.number)
    if context.json:
        context.write_json(sheet.as_json())
    else:
        sheet.print_on(context)


def edit(context: Context, args: Namespace) -> None:
    """Change fields of one record or of many."""
    plain, assignments = words.part(args.words)
    if not assignments:
        raise UsageError("say what to change: deskterm edit NUMBER FIELD=VALUE")
    if "-" in plain and any(word.endswith("=-") for word in assignments):
        raise UsageError("standard input holds either the numbers or a value, not both")
    numbers = words.numbers(context, plain)
    values = _meant(context, numbers, words.values(context, assignments))
    version = words.whole(args.version, "--version", 1)
    if _is_one(plain) and not args.dry_run:
        _print_receipt(context, context.desk.edit(numbers[0], values, base_version=version))
        return
    if version is not None:
        raise UsageError("--version belongs to a single record that is really changed")
    from deskterm.desk import editing

    _many(context, numbers, "edit", editing(values), preview=args.dry_run)


def do(context: Context, args: Namespace) -> None:
    """Take a workflow action on one record or on many."""
    plain, assignments = words.part(args.words)
    if len(plain) < 2:
        raise UsageError("name a record and an action: deskterm do NUMBER ACTION; see: deskterm actions NUMBER")
    if "-" in plain and any(word.endswith("=-") for word in assignments):
        raise UsageError("standard input holds either the numbers or a value, not both")
    numbers, action = words.numbers(context, plain[:-1]), plain[-1]
    values = _meant(context, numbers, words.values(context, assignments), action)
    version = words.whole(args.version, "--version", 1)
    if _is_one(plain[:-1]) and not args.dry_run:
        _print_receipt(context, context.desk.act(numbers[0], action, values, base_version=version))
        return
    if version is not None:
        raise UsageError("--version belongs to a single record that is really changed")
    from deskterm.desk import acting

    _many(context, numbers, action, acting(action, values), preview=args.dry_run)


def _meant(context: Context, numbers: Sequence[str], given: Mapping[str, str], action: str = "") -> Mapping[str, object]:
    """Return the values with the times that people say read; of records of several kinds the first one's fields count."""
    prefix = numbers[0].partition("-")[0].upper() if numbers else ""
    kind = next((one for one in context.registry if one.prefix == prefix), None)
    return given if kind is None else words.moments(context, kind, given, action)


def _is_one(numbers: Sequence[str]) -> bool:
    """Return whether a single record is named; what a pipe brings is many, however few come."""
    return len(numbers) == 1 and numbers[0] != "-"


def actions(context: Context, args: Namespace) -> None:
    """Print what can be done with a record now, and why the rest cannot."""
    possible = context.desk.actions(args.number)
    if context.json:
        items = [
            {
                "name": one.name,
                "title": one.title,
                "possible": not one.refusal,
                "refusal": one.refusal or None,
                "target": one.target,
                "demands": list(one.demands),
                "takes": list(one.takes),
                "help": one.help,
            }
            for one in possible
        ]
        context.write_json({"number": args.number, "actions": items})
        return
    rows = [
        (one.name, "no" if one.refusal else "yes", ", ".join(one.demands), ", ".join(one.takes), one.refusal or one.help)
        for one in sorted(possible, key=lambda one: bool(one.refusal))
    ]
    context.table(rows, ("action", "now", "demands", "takes", "what it does, or why not"))


def note(context: Context, args: Namespace) -> None:
    """Append a note, or a reply that the requester reads."""
    receipt = context.desk.note(args.number, words.text_of(context, args.text), public=args.public)
    _print_receipt(context, receipt)


def link(context: Context, args: Namespace) -> None:
    """Link two records."""
    need = words.whole(args.need, "--need", 1)
    if (args.group is None) != (need is None):
        raise UsageError("a redundancy group needs both --group NAME and --need K")
    options: Mapping[str, Any] = {
        "valid_from": words.instant(args.from_, "--from"),
        "valid_until": words.instant(args.until, "--until"),
        "group": args.group,
        "need": need,
    }
    is_new = context.desk.link(args.number, args.relation, args.other, **options)
    if context.json:
        context.write_json({"number": args.number, "relation": args.relation, "other": args.other, "new": is_new})
    else:
        context.line(f"{args.number} {args.relation} {args.other}" + ("" if is_new else " (already so)"))


def unlink(context: Context, args: Namespace) -> None:
    """End a link; it stays readable for every instant before."""
    context.desk.unlink(args.number, args.relation, args.other)
    if context.json:
        context.write_json({"number": args.number, "relation": args.relation, "other": args.other})
    else:
        context.line(f"{args.number} no longer {args.relation} {args.other}")


def undo(context: Context, args: Namespace) -> None:
    """Take back an operation."""
    report = context.desk.undo(args.operation)
    if context.json:
        kept = [{"number": one.number, "message": one.message} for one in report.kept]
        context.write_json({"undone": list(report.undone), "kept": kept, "operation": report.operation})
        return
    for number in report.undone:
        context.line(f"{number}  put back")
    for one in report.kept:
        context.line(f"{one.number}  left as it is: {one.message}")


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "number": receipt.number,
        "version": receipt.version,
        "state": receipt.state,
        "operation": receipt.operation,
    }


def _print_receipt(context: Context, receipt: Receipt) -> None:
    if context.json:
        context.write_json(_receipt(receipt))
    else:
        context.line(f"{receipt.number}  {receipt.state}  version {receipt.version}")


def _many(context: Context, numbers: Sequence[str], what: str, step: Step, *, preview: bool) -> None:
    """Do one thing to many records, all or none, and print a line for each."""
    try:
        outcomes = context.desk.bulk(numbers, what, step, preview=preview)
    except InvalidInput as refusal:
        for number, why in refusal.fields.items():
            context.remark(f"{number}: {why}")
        raise
    if context.json:
        context.write_json({"preview": preview, "count": len(outcomes), "items": [_outcome(one) for one in outcomes]})
        return
    context.table([(one.number, "" if one.ok else "refused", _said(one), one.title) for one in outcomes])


def _outcome(one: Outcome) -> dict[str, Any]:
    changes = {name: {"old": old, "new": new} for name, (old, new) in one.changes.items()}
    return {"number": one.number, "title": one.title, "ok": one.ok, "message": one.message or None, "changes": changes}


def _said(one: Outcome) -> str:
    if not one.ok:
        return one.message
    return (
        ", ".join(f"{name}: {old or 'nothing'} → {new or 'nothing'}" for name, (old, new) in one.changes.items()) or "as it was"
    )


_NUMBER = arg("number", metavar="NUMBER", help="a record's number, such as INC-00042")
_LINK = (
    _NUMBER,
    arg("relation", metavar="RELATION", help="depends-on, runs-on, part-of, connects-to, backs-up, uses, child-of, …"),
    arg("other", metavar="OTHER", help="the number of the record it is linked to"),
)
_DRY_RUN = arg("--dry-run", action="store_true", help="say what would come of each record, and change nothing")
_VERSION = arg("--version", metavar="N", help="the version you saw: refuse if somebody changed the same fields since")

COMMANDS = (
    Command(
        "new", new, "make a record and print its number",
        (
            arg("kind", metavar="KIND", help="what to make; see: deskterm kinds"),
            arg("values", metavar="FIELD=VALUE", nargs="*", help="its fields; see: deskterm fields KIND"),
        ),
        words.SOURCES,
        ('deskterm new incident summary="Printer on fire" requester="Maria Lopez" impact=high description=@report.txt',),
    ),
    Command(
        "show", show, "print one record whole: fields, state, clocks, links, journal", (_NUMBER,),
        "With `--at`, clocks show what they showed at that instant; a CI, a service or a CI type is shown as it was then.",
    ),
    Command(
        "edit", edit, "change fields of one record, or of many at once",
        (
            arg("words", metavar="NUMBER… FIELD=VALUE", nargs="+", help="records (`-` reads their numbers), then what changes"),
            _VERSION, _DRY_RUN,
        ),
        f"Of several records all change or none; a line says what came of each.\n\n{words.SOURCES}",
        ("deskterm edit INC-00042 urgency=1 --version 7",
         "deskterm list incident 'team:desk tag:vpn' | deskterm edit - team=network"),
    ),
    Command(
        "do", do, "take a workflow action on one record, or on many at once",
        (
            arg("words", metavar="NUMBER… ACTION FIELD=VALUE", nargs="+",
                help="records (`-` reads their numbers), the action, and what it asks"),
            _VERSION, _DRY_RUN,
        ),
        f"Of several records all take it or none; a line says what came of each.\n\n{words.SOURCES}",
        ('deskterm do INC-00042 pend reason=caller message="Does it still happen?"',
         'deskterm do INC-00042 resolve code=solved solution="Replaced the cable"'),
    ),
    Command("actions", actions, "list what can be done with a record now, and why the rest cannot", (_NUMBER,)),
    Command(
        "note", note, "append a note to a record's journal",
        (
            _NUMBER,
            arg("text", metavar="TEXT", help="the note; `@path` reads a file, `-` standard input"),
            arg("--public", action="store_true", help="a reply that goes to the requester"),
        ),
    ),
    Command(
        "link", link, "link two records",
        (
            *_LINK,
            arg("--from", dest="from_", metavar="DATE", help="since when; now if not given"),
            arg("--until", metavar="DATE", help="until when; for good if not given"),
            arg("--group", metavar="NAME", help="the redundancy group that the other belongs to"),
            arg("--need", metavar="K", help="how many of the group must work"),
        ),
        "", ("deskterm link CI-00007 depends-on CI-00009 --group web --need 1",),
    ),
    Command("unlink", unlink, "end a link between two records", _LINK),
    Command(
        "undo", undo, "take back your newest operation, or the one that is named",
        (arg("operation", metavar="OPERATION", nargs="?", help="its id, as --json prints it"),),
        "What somebody changed again since is left as it is and listed.",
    ),
)  # fmt: skip
