"""Version numbers of releases by their category, each counted within its release unit. Pure.

As the field numbers them: a major release begins a row of its own (`4.0`), a minor one goes on in it (`4.1`), an emergency
fix goes on from the one it mends (`4.1.1`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from deskterm.wording import with_article

MAJOR, MINOR, EMERGENCY = "major", "minor", "emergency"
CATEGORIES = (MAJOR, MINOR, EMERGENCY)
Version = tuple[int, int, int]
"""Major, minor, emergency."""
MOST = 99_999
"""The highest a part may be."""

_FORM = re.compile(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})(?:\.([1-9][0-9]{0,4}))?")
_SHAPES = {
    MAJOR: "N.0, such as 4.0",
    MINOR: "N.M with M from 1, such as 4.1",
    EMERGENCY: "N.M.K with K from 1, such as 4.1.1",
}


def parse(text: str) -> Version:
    """Read a version number.

    Raises:
        ValueError: it is none, with one sentence.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no version number; write N.0, N.M or N.M.K without leading zeros")
    return int(match[1]), int(match[2]), int(match[3] or 0)


def show(version: Version) -> str:
    """Return a version number as people write it."""
    major, minor, fix = version
    return f"{major}.{minor}.{fix}" if fix else f"{major}.{minor}"


def category_of(version: Version) -> str:
    """Return the only category that a version number can be of."""
    return EMERGENCY if version[2] else MINOR if version[1] else MAJOR


def following(category: str, taken: Iterable[Version]) -> Version:
    """Return the number of the next release of a category, after those that a release unit has."""
    major, minor, fix = max(taken, default=(0, 0, 0))
    if category == MAJOR:
        return major + 1, 0, 0
    if category == MINOR:
        return major, minor + 1, 0
    return major, minor, fix + 1


def fault(version: Version, category: str, taken: Iterable[Version]) -> str:
    """Return why a release cannot have a version number; empty if it can.

    Args:
        version: the number.
        category: what the release is.
        taken: the numbers of the unit's other releases, those that were cancelled left out.
    """
    if category_of(version) != category:
        return f"{show(version)} is no number of {with_article(category)} release; that is {_SHAPES[category]}"
    known = set(taken)
    if version in known:
        return f"{show(version)} is taken by another release of the unit"
    if category == EMERGENCY:
        below = max((one for one in known if one[:2] == version[:2]), default=None)
        if below is None and known:
            return f"there is no release {version[0]}.{version[1]} of the unit that {show(version)} could mend"
        if below is not None and version < below:
            return f"{show(version)} lies before {show(below)}, which is out already"
        return ""
    newest = max(known, default=None)
    if newest is not None and version < newest:
        return f"{show(version)} lies before {show(newest)}, the newest of the unit"
    return ""
