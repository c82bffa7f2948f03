"""Commands that read and write files: import and export."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TextIO

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import ImportRefused
from deskterm.exchange.formats import FORMATS

MOST_ROWS = 50
"""Bad rows that are printed for a person; `--json` prints them all."""


def import_(context: Context, args: Namespace) -> None:
    """Load a file, whole or not at all."""
    from deskterm.exchange.importing import run_import
    from deskterm.exchange.progress import ProgressBar

    bar = ProgressBar(context.stderr)
    try:
        result = run_import(
            context.desk, args.format, args.path,
            dry_run=args.dry_run, mapping=args.mapping, skip_bad=args.skip_bad, progress=bar,
        )  # fmt: skip
    except ImportRefused as refusal:
        bar.clear()
        _print_rows(context, refusal)
        raise
    finally:
        bar.clear()
    counts = {name: getattr(result, name) for name in ("created", "updated", "unchanged", "skipped")}
    if context.json:
        context.write_json(counts | ({"number": result.number} if result.number else {}))
        return
    inbox = f"; {result.number} holds them in the inbox" if result.number and not args.dry_run else ""
    said = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    context.line(f"{said} (dry run: nothing was kept)" if args.dry_run else said + inbox)


def _print_rows(context: Context, refusal: ImportRefused) -> None:
    for row in refusal.rows[:MOST_ROWS]:
        context.remark(f"line {row.line}: {f'{row.field} ' if row.field else ''}{row.message}")
    if len(refusal.rows) > MOST_ROWS:
        context.remark(f"… and {len(refusal.rows) - MOST_ROWS:,} more; --json lists them all")


def export(context: Context, args: Namespace) -> None:
    """Write the records of a kind that a query finds."""
    from deskterm.exchange.exporting import run_export

    kind = context.registry.kind(args.kind)
    _tell_lines_as_they_are(context.stdout)
    run_export(context.desk, args.format, kind, args.query or "", args.sort or "", context.document)


def _tell_lines_as_they_are(stream: TextIO) -> None:
    """Let no platform turn line feeds into something else: a file is the same wherever it was written."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None and stream is sys.stdout:
        reconfigure(newline="\n")


def _formats() -> str:
    width = max(map(len, FORMATS))
    return "\n".join(f"    {name:{width}}  {one.help}{', or a folder' * one.folders}" for name, one in sorted(FORMATS.items()))


COMMANDS = (
    Command(
        "import", import_, "load a file: all of it or, where a row is wrong, nothing",
        (
            arg("format", metavar="FORMAT", help="what the file is; the formats are listed below"),
            arg("path", metavar="PATH", help="the file; of some formats also a folder of files"),
            arg("--dry-run", action="store_true", help="say what would come of it, and keep nothing"),
            arg("--mapping", metavar="FILE", help="TOML that says what the file does not: kind, columns, zone, …"),
            arg("--skip-bad", action="store_true", help="leave out what is wrong instead of refusing the file"),
        ),
        f"Every wrong row is named by its line. Loading the same file again changes nothing.\n\nFormats:\n\n{_formats()}",
        ("deskterm import csv people.csv --dry-run",),
    ),
    Command(
        "export", export, "write records to standard output, in a format that import or another program reads",
        (
            arg("kind", metavar="KIND", help="what to write; see: deskterm kinds"),
            arg("query", metavar="QUERY", nargs="?", help="which of them (docs/query.md); all if not given"),
            arg("--format", metavar="FORMAT", required=True, help="csv, jsonl, md or ics"),
            arg("--sort", metavar="F,-G", help="fields to sort by, `-` for downwards"),
        ),
        "In CSV, a text that a spreadsheet would run (it begins with `= + - @`, a tab or a line end) is written with an\n"
        "apostrophe before it, and so is one that begins with apostrophes before such a sign; import takes one off again.",
        ("deskterm export ci 'type:server' --format csv > servers.csv",),
    ),
)  # fmt: skip
