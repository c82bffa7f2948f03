"""How releases fare: a damaged library before all, then a rollout that stopped, then what is late, then reviews that are owed."""

from __future__ import annotations

from data.queries import release as q
from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount

KINDS = ("release",)


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
        return _stopped(desk, figure, {row.release_id: row.cells for row in failed})
    return _open(desk, figure, total, held)


def _stopped(desk: Desk, figure: str, failed: dict[int, int]) -> Health:
    rows = desk.page(desk.prepare(KINDS, "state:rolling-out", "target_at"), limit=200).rows
    first = next((row for row in rows if row.id in failed), None)
    cells = sum(failed.values())
    worst = None if first is None else Worst(first.number, first.title, f"{amount(failed[first.id], 'CI')} not installed")
    return Health(Word.TROUBLE, f"{figure}, {amount(cells, 'CI')} failed", worst, "state:rolling-out", KINDS)


def _open(desk: Desk, figure: str, total: int, held: int) -> Health:
    levels = (
        ("state:open -state:early-life target_at:<now", "late", Word.TROUBLE, "late"),
        ("state:early-life early_life_ended_at:any", "awaiting review", Word.WATCH, "the review is owed"),
        ("state:rolling-out", "rolling out", Word.WATCH, "rolling out"),
        ("state:open -state:early-life target_at:<now+3d", "due soon", Word.WATCH, "due soon"),
    )
    for query, words, verdict, why in levels:
        listing = desk.prepare(KINDS, query, "target_at")
        rows = desk.page(listing, limit=1).rows
        if rows:
            count = desk.count(listing, cap=CAP)
            return Health(verdict, f"{figure}, {count:,} {words}", Worst(rows[0].number, rows[0].title, why), query, KINDS)
    if total:
        return Health(Word.WELL, figure, None, "state:open", KINDS)
    if held:
        return Health(Word.WELL, figure, None, "state:in-library", ("definitive-item",))
    return Health(Word.QUIET, f"{figure}: nothing is recorded yet")
