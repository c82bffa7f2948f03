"""`deskterm import csv`: a table with headings, as spreadsheets and our own export write it, taken apart into rows."""

from __future__ import annotations

from deskterm.csv_cells import unguard
from deskterm.exchange.csv_lines import CsvTable
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
    rows = CsvTable(job, encoding=rules.encoding, delimiter=rules.delimiter)
    if rows.empty and not job.faults:
        job.faults.add(1, "", "is empty; a table begins with its headings")
    _no_heading_twice(job, table, rows.headings)
    if job.faults:
        job.refuse()
    for line, cells in rows.rows(table.skip):
        table.take(line, {name: unguard(cell) for name, cell in zip(rows.headings, cells, strict=True)}, 1)
    return table.result()


def _no_heading_twice(job: Job, table: TableImport, headings: list[str]) -> None:
    """Note two headings of one meaning."""
    names = [table.columns.name(heading) for heading in headings]
    for heading, name in zip(headings, names, strict=True):
        if name and names.count(name) > 1:
            job.faults.add(1, heading, "stands there twice, or two headings mean the same field")
