"""`deskterm import csv`: a table with headings, as spreadsheets and our own export write it, taken apart into rows."""

from __future__ import annotations

import csv

from deskterm.csv_cells import unguard
from deskterm.exchange.csv_lines import CsvLines, delimiter_of
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of
from deskterm.exchange.table_columns import TableRules
from deskterm.exchange.table_rows import TableImport


def load(job: Job) -> ImportResult:
    """Load a CSV file; see `docs/import.md`."""
    if job.mapping.get("kind") == "sample" or ("kind" not in job.mapping and job.source.path.stem in ("sample", "samples")):
        from deskterm.exchange import samples

        return samples.load(job)
    rules = rules_of(TableRules, job.mapping)
    table = TableImport(job, rules)
    lines = CsvLines(job, rules.encoding)
    first = next(lines, None)
    if first is None:
        if not job.faults:
            job.faults.add(1, "", "is empty; a table begins with its headings")
        job.refuse()
    delimiter = rules.delimiter or delimiter_of(first)
    lines.again(first)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        headings = _headings(job, table, next(reader))
    except csv.Error as problem:
        job.faults.add(1, "", f"holds no headings: {problem}")
    if job.faults:
        job.refuse()
    while True:
        lines.begun = 0
        try:
            cells = next(reader)
        except StopIteration:
            return table.result()
        except csv.Error as problem:
            job.faults.add(lines.begun, "", f"is not a row of a CSV file: {problem}")
            table.skip()
            continue
        if lines.bad:
            lines.bad = False
            table.skip()
        elif len(cells) != len(headings) and any(cells):
            short = "is cut short" if len(cells) < len(headings) else "is garbled"
            job.faults.add(lines.begun, "", f"{short}: it has {len(cells)} of {len(headings)} cells")
            table.skip()
        elif any(cells):
            table.take(lines.begun, {name: unguard(cell) for name, cell in zip(headings, cells, strict=True)}, 1)


def _headings(job: Job, table: TableImport, cells: list[str]) -> list[str]:
    """Return the headings as the file has them; two of one meaning are a fault."""
    headings = [unguard(cell.strip()) for cell in cells]
    names = [table.columns.name(heading) for heading in headings]
    for heading, name in zip(headings, names, strict=True):
        if name and names.count(name) > 1:
            job.faults.add(1, heading, "stands there twice, or two headings mean the same field")
    return headings
