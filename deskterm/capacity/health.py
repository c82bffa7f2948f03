"""How capacity fares: what is past its thresholds, what must be ordered now, what soon; by the forecasts that were kept."""

from __future__ import annotations

from data.queries import capacity as q
from deskterm.capacity import lead_times
from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount

KINDS = ("resource",)
SOON_SECONDS = 30 * 86_400
LEVELS = (("level:critical", "critical", Word.TROUBLE), ("level:warning", "past the warning", Word.WATCH))


def health(desk: Desk) -> Health:
    """Return the line of capacity management."""
    total = desk.count(desk.prepare(KINDS, "state:active role:resource"), cap=CAP)
    if not total:
        return Health(Word.QUIET, "no resources: nothing is watched yet")
    due = _due(desk)
    late = [row for row in due if row[0] <= desk.moment]
    soon = [row for row in due if desk.moment < row[0] <= desk.moment + SOON_SECONDS]
    counts = [(desk.count(desk.prepare(KINDS, f"state:active {query}"), cap=CAP), query, word) for query, word, _ in LEVELS]
    said = [f"{count:,} {word}" for count, _, word in counts if count]
    said += [f"{len(late)} to order now"] if late else []
    said += [f"{len(soon)} within 30 days"] if soon else []
    figure = ", ".join([amount(total, "resource"), *said])
    if counts[0][0]:
        return _at_level(desk, figure, 0)
    if late:
        return Health(Word.TROUBLE, figure, Worst(late[0][1], late[0][2], "order more now"), "state:active role:resource", KINDS)
    if counts[1][0]:
        return _at_level(desk, figure, 1)
    if soon:
        return Health(Word.WATCH, figure, Worst(soon[0][1], soon[0][2], "order more within 30 days"), "state:active", KINDS)
    return Health(Word.WELL, figure, None, "state:active role:resource", KINDS)


def _at_level(desk: Desk, figure: str, place: int) -> Health:
    query, word, verdict = LEVELS[place]
    row = desk.page(desk.prepare(KINDS, f"state:active {query}", "level_at"), limit=1).rows[0]
    return Health(verdict, figure, Worst(row.number, row.title, word), f"state:active {query}", KINDS)


def _due(desk: Desk) -> list[tuple[int, str, str]]:
    """Return when each resource that will be used up must be ordered for, by the newest forecast that was kept."""
    with desk.database.read() as connection:
        rows = connection.execute(q.NEWEST_FORECASTS).all()
        types = {row.id: row.type for row in connection.execute(q.CI_TYPES, {"ids": [row.ci_id for row in rows if row.ci_id]})}
        records = lead_times.read_records(connection, desk.moment)
    found = []
    for row in rows:
        if row.seconds_left is not None:
            lead = lead_times.lead_of(row.lead_time_days, types.get(row.ci_id), records).seconds or 0
            found.append((row.made_at + int(row.seconds_left) - lead, row.number, row.title))
    return sorted(found)
