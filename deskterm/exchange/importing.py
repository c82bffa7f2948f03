"""Imports: the formats there are, and the one way each of them runs: all or nothing, and the same file twice changes nothing.

A format is a function in a module of its own that is handed a `Job` and returns what it did. It is imported when it is first
used, so that knowing of a hundred formats costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.exchange.faults import Faults, TooManyFaults
from deskterm.exchange.formats import FORMATS
from deskterm.exchange.mapping import Table, read_mapping
from deskterm.exchange.source import Progress, Source, opened
from deskterm.kinds import Kind
from deskterm.records.unit import Unit


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, in records; a row that belongs to no record counts as one."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    """Left out because something was wrong with them and the person said to go on."""
    number: str = ""
    """The record that holds what came in, where it waits for somebody to decide."""


@dataclass(slots=True)
class Job:
    """What a format works with: the file, its mapping, where to report bad rows, and the unit of work that everything is in."""

    unit: Unit
    source: Source
    mapping: Table
    skip_bad: bool = False
    faults: Faults = field(default_factory=Faults)
    _allowed: set[str] = field(default_factory=set)

    def refuse(self) -> NoReturn:
        """End the import with every fault found so far: there is nothing to go on with, whatever may be left out.

        Raises:
            ImportRefused: always.
        """
        raise self.faults.refusal(self.source.name) from None

    def require(self, kind: Kind) -> None:
        """Refuse an actor who may not import this kind.

        Raises:
            NotAllowed: it names the right and who has it.
        """
        if kind.name not in self._allowed:
            self.unit.require("import", kind)
            self._allowed.add(kind.name)


def run_import(
    desk: Desk, format: str, path: Path | str, *, dry_run: bool = False, mapping: Table | Path | str | None = None,  # noqa: A002
    skip_bad: bool = False, progress: Progress | None = None,
) -> ImportResult:  # fmt: skip
    """Load a file, in one transaction.

    Args:
        format: one of `FORMATS`.
        dry_run: do everything, say what would come of it, and keep nothing.
        mapping: what the file does not say by itself: a table, or the path of a TOML file.
        skip_bad: leave out what is wrong instead of refusing the file.
        progress: told how many bytes of how many are done.

    Raises:
        ImportRefused: rows are wrong; `rows` names every one, and nothing was loaded.
        InvalidInput: there is no such format, or the file or its mapping cannot be read.
        NotAllowed: the actor may not import one of the kinds; journalled.
    """
    importer = FORMATS.get(format)
    if importer is None:
        raise InvalidInput(
            f"there is no format {format!r}; there are: {', '.join(sorted(FORMATS))}", fields={"format": "unknown"}
        )
    load, table = importer.load(), read_mapping(mapping)
    with (
        opened(Path(path), progress, folders=importer.folders) as source,
        desk.refusals(),
        desk.unit(f"import {format}", keep=not dry_run) as unit,
    ):
        job = Job(unit, source, table, skip_bad)
        try:
            result = load(job)
        except TooManyFaults:
            job.refuse()
        if job.faults and not skip_bad:
            job.refuse()
    return result
