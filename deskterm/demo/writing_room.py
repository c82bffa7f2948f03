"""Filling in the texts of a case, and turning it into the values of a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deskterm.civil_time import wall_of
from deskterm.demo.case import Case
from deskterm.demo.roster import BERLIN
from deskterm.demo.scene import Person, Scene


class Wording:
    """The texts of one record: the same item, place and name in all of them, and no sentence twice."""

    def __init__(self, scene: Scene, case: Case, person: Person | None, at: int) -> None:
        self._scene = scene
        self._used: set[str] = set()
        self.tale = scene.dice.choice(case.tales)
        self.item = _item(scene, case, person)
        self._blanks = {
            "ci": self.item or "the machine",
            "place": person.place if person else "the data centre",
            "first": person.first if person else "colleague",
            "team": case.team,
            "clock": f"{wall_of(at + scene.dice.randrange(1, 5) * 3600, BERLIN):%H}:{scene.dice.choice(('00', '15', '30'))}",
            "n": str(scene.dice.randrange(3, 97)),
        }

    def fresh(self, texts: Sequence[str]) -> str:
        """Return one of some texts that was not used on this record yet, filled in; empty if there is none left."""
        return self.pick(texts) if set(texts) - self._used else ""

    def pick(self, texts: Sequence[str], **more: str) -> str:
        """Return one of some texts, filled in; one that was not used on this record yet, if there is any."""
        fresh = [text for text in texts if text not in self._used] or texts
        chosen = self._scene.dice.choice(fresh)
        self._used.add(chosen)
        return chosen.format_map(self._blanks | more)


def _item(scene: Scene, case: Case, person: Person | None) -> str:
    """Return a configuration item that the case may be about, one at the caller's place if there is one."""
    names = [name for name in scene.items if name.startswith(case.cis)]
    near = [name for name in names if person and (place := scene.items[name]) and person.place.startswith(place)]
    anywhere = [name for name in names if not name.startswith(_PLACED)]
    chosen = near or anywhere
    return scene.dice.choice(chosen) if chosen else ""


_PLACED = ("lt-", "prn-", "ap-", "scan-", "dect-")
"""Items that stand where people are: nobody has trouble with one in another town."""


def values_of(scene: Scene, case: Case, person: Person | None, wording: Wording, at: int, channel: str) -> dict[str, Any]:
    """Return what is known of a record when it is logged."""
    dice = scene.dice
    summary = wording.pick(wording.tale.summaries)
    named = summary.split(":")[0]
    item = named if named in scene.items else "" if case.channels == ("monitoring",) else wording.item
    values: dict[str, Any] = {
        "summary": summary,
        "description": wording.pick(wording.tale.descriptions),
        "channel": channel,
        "service": scene.ids["service", case.service],
        "category": case.category,
        "impact": dice.choice(case.impact),
        "urgency": dice.choice(case.urgency),
        "occurred_at": at,
    }
    if person is not None and person.vip and values["urgency"] > 1 and dice.random() < 0.5:
        values["urgency"] -= 1
    if item:
        values["ci"] = scene.ids["ci", item]
    if case.subcategory:
        values["subcategory"] = case.subcategory
    if case.tags:
        values["tags"] = list(case.tags)
    if case.item:
        values["item"] = case.item
    return values
