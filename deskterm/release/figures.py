"""The figures of release management, from facts: in time, sites on the authorised version, drift. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deskterm.configuration.workflow import GONE


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell that something came of, with what the CMDB knows of its CI now."""

    ci_id: int
    number: str
    name: str
    ci_state: str
    site: str
    release_id: int
    unit_id: int | None
    state: str
    version: str
    """What the release put there, or was to."""
    previous: str
    installed: str
    """What the CMDB has there now; empty for nothing."""
    out_at: int | None
    """When the release was out everywhere."""
    is_out: bool
    """It was, and was not backed out since."""
    hashes: frozenset[str]
    """Of the library items it was built of."""
    discovered: str
    """Hash that discovery found there; empty where it found none."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A CI on which something else is found than the last release put there."""

    number: str
    name: str
    expected: str
    found: str
    why: str


def on_time(out_at: int | None, target_at: int | None) -> bool | None:
    """Return whether a release was out by when it was to be; None where one of the two is not known."""
    return None if out_at is None or target_at is None else out_at <= target_at


def newest_of_each(placed: Iterable[Placed]) -> list[Placed]:
    """Return the last cell of each CI and release unit; those given come in the order in which they happened."""
    found: dict[tuple[int, int | None], Placed] = {}
    for one in placed:
        found[one.ci_id, one.unit_id] = one
    return [one for one in found.values() if one.ci_state not in GONE]


def sites(placed: Sequence[Placed]) -> dict[str, bool]:
    """Return whether each site is on the authorised versions: every CI there has that of its unit's newest release that is out.

    A CI that no release is authorised for counts nowhere; a unit none of whose releases is out has no authorised version.
    """
    authorised: dict[int | None, Placed] = {}
    for one in placed:
        known = authorised.get(one.unit_id)
        if one.is_out and one.out_at is not None and (known is None or (known.out_at or 0) <= one.out_at):
            authorised[one.unit_id] = one
    found: dict[str, bool] = {}
    for one in newest_of_each(placed):
        if one.unit_id in authorised:
            found[one.site] = found.get(one.site, True) and one.installed == authorised[one.unit_id].version
    return found


def drift(placed: Sequence[Placed]) -> list[Drift]:
    """Return the CIs on which something else is found than the last release left there."""
    found = []
    for one in newest_of_each(placed):
        if one.state in ("failed", "unreachable"):
            continue  # nobody knows what is there, and the cell says so
        expected = one.previous if one.state == "backed-out" else one.version
        if one.installed != expected:
            why = "another version is installed" if one.installed else "nothing is installed"
            found.append(Drift(one.number, one.name, expected or "nothing", one.installed or "nothing", why))
        elif one.state == "installed" and one.discovered and one.hashes and one.discovered not in one.hashes:
            why = "the hash that was discovered is of no library item of the release"
            found.append(Drift(one.number, one.name, expected, one.discovered[:16], why))
    return found
