"""Builds, tests, waves and the library as they are read: frozen, plain, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from deskterm.release.cells import CellState
from deskterm.release.gates import Gate


@dataclass(frozen=True, slots=True)
class BuildItem:
    """One library item of a build, as it was then."""

    number: str
    name: str
    version: str
    sha256: str
    size_bytes: int
    verified_at: int | None


@dataclass(frozen=True, slots=True)
class Build:
    """A build record: what was built of which items, by whom, when."""

    id: int
    position: int
    state: str
    """open, complete or abandoned."""
    started_by: str
    started_at: int
    finished_by: str
    finished_at: int | None
    note: str
    digest: str
    """SHA-256 over what it was made of; empty until it is finished."""
    items: tuple[BuildItem, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One test."""

    id: int
    position: int
    name: str
    mandatory: bool
    result: str
    """open, passed, failed or blocked."""
    tested_by: str
    tested_at: int | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign of tests, in one of its rounds."""

    id: int
    name: str
    round: int
    build: int | None
    """Position of the build it tests; None as long as it is only planned."""
    verdict: str
    """passed or failed once it is signed, else empty."""
    signed_by: str
    signed_at: int | None
    note: str
    cases: tuple[Case, ...]

    @property
    def title(self) -> str:
        """Return its name, with the round from the second on."""
        return self.name if self.round == 1 else f"{self.name}, round {self.round}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One CI in a wave, and how far the release has come there."""

    id: int
    wave: int
    ci_id: int
    ci: str
    """Number of the CI."""
    name: str
    site: str
    state: CellState
    version: str
    """What this release puts there."""
    previous: str
    """What was there before; empty for nothing."""
    installed_now: str
    """What the CMDB has there now."""
    ci_state: str
    changed_at: int
    changed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave of a rollout."""

    id: int
    position: int
    name: str
    planned_at: int | None
    accepted_by: str
    accepted_at: int | None
    note: str
    shut: str
    """Why nothing may be distributed in it yet; empty if it is open."""
    cells: tuple[Cell, ...]

    @property
    def is_accepted(self) -> bool:
        """Return whether somebody accepted it."""
        return self.accepted_at is not None


@dataclass(frozen=True, slots=True)
class Support:
    """An incident on a CI of the release within its early life."""

    id: int
    number: str
    title: str
    state: str
    ci: str
    occurred_at: int


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release, whole: what it is made of, how it was tested, where it went."""

    id: int
    number: str
    title: str
    state: str
    version: int
    """Of the record."""
    release_version: str
    category: str
    type: str
    unit: str
    manager: str
    target_at: int | None
    progress: str
    early_life_days: int
    rolled_out_at: int | None
    early_life_until: int | None
    changes: tuple[tuple[str, str, str], ...]
    """Number, title and state of each linked change."""
    gates: tuple[Gate, ...]
    builds: tuple[Build, ...]
    campaigns: tuple[Campaign, ...]
    waves: tuple[Wave, ...]
    incidents: tuple[Support, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return every cell, wave by wave."""
        return tuple(cell for wave in self.waves for cell in wave.cells)


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading the file of a library item again found."""

    number: str
    name: str
    version: str
    result: str
    """verified, tampered, missing or unreadable."""
    detail: str
    checked_at: int
