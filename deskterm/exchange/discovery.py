"""What every format of discovery has in common: the rules of a mapping, faults by file and line, and the way into the inbox.

A format yields what it found one by one; it is handed on to `deskterm.configuration.discovery_intake`, which reconciles it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

from pydantic import Field as Bound

from deskterm.configuration.discovery_intake import MOST_ROWS, Intake
from deskterm.configuration.discovery_schema import Found, Outcome, Scan
from deskterm.errors import InvalidInput
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.json_documents import documents, read_text
from deskterm.exchange.mapping import Rules
from deskterm.exchange.source import Source
from deskterm.fields.scalars import clean

BESIDE = frozenset({".cfg", ".csv", ".ini", ".log", ".md", ".retry", ".txt", ".yaml", ".yml"})
"""Ends of names of files that lie in a folder of facts without being any: inventories, notes."""


class DiscoveryRules(Rules):
    """What a mapping may say of a scan."""

    scope: Annotated[str, Bound(max_length=255)] = ""
    """A name for what was looked at, by which later scans of the same are known; the format's own, if empty."""
    complete: bool = True
    """Everything of the scope is in the file: what an earlier scan found and this one does not has vanished."""


class Reader:
    """The base of what reads a file."""

    def __init__(self, job: Job, scan: Scan) -> None:
        self.job, self.scan = job, scan
        self.bad = 0

    def fault(self, line: int, column: str, message: str) -> None:
        """Note what is wrong; where a folder is read, `column` is the file's name."""
        self.unread()
        self.job.faults.add(line, column, message)

    def unread(self) -> None:
        """Know that something could not be read: what was not seen may be there all the same."""
        self.bad += 1
        self.scan.finished = False

    def guarded(self, line: int, read: Callable[[], object], column: str = "") -> None:
        """Read one thing; what it refuses is a fault of its line."""
        try:
            read()
        except ValueError as problem:
            self.fault(line, column, str(problem))

    def json(self, purpose: str) -> Iterator[tuple[str, int, object]]:
        """Yield every JSON document of the file or folder: name of the file in a folder, line, document."""
        done, source = 0, self.job.source
        for part in source.parts():
            name = part.name if source.members else ""
            if part.path.suffix.casefold() in BESIDE and name:
                continue
            before = len(self.job.faults.rows)
            text = self._whole(purpose, part if source.members else None)
            if text is not None and not text.strip():
                self.fault(1, name, f"is empty; {purpose} are JSON")
            for line, document in documents(self.job, text or "", name):
                yield name, line, document
            broken = len(self.job.faults.rows) - before
            self.bad += broken
            self.scan.finished &= not broken
            done += part.size
            if source.progress:
                source.progress(done // 2, source.size)

    def _whole(self, purpose: str, part: Source | None) -> str | None:
        """Read a file whole; that this is done says nothing of the import, of which it is less than half."""
        source = self.job.source
        progress, source.progress = source.progress, None
        try:
            return read_text(self.job, purpose, part)
        finally:
            source.progress = progress


def land(job: Job, scan: Scan, rules: DiscoveryRules, read: Callable[[Scan], Iterable[Found]]) -> ImportResult:
    """Bring what a format reads into the inbox, once: the same file again changes nothing."""
    for name in ("ci", "discovery"):
        job.require(job.unit.registry.kind(name))
    scan.scope = rules.scope
    digest = job.source.digest()
    intake = Intake(job.unit, scan, job.source.name, digest)
    known = intake.known()
    if known is not None:
        return ImportResult(unchanged=known.rows, number=known.number)
    for found in read(scan):
        if len(intake.found) >= MOST_ROWS:
            job.faults.add(found.line, found.source, f"is more than the {MOST_ROWS:,} hosts a scan may hold; split the file")
            job.refuse()
        try:
            intake.take(found)
        except InvalidInput as refusal:
            for name, problem in refusal.fields.items():
                where, said = (found.source, f"{name} {problem}") if found.source else (name, problem)
                job.faults.add(found.line, where, said)
            scan.finished = False
    bad = len(job.faults.rows)
    if not intake.found and not bad:
        job.faults.add(1, "", "holds no host that was up")
    if job.faults and not (job.skip_bad and intake.found):
        job.refuse()
    scan.finished &= rules.complete
    scan.scope = scan.scope or job.source.path.stem
    counts = intake.finish(_told(job))
    return ImportResult(
        created=counts[Outcome.NEW],
        updated=counts[Outcome.CHANGED] + counts[Outcome.VANISHED] + counts[Outcome.CONFLICT],
        unchanged=counts[Outcome.UNCHANGED],
        skipped=counts[Outcome.UNREACHED] + bad,
        number=intake.number,
    )


def _told(job: Job) -> Callable[[int, int], None]:
    """Return what tells the progress of reconciling: reading was the first half of the work."""
    progress, size = job.source.progress, job.source.size

    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(size // 2 + (size - size // 2) * done // max(1, total), size)

    return tell


def text_of(value: object, limit: int) -> str:
    """Return a text on one line, as a field stores it; blanks and line breaks are one blank.

    Raises:
        ValueError: it is none, too long, or cannot be stored.
    """
    return clean(" ".join(str(value).split()) if isinstance(value, str | int | float) else value, limit, lines=False)
