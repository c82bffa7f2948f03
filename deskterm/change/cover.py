"""Which approved change covers a CI at an instant: what discovery, availability and monitoring ask before they raise an alarm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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


def covering_between(connection: Connection, spans: Mapping[int, tuple[int, int]]) -> dict[int, str]:
    """Return by CI the number of the newest approved change that may have been done to it within a span of time.

    Whoever finds a difference knows when the CI was last seen without it and when it was seen with it; the change lies between.

    Args:
        connection: where to read.
        spans: by the row id of a CI, the first and the last instant of the span, seconds since the epoch.
    """
    wanted = sorted(spans)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = wanted[start : start + ASKED_AT_ONCE]
        widest = {"from_at": min(spans[key][0] for key in some), "to_at": max(spans[key][1] for key in some)}
        for row in connection.execute(q.DONE_BETWEEN, {"ci_ids": some, **widest}):
            if _overlaps(row, *spans[row.ci_id]):
                found.setdefault(row.ci_id, row.number)
    return found


def _overlaps(row: Any, from_at: int, to_at: int) -> bool:
    bounds = ((row.window_start, row.window_end), (row.actual_start, row.actual_end))
    return any(start is not None and end is not None and start <= to_at and end > from_at for start, end in bounds)
