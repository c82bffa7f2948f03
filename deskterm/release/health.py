"""How releases fare: a damaged library before all, then a rollout that fails, then what is late, then reviews that are owed."""

from __future__ import annotations

from data.queries import release as q
from deskterm.desk import Desk
from deskterm.health import CAP, Health, Level, Word, Worst, amount, judged

KINDS = ("release",)
LEVELS = (
    Level("state:open -state:early-life target_at:<now", "late", Word.TROUBLE, "late"),
    Level("state:early-life early_life_ended_at:any", "awaiting review", Word.WATCH, "the review is owed"),
    Level("state:open -state:early-life target_at:>=now target_at:<now+3d", "due soon", Word.WATCH, "due soon"),
    Level("state:rolling-out", "rolling out", Word.WELL, ""),
)
"""What makes trouble where nothing is damaged and nothing failed, the worst first."""
MANY_FAILED = 0.2
"""A rollout is in trouble where more than this part of the CIs that were tried failed; single ones are followed up."""


def health(desk: Desk) -> Health:
    """Return the line of the releases."""
    with desk.database.read() as connection:
        damaged = connection.execute(q.DAMAGED, {"limit": 1}).all()
        failed = connection.execute(q.FAILED_CELLS).all()
        library = connection.execute(q.INTEGRITY).all()
    total = desk.count(desk.prepare(KINDS, "state:open"), cap=CAP)
    held = sum(row.items for row in library if row.state == "in-library")
    figure = f"{amount(total, 'open', 'open')}, {amount(held, 'library item')}"
    if damaged:
        first = damaged[0]
        bad = sum(row.items for row in library if row.state == "in-library" and row.integrity != "verified")
        worst = Worst(first.number, first.title, f"file {first.integrity}")
        return Health(
            Word.TROUBLE, f"{figure}, {bad:,} damaged", worst, "integrity:tampered,missing,unreadable", ("definitive-item",)
        )
    if failed:
        return _failing(desk, figure, {row.release_id: (row.failed, row.failed / row.tried) for row in failed})
    return _open(desk, figure, total, held)


def _failing(desk: Desk, figure: str, failed: dict[int, tuple[int, float]]) -> Health:
    """Return the line where CIs failed: given by release, how many, and which part they are of those that were tried."""
    rows = desk.page(desk.prepare(KINDS, "state:rolling-out", "target_at"), limit=200).rows
    first = max((row for row in rows if row.id in failed), key=lambda row: failed[row.id][1], default=None)
    cells = sum(count for count, _ in failed.values())
    worst = None if first is None else Worst(first.number, first.title, f"{amount(failed[first.id][0], 'CI')} not installed")
    word = Word.TROUBLE if any(part > MANY_FAILED for _, part in failed.values()) else Word.WATCH
    return Health(word, f"{figure}, {amount(cells, 'CI')} failed", worst, "state:rolling-out", KINDS)


def _open(desk: Desk, figure: str, total: int, held: int) -> Health:
    if total:
        return judged(desk, KINDS, figure, total, LEVELS, sort="target_at")
    if held:
        return Health(Word.WELL, figure, None, "state:in-library", ("definitive-item",))
    return Health(Word.QUIET, f"{figure}: nothing is recorded yet")
