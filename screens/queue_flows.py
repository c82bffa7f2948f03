"""What the keys of the queue do, step by step: choose a view, keep the filter as one, sort, go to the next best record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deskterm.errors import NotFound
from screens import views
from screens.messages import OpenRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView
    from deskterm.service_desk.glance import Glance
    from screens.queue import QueueKeys
    from screens.record import RecordScreen

SORTS = {
    "due_at": "what is due first",
    "priority,due_at": "priority, then due",
    "-updated_at": "what changed last",
    "-created_at": "the newest",
    "created_at": "the oldest",
    "state,due_at": "state",
    "team,due_at": "team",
    "assignee,due_at": "agent",
}


def glance_at(desk: Desk, number: str) -> Glance | None:
    """Return a record at a glance, or nothing if it is gone meanwhile. Call it in a thread."""
    from deskterm.service_desk.glance import glance

    try:
        return glance(desk, number)
    except NotFound:
        return None


def news_among(desk: Desk, ids: Sequence[int]) -> frozenset[int]:
    """Return which of these records the person watches and others changed. Call it in a thread."""
    from deskterm.service_desk import news

    return news.among(desk, ids)


def have_seen(desk: Desk, view: RecordView) -> bool:
    """Note that the person has a watched record before them as it is. Call it in a thread."""
    from deskterm.service_desk import news

    return news.have_seen(desk, view.id, max(line.seq for line in view.journal))


def turned(sort: str, key: str) -> str:
    """Return the sort order after a click on a heading: by that column, the other way round if it was by it already."""
    field = "title" if key == "summary" else key
    return f"-{field}" if sort.split(",")[0] == field else field


async def choose_view(screen: QueueKeys) -> None:
    """Choose a view by number or name."""
    from screens.modals.choose import Choice, ChooseModal

    choices = [
        Choice(view, view.name, view.query, number=str(place) if place < 10 else "")
        for place, view in enumerate(screen.tabs.views, 1)
    ]
    view = await screen.app.push_screen_wait(ChooseModal(screen.session, "Views", choices, placeholder="a number or a name"))
    if view is not None:
        screen.tabs.choose_view(view)


async def save_view(screen: QueueKeys) -> None:
    """Keep what is listed, or typed in the filter, as a view of one's own."""
    from deskterm.forms.schema import FormField
    from screens.modals.act import ActModal

    view = replace(screen.view, query=screen.filter.typed.strip())
    own = view.name if view.owner == screen.session.login else ""
    fields = (
        FormField("name", "Name", required=True, limit=60, placeholder=own, help="What the tab says; one of yours is replaced."),
    )

    async def keep(typed: Mapping[str, object]) -> views.View:
        return await screen.commit(lambda: views.save(screen.desk, str(typed["name"]), view))

    told = f"Lists: {view.query or 'everything'}"
    saved = await screen.app.push_screen_wait(ActModal(screen.session, "Save as a view", fields, keep, told=told, do="save"))
    if saved is not None:
        screen.say(f"Saved: {saved.name}")
        screen.list_view(saved)
        screen.tabs.read_views(choose=saved.name)


async def choose_sort(screen: QueueKeys) -> None:
    """Choose the order of the list."""
    from screens.modals.choose import Choice, ChooseModal

    choices = [Choice(sort, words, sort, number=str(place)) for place, (sort, words) in enumerate(SORTS.items(), 1)]
    sort = await screen.app.push_screen_wait(ChooseModal(screen.session, "Sort by", choices))
    if sort is not None:
        screen.list_view(replace(screen.view, sort=sort))


async def open_next_best(screen: RecordScreen) -> None:
    """Open the record to work on next in place of the one that is shown."""
    from deskterm.service_desk.next_best import next_best

    best = await screen.call(next_best, screen.desk, besides=frozenset({screen.number}))
    if best is None:
        screen.say("Nothing else is waiting for you.")
        return
    screen.app.post_message(OpenRecord(best.row.number))
    screen.dismiss()


async def go_to_next_best(screen: QueueKeys) -> None:
    """Put the cursor on the record to work on next, or open it if it is not in the list."""
    from deskterm.service_desk.next_best import next_best

    best = await screen.call(next_best, screen.desk)
    row = screen.rows.cursor_row
    if best is not None and row is not None and best.row.number == row.number:
        other = await screen.call(next_best, screen.desk, besides=frozenset({row.number}))
        if other is None:
            screen.say(f"{row.number} is the one: {best.why}.")
            return
        best = other
    if best is None:
        screen.say("Nothing is waiting for you: no open record is yours, and none of your teams' is without an agent.")
        return
    if not screen.rows.select_key(best.row.number):
        screen.post_message(OpenRecord(best.row.number))
    screen.say(f"{best.row.number}: {best.why}.")
