"""What passes between those who read scans, who reconcile them and who show them: plain and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from deskterm.configuration.discovery_rules import Difference, keys_of


class Outcome(StrEnum):
    """What became of something found when it was held against what is recorded."""

    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"
    VANISHED = "vanished"
    UNREACHED = "unreached"
    """The scan says itself that it could not look."""
    UNCHANGED = "unchanged"


PROPOSALS = (Outcome.NEW, Outcome.CHANGED, Outcome.VANISHED, Outcome.CONFLICT)
"""Outcomes that ask for a decision."""


@dataclass(slots=True)
class Scan:
    """What a file says of itself; filled in while it is read."""

    format: str
    scope: str = ""
    """What was looked at; what vanished is looked for among what earlier scans of the same scope found."""
    scanned_at: int | None = None
    finished: bool = True
    """Everything that was to be looked at was: only then can something be missing."""
    ports: dict[str, str] = field(default_factory=dict)
    """By protocol, the ports that were looked at, as ranges."""
    sighting: bool = True
    """It looked at the things themselves; a list that somebody keeps did not."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing as a scan found it."""

    line: int
    name: str
    facts: Mapping[str, Any]
    """By field of a CI; what its type records besides as `attributes.<name>`. Not checked yet."""
    macs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Further names it goes by."""
    source_key: str = ""
    """Under which the source itself knows it."""
    source: str = ""
    """The file of a folder it was found in."""
    number: str = ""
    """The number of the CI, where the file gives it."""
    guessed: frozenset[str] = frozenset()
    """Fields the scan is not sure of."""
    reached: bool = True
    message: str = ""
    """What the scan says of it in words."""
    software: Mapping[str, str] = field(default_factory=dict)
    """Versions of installed packages by name."""

    def keys(self, format: str) -> dict[str, tuple[str, ...]]:  # noqa: A002
        """Return by what it is known again."""
        facts = self.facts
        return keys_of(
            serial=facts.get("serial"), uuid=facts.get("uuid"), macs=[facts.get("mac"), *self.macs], fqdn=facts.get("fqdn"),
            names=[self.name, *self.names], source=f"{format}:{self.source_key}" if self.source_key else "", number=self.number,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recorded item that something found may be."""

    id: int
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a scan as the inbox shows it."""

    id: int
    position: int
    line: int
    source: str
    name: str
    outcome: Outcome
    state: str
    """open, staged, discarded, applied; none where there is nothing to decide."""
    ci_id: int | None
    number: str
    """Of the CI it is; empty where it is none yet."""
    title: str
    """How the desk calls that CI."""
    matched_by: str
    found: Mapping[str, Any]
    differences: tuple[Difference, ...]
    left_out: tuple[str, ...]
    """Fields whose difference is not to be taken over."""
    candidates: tuple[Candidate, ...]
    chosen: str
    """Of a conflict: the number of the CI it was said to be, `new`, or nothing."""
    unauthorised: bool
    covered_by: str
    """The approved change that covers the difference."""
    incident: str
    """The incident that an unauthorised change raised."""
    message: str

    @property
    def decided(self) -> bool:
        """Return whether somebody said what is to become of it."""
        return self.state != "open"


@dataclass(frozen=True, slots=True)
class ScanView:
    """A scan, as the inbox shows it."""

    number: str
    name: str
    format: str
    scope: str
    file: str
    state: str
    scanned_at: int
    recorded_at: int
    finished: bool
    version: int
    counts: Mapping[str, int]
    """Rows by outcome."""
    states: Mapping[str, int]
    """Rows to decide, by how they were decided."""
    unauthorised: int


@dataclass(frozen=True, slots=True)
class Step:
    """What applying does, or would do, to one row."""

    position: int
    name: str
    ok: bool
    what: str
    """made, changed, missing, as it is, or why it is refused."""
    number: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of applying, or what would come of it."""

    steps: tuple[Step, ...]
    operation: str = ""

    @property
    def refused(self) -> tuple[Step, ...]:
        """Return the rows that could not be applied."""
        return tuple(step for step in self.steps if not step.ok)

    def count(self, what: str) -> int:
        """Return how many rows came to the same."""
        return sum(step.what == what for step in self.steps)
