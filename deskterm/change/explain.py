"""The facts behind the figures of a change: its risk, its vote, what stands in the way of its window."""

from __future__ import annotations

from typing import Any

from deskterm.change import conflicts, voting
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.records import reading, resolve, store
from deskterm.records.schema import RecordView

OVER = ("rejected", "review", "closed", "cancelled")
"""States in which the window of a change is not asked for, or not any more."""


def risk(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Return the sum that the risk of a change is made of; None where nothing was answered."""
    basis = view.values.get("risk_basis")
    if not basis:
        return None
    total, level = view.values.get("risk"), view.values.get("risk_level")
    rows = [(name, str(points), str(most), why) for name, points, most, why in basis]
    rows.append(("risk", str(total), "100", f"{str(level).replace('-', ' ')}: 25 medium, 50 high, 75 very high"))
    parts = [{"part": name, "points": points, "most": most, "why": why} for name, points, most, why in basis]
    data = {"risk": total, "level": level, "parts": parts}
    return Part(f"risk {total} of 100: {level}", ("part", "points", "of", "why"), tuple(rows), (1, 2)), data


def vote(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Return how the vote on a change stands, seat by seat; None where no board decides on it."""
    if view.values.get("board") is None:
        return None
    with desk.database.read() as connection:
        draft = reading.find(connection, desk.registry, desk.actor, view.number)
        key = draft.get("board")
        board = store.load(connection, desk.registry.kind("board"), [key])[key]
        now = voting.standing(connection, draft, board, desk.moment)
        voters = voting.names_of(connection, now)
    cast = {ballot.seat: ballot for ballot in now.ballots}
    rows, seats = [], []
    for seat, login in now.seats.items():
        ballot = cast.get(seat)
        by = voters.get(ballot.voter, "") if ballot is not None and ballot.voter != seat else ""
        rows.append((login, ballot.vote if ballot else "open", f"by {by}" if by else ""))
        seats.append({"seat": login, "vote": ballot.vote if ballot else None, "substitute": by or None})
    assert now.tally is not None
    title = f"{now.board}, rule {now.rule}, quorum {now.tally.quorum} of {now.tally.seats}: {now.tally.decision}, {now.tally.why}"
    data = {
        "board": now.board, "rule": str(now.rule), "quorum": now.tally.quorum, "decision": now.tally.decision.value,
        "why": now.tally.why, "seats": seats,
    }  # fmt: skip
    return Part(title, ("member", "vote", "substitute"), tuple(rows)), data


def in_its_way(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Return what stands in the way of the window of a change, the worst first; None without a window, and once it is over."""
    with desk.database.read() as connection:
        draft = reading.find(connection, desk.registry, desk.actor, view.number)
        wish = conflicts.wish_of(draft)
        if wish is None or draft.state in OVER:
            return None
        found = conflicts.find(connection, wish, desk.moment)
        named = resolve.names(connection, {ci for one in found for ci in one.cis})
    rows, data = [], []
    for one in found:
        cis = [named[ci] for ci in one.cis if ci in named]
        start, end = format_instant(one.start), format_instant(one.end)
        rows.append((one.severity.word, one.number, one.title, one.state, start, end, ", ".join(ci.title for ci in cis)))
        data.append({
            "conflict": one.severity.name.lower().replace("_", "-"), "number": one.number, "state": one.state or None,
            "from": start, "to": end, "cis": [ci.number for ci in cis],
        })  # fmt: skip
    title = f"conflicts of its window: {len(found) or 'none'}"
    return Part(title, ("conflict", "record", "summary", "state", "from", "to", "on") if rows else (), tuple(rows)), data
