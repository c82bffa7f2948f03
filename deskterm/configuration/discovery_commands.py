"""The commands of discovery and audit: deciding about the rows of a scan, and taking codes into an audit."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from deskterm.cli import words
from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import InvalidInput, UsageError

if TYPE_CHECKING:
    from deskterm.configuration.audits import AuditView, Scanned
    from deskterm.configuration.discovery_schema import Applied, Row

VERBS = {"list": (), "stage": (), "discard": (), "open": (), "choose": ("ci",), "leave-out": ("field",), "apply": ()}
"""What can be done with rows, and what each needs besides."""
MOST_SHOWN = 200
"""Rows that are printed for a person; `--json` prints them all."""


def discovery(context: Context, args: Namespace) -> None:
    """Print the rows of a scan, or decide about some of them."""
    plain, assignments = words.part(args.words)
    values = words.values(context, assignments)
    verb, *which = plain or ["list"]
    if verb not in VERBS:
        raise UsageError(f"rows take {', '.join(VERBS)}, not {verb!r}")
    strange = sorted(values.keys() - set(VERBS[verb]))
    missing = [name for name in VERBS[verb] if name not in values]
    if strange or missing:
        needs = " and ".join(f"{name}=…" for name in VERBS[verb]) or "nothing besides rows"
        raise UsageError(f"{verb} takes {needs}")
    if verb == "list":
        _print_rows(context, args.number, which)
        return
    if verb == "apply":
        _apply(context, args, which)
        return
    positions = _positions(context, args.number, which)
    _decide(context, args.number, verb, positions, values)


def _decide(context: Context, number: str, verb: str, positions: tuple[int, ...], values: Mapping[str, str]) -> None:
    from deskterm.configuration import discovery as service

    desk = context.desk
    if verb in ("choose", "leave-out"):
        for position in positions:
            if verb == "choose":
                service.choose(desk, number, position, values["ci"])
            else:
                service.leave_out(desk, number, position, values["field"])
        changed = positions
    else:
        changed = service.decide(desk, number, positions, {"stage": "staged", "discard": "discarded"}.get(verb, "open"))
    if context.json:
        context.write_json({"number": number, "rows": list(changed)})
    else:
        rows = "1 row" if len(changed) == 1 else f"{len(changed):,} rows"
        context.line(f"{number}: {rows} {_DONE[verb]}")


_DONE = {"stage": "staged", "discard": "discarded", "open": "open again", "choose": "settled and staged", "leave-out": "changed"}


def _apply(context: Context, args: Namespace, which: list[str]) -> None:
    from deskterm.configuration import discovery as service
    from deskterm.exchange.progress import ProgressBar

    if which:
        raise UsageError("apply takes over what is staged; stage the rows first")
    bar = ProgressBar(context.stderr)
    try:
        applied = service.apply(context.desk, args.number, preview=args.dry_run, tell=bar)
    finally:
        bar.clear()
    _print_applied(context, args, applied)


def _print_applied(context: Context, args: Namespace, applied: Applied) -> None:
    if context.json:
        steps = [
            {
                "row": one.position,
                "name": one.name,
                "ok": one.ok,
                "what": one.what,
                "number": one.number or None,
                "fields": one.fields,
            }
            for one in applied.steps
        ]
        context.write_json({"number": args.number, "dry_run": args.dry_run, "rows": steps})
        return
    rows = [(str(one.position), one.name, one.what, one.number, ", ".join(one.fields)) for one in applied.steps[:MOST_SHOWN]]
    context.table(rows, ("row", "name", "what", "ci", "fields"), right=(0,))
    counts = ", ".join(f"{applied.count(what):,} {what}" for what in ("made", "changed", "missing", "as it is"))
    refused = f", {len(applied.refused):,} refused" if applied.refused else ""
    context.line(f"{counts}{refused}{' (dry run: nothing was kept)' if args.dry_run else ''}")


def _positions(context: Context, number: str, which: Iterable[str]) -> tuple[int, ...]:
    """Return the rows that words name: numbers, ranges, outcomes, or `all` that are open."""
    from deskterm.configuration import discovery as service
    from deskterm.configuration.discovery_rules import numbers_in
    from deskterm.configuration.discovery_schema import PROPOSALS, Outcome

    found: set[int] = set()
    names = {one.value for one in PROPOSALS}
    for word in which:
        if word == "all":
            for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.VANISHED):
                found.update(service.positions_of(context.desk, number, outcome))
        elif word in names:
            found.update(service.positions_of(context.desk, number, Outcome(word)))
        else:
            low, _, high = word.partition("-")
            first = words.whole(low, "a row", 1) or 0
            last = words.whole(high, "a row", first) or 0 if high else first
            if last - first > 100_000:
                raise UsageError(f"{word} is no range of rows")
            found.update(numbers_in(f"{first}-{last}"))
    if which and not found:
        raise InvalidInput(
            f"no row of {number} that is {' or '.join(which)} is open; list them with: deskterm discovery {number} list open"
        )
    if not found:
        raise UsageError("say which rows: numbers, ranges such as 3-9, new, changed, vanished, conflict or all")
    return tuple(sorted(found))


def _print_rows(context: Context, number: str, sorts: list[str]) -> None:
    from deskterm.configuration import discovery_reading as reading

    strange = sorted(set(sorts) - set(reading.SORTS))
    if strange:
        raise UsageError(f"rows are listed by {', '.join(reading.SORTS)}, not by {strange[0]!r}")
    view = reading.view(context.desk, number)
    rows = list(reading.rows_of(context.desk, number, sorts)) if sorts else []
    while not sorts and (page := reading.rows(context.desk, number, after=rows[-1].position if rows else 0)):
        rows += page
        if not context.json and len(rows) >= MOST_SHOWN:
            break
    if context.json:
        context.write_json({
            "number": view.number, "name": view.name, "state": view.state, "scope": view.scope, "complete": view.finished,
            "counts": dict(view.counts), "decisions": dict(view.states), "unauthorised": view.unauthorised,
            "rows": [_row(one) for one in rows],
        })  # fmt: skip
        return
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in view.counts.items())
    context.line(f"{view.number} {view.name}: {view.state}, {counts}")
    cells = [
        (str(one.position), one.outcome.value, one.state, one.name, one.number or one.chosen, _what(one))
        for one in rows[:MOST_SHOWN]
    ]
    context.table(cells, ("row", "outcome", "decision", "name", "ci", "what"), right=(0,))
    if len(rows) >= MOST_SHOWN:
        context.line("… --json prints every row")


def _what(row: Row) -> str:
    alarm = f"unauthorised, {row.incident}; " if row.unauthorised else f"covered by {row.covered_by}; " if row.covered_by else ""
    fields = ", ".join(one.field.removeprefix("attributes.") for one in row.differences if one.field not in row.left_out)
    return f"{alarm}{row.message or fields}"


def _row(row: Row) -> dict[str, Any]:
    return {
        "row": row.position,
        "line": row.line or None,
        "source": row.source or None,
        "name": row.name,
        "outcome": row.outcome.value,
        "decision": row.state or None,
        "ci": row.number or None,
        "matched_by": row.matched_by or None,
        "found": dict(row.found),
        "differences": [{"field": one.field, "old": one.old, "new": one.new} for one in row.differences],
        "left_out": list(row.left_out),
        "candidates": [one.number for one in row.candidates],
        "chosen": row.chosen or None,
        "unauthorised": row.unauthorised,
        "covered_by": row.covered_by or None,
        "incident": row.incident or None,
        "message": row.message or None,
    }


def audit(context: Context, args: Namespace) -> None:
    """Print how an audit stands, or take codes into it."""
    from deskterm.configuration import audits

    verb, *rest = args.words or [""]
    if not verb:
        _print_audit(context, audits.view(context.desk, args.number))
        return
    if verb not in ("scan", "take-back"):
        raise UsageError(f"an audit takes scan and take-back, not {verb!r}")
    codes = [code for word in rest for code in (audits.codes_of(context.read_text()) if word == "-" else [word])]
    if not codes:
        raise UsageError("give the codes as they stand on the labels; - reads them from standard input, one a line")
    if verb == "take-back":
        count = audits.take_back(context.desk, args.number, codes)
        context.line(f"{args.number}: {count} taken back")
        return
    _print_scanned(context, args.number, audits.scan(context.desk, args.number, codes))


def _print_scanned(context: Context, number: str, results: tuple[Scanned, ...]) -> None:
    if context.json:
        found = [
            {"code": one.code, "result": one.result, "ci": one.number or None, "location": one.location or None}
            for one in results
        ]
        context.write_json({"number": number, "scanned": found})
        return
    rows = [(one.code, one.result, one.number, one.title, one.location) for one in results]
    context.table(rows, ("code", "result", "ci", "name", "recorded at"))


def _print_audit(context: Context, view: AuditView) -> None:
    if context.json:
        lines = [
            {"ci": one.number or None, "name": one.title or None, "code": one.code or None, "state": one.state}
            for one in view.lines
        ]
        context.write_json(
            {
                "number": view.number,
                "name": view.name,
                "state": view.state,
                "expected": view.expected,
                "scanned": view.scanned,
                "missing": view.missing,
                "unexpected": view.unexpected,
                "accuracy": view.accuracy,
                "lines": lines,
            }
        )
        return
    accuracy = "n/a" if view.accuracy is None else f"{view.accuracy:.1f} %"
    context.line(
        f"{view.number} {view.name}: {view.state}; {view.scanned} of {view.expected} found, {view.missing} missing, "
        f"{view.unexpected} unexpected, accuracy {accuracy}"
    )
    rows = [(one.state, one.number, one.title, one.code, one.location) for one in view.lines[:MOST_SHOWN]]
    context.table(rows, ("state", "ci", "name", "code", "recorded at"))


COMMANDS = (
    Command(
        "discovery",
        discovery,
        "list the rows of a scan, decide about some of them, or apply what is staged",
        (
            arg("number", metavar="NUMBER", help="the scan's number, such as DSC-00007"),
            arg(
                "words",
                metavar="list|stage|discard|open|choose|leave-out|apply ROW… FIELD=VALUE",
                nargs="*",
                help="what is to become of which rows: numbers, ranges, `new`, `changed`, `vanished`, `conflict`, `all`; "
                "choose takes `ci` (a number, or `new`), leave-out takes `field`; list takes what came of them, `open`, "
                "`staged`, `discarded`, `applied`, `unauthorised`, and lists every row without",
            ),
            arg("--dry-run", action="store_true", help="with apply: say what would come of each row, and keep nothing"),
        ),
        "A scan comes in with `import nmap`, `ansible`, `osquery`, `netbox` or `discovery`. Applying is one transaction;\n"
        "`do NUMBER settle` leaves the rest as it is recorded.",
        (
            "deskterm discovery DSC-00007 list conflict unauthorised",
            "deskterm discovery DSC-00007 stage changed 12-15",
            "deskterm discovery DSC-00007 choose 3 ci=CI-00042",
            "deskterm discovery DSC-00007 apply --dry-run",
        ),
    ),
    Command(
        "audit",
        audit,
        "show how an audit stands, or take codes into it",
        (
            arg("number", metavar="NUMBER", help="the audit's number, such as AUD-00003"),
            arg(
                "words",
                metavar="scan|take-back CODE…",
                nargs="*",
                help="asset numbers, serial numbers, CI numbers or names as labels have them; `-` reads them from standard input",
            ),
        ),
        "An audit begins with `new audit location=… types=…` and ends with `do NUMBER close mark_missing=yes`.",
        ("deskterm audit AUD-00003 scan 100482 100483", "deskterm audit AUD-00003 scan - < scanned.txt"),
    ),
)
