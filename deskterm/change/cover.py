"""Which approved change covers a CI at an instant: what discovery, availability and monitoring ask before they raise an alarm."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from data.queries import change as q

ASKED_AT_ONCE = 500


def covering(connection: Connection, ci_ids: Iterable[int], at: int) -> dict[int, str]:
    """Return by CI the number of an approved change whose window, or actual work, covers the instant; uncovered CIs are left out.

    Args:
        connection: where to read.
        ci_ids: row ids of the CIs.
        at: the instant, seconds since the epoch. The end of a window is not within it.
    """
    wanted = sorted(set(ci_ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        rows = connection.execute(q.COVERING, {"ci_ids": wanted[start : start + ASKED_AT_ONCE], "at": at})
        for row in rows:
            found.setdefault(row.ci_id, row.number)
    return found
