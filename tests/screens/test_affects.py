"""Naming what a record affects, from the record, the list of problems and the list of changes, and taking it away again."""

from __future__ import annotations

from textual.pilot import Pilot

from screens.messages import OpenRecord
from screens.modals.act import ActModal
from screens.modals.choose import ChooseModal
from tests.change.changing import rfc
from tests.desks import Cast
from tests.screens.consoles import LARGE, console, go, until
from tests.screens.test_form import type_keys


def affected(cast: Cast, number: str) -> list[tuple[str, str]]:
    links = cast.ada.show(number).links
    return [(one.relation, one.title) for one in links if one.valid_until is None and one.relation.startswith("affects")]


async def name_it(pilot: Pilot[None], words: str) -> None:
    await go(pilot, "", "L")
    await until(pilot, lambda: isinstance(pilot.app.screen, ActModal))
    await type_keys(pilot, *words, "~", "enter", "ctrl+s", "~")
    await until(pilot, lambda: not isinstance(pilot.app.screen, ActModal))


async def test_a_service_is_named_on_an_incident_and_taken_away_again(cast: Cast) -> None:
    number = cast.incident(ci="vpn-gw-1")
    async with console(cast, "bob", size=LARGE) as pilot:
        pilot.app.post_message(OpenRecord(number))
        await go(pilot)
        await name_it(pilot, "payr")
        await until(pilot, lambda: affected(cast, number) == [("affects", "Payroll")])
        await go(pilot, "", "L")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseModal))
        await go(pilot, "", "down", "enter")
        await until(pilot, lambda: affected(cast, number) == [])


async def test_a_ci_of_a_problem_is_kept_by_its_field(cast: Cast) -> None:
    number = cast.ada.create("problem", {"summary": "Gateway reboots"}).number
    async with console(cast, "sam", "problems", size=LARGE) as pilot:
        await name_it(pilot, "vpn")
        await until(pilot, lambda: affected(cast, number) == [("affects-ci", "vpn-gw-1")])
        assert cast.ada.show(number).values["cis"]


async def test_a_service_is_named_from_the_list_of_changes(cast: Cast) -> None:
    number = rfc(cast.ada)
    async with console(cast, "bob", "changes", size=LARGE) as pilot:
        await name_it(pilot, "workpl")
        await until(pilot, lambda: affected(cast, number) == [("affects", "Workplace")])


async def test_several_records_are_said_to_affect_a_service_with_a_preview(cast: Cast) -> None:
    numbers = [cast.incident(summary=f"VPN drops {n}", assignee="bob") for n in range(2)]
    async with console(cast, "bob", size=LARGE) as pilot:
        await go(pilot, "", "space", "down", "space", "L")
        await until(pilot, lambda: isinstance(pilot.app.screen, ActModal))
        await type_keys(pilot, *"payr", "~", "enter", "ctrl+s", "~")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "BulkPreviewModal")
        await go(pilot, "", "ctrl+s")
        await until(pilot, lambda: all(affected(cast, number) == [("affects", "Payroll")] for number in numbers))
