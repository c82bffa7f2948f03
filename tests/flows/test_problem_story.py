"""A problem from first to last by keyboard: three alike become a candidate, a problem, whys, a known error, a workaround sent."""

from __future__ import annotations

from deskterm.job_runs import run_job
from deskterm.problem.jobs import JOBS
from screens.form import FormScreen
from screens.problems import ProblemsScreen
from screens.whys import WhysScreen
from tests.desks import Cast
from tests.screens.consoles import console, screen_text, settled, shows, until

HELP = "Turn the roll round"


async def test_three_labels_are_blank_and_everybody_hears_what_helps(cast: Cast) -> None:
    made = [cast.incident(summary=f"Label printer prints blank labels at dock {n}", team="desk") for n in (2, 4, 7)]
    assert run_job(JOBS[0], cast.database, cast.ada.registry, cast.clock.now()).changed == 1

    async with console(cast, "bob") as pilot:
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProblemsScreen))
        await shows(pilot, "No problem is open.")
        await pilot.press("right_square_bracket", "right_square_bracket")
        await shows(pilot, "3 incidents alike")
        await shows(pilot, made[0])
        await pilot.press("plus")
        await shows(pilot, "Accept: PCA-00001")
        await pilot.press(*"Labels come out blank", "ctrl+s")
        await until(pilot, lambda: cast.ada.count(cast.ada.prepare(("incident",), "problem:PRB-00001")) == 3)
        await pilot.press("left_square_bracket", "left_square_bracket")
        await shows(pilot, "PRB-00001")

        await pilot.press("W")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhysScreen))
        await shows(pilot, "Nobody has asked why yet.")
        for answer in (
            "The head prints on the wrong side",
            "The roll lies the wrong way round",
            "The new rolls are wound outside in",
        ):
            await pilot.press("n")
            await settled(pilot)
            await pilot.press(*answer, "ctrl+s")
            await shows(pilot, answer)
        assert "1.1.1 The new rolls" in screen_text(pilot)
        await pilot.press("v")
        await shows(pilot, "confirmed")
        await pilot.press("R")
        await shows(pilot, "root cause: The new rolls are wound outside in")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProblemsScreen))

        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_ready)
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        form.form.focus_first("workaround")
        await pilot.press(*HELP, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProblemsScreen))
        await shows(pilot, "KE-00001 (known error)")

        await pilot.press("w")
        await shows(pilot, "Publish the workaround of PRB-00001?")
        await pilot.press("y")
        await until(pilot, lambda: cast.ada.show("PRB-00001").values["published_at"] is not None)
        await shows(pilot, "posted 3 times")

    for number in made:
        assert [line.text for line in cast.as_("maria").show(number).journal if line.public] == [HELP]
