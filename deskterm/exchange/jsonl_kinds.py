"""`deskterm import jsonl`: a JSON object a line, as our own export writes them, by the names of fields."""

from __future__ import annotations

import json

from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of
from deskterm.exchange.source import undecodable
from deskterm.exchange.table_columns import TableRules
from deskterm.exchange.table_rows import TableImport


def load(job: Job) -> ImportResult:
    """Load a file of JSON lines; see `docs/import.md`."""
    table = TableImport(job, rules_of(TableRules, job.mapping))
    for number, raw in job.source.lines(job.faults):
        try:
            text = raw.decode("utf-8").strip()
        except UnicodeDecodeError as problem:
            job.faults.add(number, "", undecodable(raw, problem, [])[1])
            table.skip()
            continue
        if not text:
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as problem:
            job.faults.add(number, "", f"is not JSON: {problem}")
            table.skip()
            continue
        if isinstance(row, dict):
            table.take(number, row)
        else:
            job.faults.add(number, "", 'is not a JSON object such as {"kind": "person", "name": "Maria"}')
            table.skip()
    return table.result()
