"""`deskterm import samples`: measurements as a table, in any order: `resource,at,value`, or `timestamp,value` of one resource.

Whose they are says a column, the mapping, or the file's name (number, name or external name of a resource). Of two rows of one
instant the later counts. A value that is no measurement (NaN, Inf) is a fault of its line.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from deskterm.capacity import rolling, samples
from deskterm.civil_time import read_instant, zone_named
from deskterm.csv_cells import unguard
from deskterm.errors import DeskError
from deskterm.exchange.csv_lines import CsvTable
from deskterm.exchange.faults import brief
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import Rules, ZoneName, rules_of

HEADINGS = {
    "resource": ("resource", "series", "name"),
    "at": ("at", "timestamp", "time", "date", "datetime"),
    "value": ("value", "y", "usage"),
}
"""What a heading may be called."""


class SampleRules(Rules):
    """What a mapping may say about samples."""

    kind: str = "sample"
    resource: str = ""
    """Whose they are, where the rows do not say."""
    zone: ZoneName = "UTC"
    """The IANA zone of times without an offset."""
    factor: float = 1.0
    """Every value is multiplied by it: 1e-9 makes gigabytes of bytes."""
    delimiter: str = ""
    encoding: str = "utf-8"


class Moments:
    """Reads instants, each hour looked up once: files have millions of them in a row."""

    def __init__(self, zone: str) -> None:
        self._zone = zone_named(zone)
        self._hours: dict[str, int] = {}

    def read(self, text: str) -> int:
        """Return the instant that a cell names: ISO 8601, or seconds since the epoch (milliseconds with 13 digits).

        Raises:
            ValueError: it names none.
        """
        text = text.strip()
        if len(text) == 19 and text[13] == ":" and text[16] == ":":
            base = self._hours.get(text[:13])
            if base is not None and text[14:16].isdigit() and text[17:].isdigit() and text[14] < "6" and text[17] < "6":
                return base + int(text[14:16]) * 60 + int(text[17:])
        if text.isascii() and text.isdigit() and len(text) in (9, 10, 13):
            return int(text[:10]) if len(text) == 13 else int(text)
        try:
            found = read_instant(text, self._zone)
        except DeskError as problem:
            raise ValueError(f"must be an instant such as 2026-11-22T14:02:00Z, not {brief(text)}") from problem
        if len(text) == 19 and text[13] == ":":
            self._hours[text[:13]] = found - int(text[14:16]) * 60 - int(text[17:])
        return found


class Intake:
    """Collects samples by resource, sixteen bytes each, and keeps them all at the end."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.latest = job.unit.recorded_at + samples.AHEAD_SECONDS
        self.skipped = 0
        self._series: dict[int, tuple[array[int], array[float]]] = {}
        self._names: dict[str, int | str] = {}
        job.require(job.unit.registry.kind("resource"))

    def resource(self, name: str) -> int:
        """Return a resource by number, name or external name.

        Raises:
            ValueError: there is none; said once for all its rows.
        """
        found = self._names.get(name)
        if found is None:
            try:
                found = samples.resource_named(self.job.unit, name)
            except ValueError as problem:
                found = str(problem)
            self._names[name] = found
        if isinstance(found, str):
            raise ValueError(found)
        return found

    def take(self, resource_id: int, at: int, value: float) -> None:
        """Take a sample.

        Raises:
            ValueError: it is no measurement, or still to come.
        """
        if fault := samples.value_fault(value):
            raise ValueError(fault)
        if at > self.latest:
            raise ValueError("is measured in the future")
        pair = self._series.get(resource_id)
        if pair is None:
            pair = self._series[resource_id] = (array("q"), array("d"))
        pair[0].append(at)
        pair[1].append(value)

    def fault(self, line: int, column: str, message: str) -> None:
        """Note what is wrong with a row, which is left out."""
        self.skip()
        self.job.faults.add(line, column, message)

    def skip(self) -> None:
        """Leave a row out."""
        self.skipped += 1

    def keep(self) -> ImportResult:
        """Keep everything, and sum it up."""
        tally, told = samples.Tally(), 0
        if self.job.skip_bad or not self.job.faults:
            connection = self.job.unit.connection
            for resource_id, (instants, values) in self._series.items():
                for some in _ordered(instants, values):
                    tally.add(samples.put(connection, resource_id, some))
                told += len(instants)
            tally.unchanged += told - tally.all  # of several rows of one instant the last was kept
            while rolling.roll_some(connection):
                continue
        return ImportResult(tally.created, tally.corrected, tally.unchanged, self.skipped + tally.left_out)


def _ordered(instants: array[int], values: array[float]) -> Iterator[list[tuple[int, float]]]:
    """Yield samples in the order of their instants, one for each, some at a time."""
    if any(later <= earlier for earlier, later in pairwise(instants)):
        latest = dict(zip(instants, values, strict=True))
        instants = array("q", sorted(latest))
        values = array("d", map(latest.__getitem__, instants))
    for start in range(0, len(instants), samples.CHUNK):
        end = start + samples.CHUNK
        yield list(zip(instants[start:end], values[start:end], strict=True))


def load(job: Job) -> ImportResult:
    """Load samples; see `docs/import-samples.md`."""
    rules = rules_of(SampleRules, job.mapping)
    intake = Intake(job)
    rows = CsvTable(job, encoding=rules.encoding, delimiter=rules.delimiter)
    table = _Table(intake, rules, job.source.path)
    if not rows.empty:
        table.headings(rows.headings)
    elif not job.faults:
        job.faults.add(1, "", "is empty; a table of samples begins with resource,at,value or timestamp,value")
    if job.faults:
        job.refuse()
    for line, cells in rows.rows(intake.skip):
        table.row(line, cells)
    return intake.keep()


class _Table:
    """The columns of a table of samples."""

    def __init__(self, intake: Intake, rules: SampleRules, path: Path) -> None:
        self.intake, self.rules = intake, rules
        self.moments = Moments(rules.zone)
        self.stem = path.stem
        self.places: dict[str, int] = {}
        self.whose: int | None = None

    def headings(self, cells: list[str]) -> None:
        """Find the columns; without one of resources, find whose samples they are."""
        folded = [cell.casefold() for cell in cells]
        for name, words in HEADINGS.items():
            known = [folded.index(word) for word in words if word in folded]
            if known:
                self.places[name] = known[0]
        for name in ("at", "value"):
            if name not in self.places:
                said = f"there is no column {name} (or {', '.join(HEADINGS[name][1:])})"
                self.intake.job.faults.add(1, "", f"{said} among {', '.join(cells)[:80]}")
        if "resource" in self.places and not self.rules.resource:
            return
        named = self.rules.resource or self.stem
        try:
            self.whose = self.intake.resource(named)
        except ValueError as problem:
            hint = "" if self.rules.resource else "; add a column resource, or a mapping with resource = 'RES-00001'"
            self.intake.job.faults.add(1, "resource", f"{problem}{hint}")

    def row(self, line: int, cells: list[str]) -> None:
        """Take a row."""
        column = "resource"
        try:
            whose = self.whose if self.whose is not None else self.intake.resource(unguard(cells[self.places["resource"]]))
            column = "at"
            at = self.moments.read(cells[self.places["at"]])
            column = "value"
            self.intake.take(whose, at, self.rules.factor * number(cells[self.places["value"]]))
        except ValueError as problem:
            self.intake.fault(line, column, str(problem))


def number(text: str) -> float:
    """Read a value; NaN and Inf are read too, and refused by name afterwards.

    Raises:
        ValueError: it is no number.
    """
    stripped = text.strip()
    try:
        return float("x" if "_" in stripped else stripped)  # Python reads 1_000; people mean something else by it
    except ValueError:
        raise ValueError(f"must be a number, not {brief(stripped)}") from None
