"""Keys are declared once: bindings, widgets, footer, docs and a person's keymap all agree with the declaration."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.binding import Binding

from screens import keys, preferences
from screens.app import DeskApp
from screens.filter_line import QueryInput
from screens.queue import QueueScreen
from screens.ticket import TicketScreen
from tests.desks import Cast
from tests.screens.consoles import console, go, screen_text, settled
from widgets.line_list import LineList
from widgets.paged_list import PagedList
from widgets.tab_strip import UNKEYED, TabStrip
from widgets.tree_list import TreeList

FIXED = {
    "j": "list.down", "k": "list.up", "g": "list.first", "G": "list.last", "ctrl+d": "list.half_down", "ctrl+u": "list.half_up",
    "enter": "list.open", "slash": "queue.filter", "colon": "app.palette", "ctrl+p": "app.palette", "n": "app.new",
    "c": "app.contact", "space": "list.mark", "V": "list.mark_range", "u": "app.undo", "a": "ticket.take", "A": "ticket.assign",
    "s": "ticket.state", "r": "ticket.reply", "x": "ticket.note", "e": "ticket.edit", "p": "ticket.pend", "l": "ticket.link",
    "full_stop": "queue.next_best", "minus": "app.previous", "equals_sign": "ticket.explain", "question_mark": "app.help",
    "y": "ticket.copy", "1": "app.queue", "2": "app.problems", "3": "app.cis", "4": "app.changes", "5": "app.releases",
    "6": "app.levels", "7": "app.availability", "8": "app.capacity", "9": "app.continuity", "0": "app.finance",
    "o": "app.overview", "h": "app.handover", "q": "app.quit",
}  # fmt: skip
"""What the interface page promises."""


def test_every_id_is_unique_and_its_area_known() -> None:
    assert len(keys.BY_ID) == len(keys.KEYS)
    assert {key.area for key in keys.KEYS} <= keys.AREAS.keys()


@pytest.mark.parametrize(("key", "name"), FIXED.items())
def test_the_promised_keys_are_declared(key: str, name: str) -> None:
    assert key in keys.BY_ID[name].keys.split(",")


def test_no_key_means_two_things_on_one_screen() -> None:
    for areas in (("app", "queue", "ticket"), ("app", "record", "ticket")):
        seen: dict[str, str] = {}
        for one in keys.KEYS:
            if one.area in areas and not one.widget:
                for key in one.keys.split(","):
                    assert key not in seen, f"{key}: {seen.get(key)} and {one.id}"
                    seen[key] = one.id


def test_no_key_is_one_that_terminals_do_not_deliver() -> None:
    lost = {"ctrl+enter", "ctrl+tab", "ctrl+i", "ctrl+m", "ctrl+shift+enter"}
    assert not {key for one in keys.KEYS for key in one.keys.split(",")} & lost


@pytest.mark.parametrize("widget", [LineList, PagedList, QueryInput, TreeList])
def test_keys_of_widgets_are_as_declared(widget: type) -> None:
    for binding in widget.__dict__["BINDINGS"]:
        assert isinstance(binding, Binding)
        if binding.id and binding.id.partition(".")[0] in keys.AREAS:
            declared = keys.BY_ID[binding.id]
            assert declared.widget
            assert (set(declared.keys.split(",")), declared.action) == (set(binding.key.split(",")), binding.action)


@pytest.mark.parametrize("screen", [QueueScreen, TicketScreen])
def test_every_declared_key_has_its_action(screen: type) -> None:
    areas = ("queue", "ticket") if screen is QueueScreen else ("ticket",)
    for one in keys.KEYS:
        if one.area in areas:
            assert hasattr(screen, f"action_{one.action.partition('(')[0]}"), one.id
        elif one.area == "app" and one.action.startswith("app.") and not one.action.startswith("app.go"):
            assert hasattr(DeskApp, f"action_{one.action.removeprefix('app.').partition('(')[0]}"), one.id


def test_the_key_sheet_is_what_the_code_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
    assert page == keys.sheet(), "write it anew: python -m screens.keys"


@pytest.mark.parametrize("place", ["problems", "changes", "releases", "availability", "capacity", "continuity", "finance"])
async def test_no_tab_beside_the_queue_shows_a_digit(cast: Cast, place: str) -> None:
    """A digit goes to another system; tabs there are turned by the brackets."""
    async with console(cast, "sue", place) as pilot:
        strip = pilot.app.screen.query_one(TabStrip)
        assert strip.tabs
        assert {tab.key for tab in strip.tabs} == {UNKEYED}


async def test_a_person_may_use_other_keys_and_the_footer_says_so(cast: Cast, tmp_path: Path) -> None:
    cast.incident(assignee=None, team="network")
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "keys.toml").write_text('"ticket.take" = "t"\n[queue]\nfilter = "F"\n[nothing]\nhere = "x"\n')
    settings = preferences.load(folder, frozenset(keys.BY_ID))
    assert settings.keymap == {"ticket.take": "t", "queue.filter": "F"}
    assert settings.complaints == ("keys.toml: nothing is called 'nothing.here'; the ids are listed in docs/keys.md",)
    async with console(cast, "bob") as pilot:
        pilot.app.set_keymap(dict(settings.keymap))
        await go(pilot, "", "v", "3")
        assert "t take" in screen_text(pilot)
        assert "F filter" in screen_text(pilot)
        await pilot.press("t")
        await settled(pilot)
        view = cast.ada.show("INC-00001")
        assert view.names[view.values["assignee"]].title == "bob"


@pytest.mark.parametrize(
    ("text", "told"),
    [("theme = 3", "theme is the name"), ("theme = ", "console.toml was left aside"), ("", "")],
)
def test_settings_that_are_wrong_are_told_and_left(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "console.toml").write_text(text)
    settings = preferences.load(tmp_path, frozenset(keys.BY_ID))
    assert settings.theme == ""
    assert told in " ".join(settings.complaints)
