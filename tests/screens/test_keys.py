"""Keys are declared once: bindings, widgets, footer, docs and a person's keymap all agree with the declaration."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import screens
import widgets
from screens import keys, preferences
from screens.app import DeskApp
from screens.help import sections
from screens.places import PLACES
from screens.queue import QueueScreen
from screens.ticket import TicketScreen
from tests.desks import Cast
from tests.screens.consoles import LARGE, console, go, screen_text, settled
from widgets.tab_strip import UNKEYED, TabStrip

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


def bound() -> Iterator[tuple[type, Binding]]:
    """Yield every binding that a screen, a window or a widget of the console makes, with the class that makes it."""
    for package in (screens, widgets):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for found in vars(import_module(info.name)).values():
                if isinstance(found, type) and issubclass(found, DOMNode) and found.__module__ == info.name:
                    yield from ((found, binding) for binding in found.__dict__.get("BINDINGS", ()))


def test_every_binding_of_every_screen_and_widget_is_on_the_key_sheet() -> None:
    seen: dict[str, bool] = {}
    for where, binding in bound():
        declared = keys.BY_ID.get(binding.id or "")
        assert declared is not None, f"{where.__name__}: {binding.key} ({binding.action}) is on no key sheet"
        said = (set(declared.keys.split(",")), declared.action)
        assert said == (set(binding.key.split(",")), binding.action), f"{where.__name__}: {binding.id} is declared otherwise"
        seen[declared.id] = declared.widget
    assert seen == {key.id: key.widget for key in keys.KEYS}, "what nothing binds is no key"


async def test_the_help_of_every_place_lists_every_key_that_works_there(cast: Cast) -> None:
    cast.incident()
    async with console(cast, "ada", size=LARGE) as pilot:
        for one in PLACES:
            if find_spec(one.screen.partition(":")[0]) is None:
                continue
            await go(pilot, one.name)
            screen = pilot.app.screen
            for widget in screen.focus_chain:
                screen.set_focus(widget)
                await settled(pilot)
                listed = {key for rows in sections(screen).values() for together, _ in rows for key in together.split()}
                own = {key for key, active in screen.active_bindings.items() if "." in (active.binding.id or "")}
                assert {keys.shown(key) for key in own} <= listed, f"{one.name}: {widget}"


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
