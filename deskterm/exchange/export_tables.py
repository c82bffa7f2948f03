"""Exports that read back: CSV, whose cells no spreadsheet runs (see `deskterm.csv_cells`), and JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from deskterm.clock import format_instant
from deskterm.csv_cells import guard
from deskterm.exchange.exporting import Records, Sink, columns_of
from deskterm.kinds import Kind


def cell(value: Any) -> str:
    """Return a value, as JSON shows it, as a CSV cell: nothing is empty, yes or no, a list or an object is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    return guard(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def write_rows(header: Iterable[str], rows: Iterable[Iterable[Any]], out: Sink) -> None:
    """Write a heading and rows of values as CSV."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(list(header))
    for row in rows:
        writer.writerow([cell(value) for value in row])


def write_csv(kind: Kind, records: Records, out: Sink) -> None:
    """Write records as CSV."""
    names = columns_of(kind)
    rows = ((one.number, one.state, *(one.values[name] for name in names)) for one in records)
    write_rows(("number", "state", *names), rows, out)


def write_jsonl(kind: Kind, records: Records, out: Sink) -> None:
    """Write records as JSON lines, ASCII only."""
    for one in records:
        about = {
            "number": one.number,
            "kind": kind.name,
            "state": one.state,
            "version": one.version,
            "created_at": format_instant(one.created_at),
            "updated_at": format_instant(one.updated_at),
        }
        out.write(json.dumps({**about, **one.values}) + "\n")
