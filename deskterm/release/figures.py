"""The figures of release management, from facts: in time, sites on the authorised version, drift. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from deskterm.configuration.discovery_rules import HASHED
from deskterm.configuration.workflow import GONE


@dataclass(frozen=True, slots=True)
class Part:
    """A library item that a release was built of."""

    name: str
    version: str
    sha256: str
    file: str
    """The name of its file, as it was deposited."""


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
    parts: tuple[Part, ...]
    """The library items it was built of."""
    discovered: str
    """Hash that somebody or something wrote into its attribute `installed_sha256`; empty where nothing did."""
    seen: Mapping[str, str] = field(default_factory=dict)
    """What discovery found there since: version by package, marked hash by path."""


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
        elif one.state == "installed" and (other := _other_content(one)) is not None:
            found.append(Drift(one.number, one.name, expected, *other))
    return found


def _other_content(one: Placed) -> tuple[str, str] | None:
    """Return what is found in place of what a release installed, and why it is not that; None where nothing speaks against it."""
    if one.discovered and one.parts and one.discovered not in {part.sha256 for part in one.parts}:
        return one.discovered[:16], "the hash that was discovered is of no library item of the release"
    for name, value in one.seen.items():
        if value.startswith(HASHED):
            other = value.removeprefix(HASHED)
            same = [part for part in one.parts if part.file and part.file.casefold() == _file(name)]
            if same and other not in {part.sha256 for part in same}:
                return other[:16], f"{name} has another hash than {same[0].name} {same[0].version} in the library"
            continue
        same = [part for part in one.parts if part.name.casefold() == name.casefold()]
        if value and same and not any(_same_version(value, part.version) for part in same):
            return f"{name} {value}", f"discovery found another version than {same[0].version}, which the release installed"
    return None


def _file(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name.casefold()


def _same_version(found: str, distributed: str) -> bool:
    """Return whether a version is the distributed one, with or without the epoch and the revision of a packager."""
    plain = found.partition(":")[2] if found.partition(":")[0].isdigit() else found
    return plain == distributed or plain.startswith(tuple(f"{distributed}{mark}" for mark in "-+~"))
