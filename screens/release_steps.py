"""What the keys of the release cockpit do, step by step: ask, write, say what came of it. A CI that fails is said at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.errors import InvalidInput
from screens.modals.act import ActModal
from screens.modals.ask import AskModal
from screens.modals.choose import Choice, ChooseModal

if TYPE_CHECKING:
    from deskterm.forms.schema import FormField
    from deskterm.release.schema import Cell, ReleaseView, Wave
    from screens.cockpit_rows import Line
    from screens.release_cockpit import ReleaseCockpit

ROLLOUT, BUILD, TESTS = 0, 2, 3
STEPS = {"go", "installed", "unreachable", "hold", "resume", "accept"}
KEYS = STEPS | {"failed", "back_out", "passed", "finish", "add", "drop"}
"""What is not possible at any time; the names of the actions without `action_`."""
OF_TAB = (
    STEPS | {"failed", "back_out", "add", "drop"}, frozenset[str](), {"finish", "add", "drop"},
    {"passed", "failed", "finish", "add", "drop"}, frozenset[str](),
)  # fmt: skip
"""By tab: which of them are offered there."""
MOVES = {
    "go": ("planned", "failed", "unreachable", "backed-out"), "installed": ("distributing",), "unreachable": ("distributing",),
    "failed": ("distributing",), "hold": ("planned",), "resume": ("held",), "back_out": ("installed", "distributing"),
}  # fmt: skip
"""The states of cells that a step moves."""
TITLES = {
    "go": ("Distribute {version} to {what}?", "distribute", "It is sent there; say by i or f how it went."),
    "installed": ("{version} is installed on {what}?", "installed", "The CMDB says so from now on."),
    "hold": ("Hold {what}?", "hold", "Nothing is sent there until R resumes it."),
    "resume": ("Resume {what}?", "resume", "It is planned again."),
}
"""Question, word for yes, and what it means."""
NAMES = 6
"""CIs named in a question; of more, how many."""


def refusal(action: str, view: ReleaseView, tab: int, line: Line | None) -> str:
    """Say why a key does nothing now; empty if it does something."""
    if action in STEPS or action == "back_out" or (action == "failed" and tab == ROLLOUT):
        allowed = ("rolling-out", "early-life") if action == "back_out" else ("rolling-out",)
        if view.state not in allowed:
            return f"{view.number} is {view.state.replace('-', ' ')}; that is done while it is rolling out."
        if action != "accept" and not _moving(action, view, line):
            return f"Nothing under the cursor is {' or '.join(MOVES[action]).replace('-', ' ')}."
        return ""
    if action in ("passed", "failed"):
        return _of_tests(view, line)
    if action == "finish":
        if tab == BUILD:
            return "" if view.state == "building" else f"No build is open while {view.number} is {view.state.replace('-', ' ')}."
        return "" if view.campaigns else "There is no campaign to sign yet; n plans a test."
    return ""


def _of_tests(view: ReleaseView, line: Line | None) -> str:
    if line is None or not line.case:
        return "There is no test under the cursor."
    return (
        ""
        if view.state == "testing"
        else f"Results are recorded while it is tested; {view.number} is {view.state.replace('-', ' ')}."
    )


def _moving(action: str, view: ReleaseView, line: Line | None) -> list[Cell]:
    """Return the cells under the cursor that a step moves; of several waves those of the first that is open."""
    wanted = set(line.cis) if line is not None else set()
    found = [cell for cell in view.cells if cell.ci in wanted and cell.state.value in MOVES[action]]
    if action == "go" and line is not None and len(line.cis) > 1:
        # All of a wave or a site: what failed is only tried again where somebody points at it.
        found = [cell for cell in found if cell.state.value == "planned"]
    waves = sorted({cell.wave for cell in found})
    return [cell for cell in found if cell.wave == waves[0]] if action == "go" and waves else found


def _what(cells: Sequence[Cell]) -> str:
    if len(cells) <= NAMES:
        return ", ".join(cell.name for cell in cells)
    return f"{len(cells)} CIs"


async def rollout(screen: ReleaseCockpit, step: str) -> None:
    """Ask, then take a step with what is under the cursor."""
    view = screen.view
    if view is None:
        return
    cells = _moving(step, view, screen.line)
    if step == "unreachable":
        await _because(screen, cells, "unreachable", "is unreachable")
        return
    question, yes, told = TITLES[step]
    title = question.format(version=view.release_version, what=_what(cells))
    if await screen.app.push_screen_wait(AskModal(screen.session, title, told, yes=yes)):
        values = {"cis": [cell.ci for cell in cells]}
        action = "report" if step == "installed" else step
        await _take(screen, action, values | ({"outcome": "installed"} if step == "installed" else {}))


async def failed(screen: ReleaseCockpit) -> None:
    """Ask what went wrong, and record it."""
    view = screen.view
    if view is None:
        return
    if screen.tabs.active == TESTS:
        await _result(screen, "failed")
        return
    await _because(screen, _moving("failed", view, screen.line), "failed", "failed")


async def _because(screen: ReleaseCockpit, cells: Sequence[Cell], outcome: str, words: str) -> None:
    async def do_it(typed: Mapping[str, object]) -> bool:
        await _take(screen, "report", {"outcome": outcome, "cis": [cell.ci for cell in cells], "reason": typed.get("reason")})
        return True

    modal = ActModal(
        screen.session,
        f"{_what(cells)} {words}",
        (_text("reason", "Why"),),
        do_it,
        told="What was there before stays.",
        do="report",
    )
    await screen.app.push_screen_wait(modal)


async def accept(screen: ReleaseCockpit) -> None:
    """Ask for a note, and accept the wave that is open."""
    view = screen.view
    wave = _open_wave(view) if view is not None else None
    if wave is None:
        screen.say("Every wave is accepted; s begins early life.", severity="warning")
        return

    async def do_it(typed: Mapping[str, object]) -> bool:
        await _take(screen, "accept-wave", {"wave": wave.position, "note": typed.get("note")})
        return True

    told = "The next wave opens. A note is demanded where something in it failed."
    title = f"Accept wave {wave.position} ({wave.name})"
    await screen.app.push_screen_wait(
        ActModal(screen.session, title, (_text("note", "Note", required=False),), do_it, told=told, do="accept")
    )


def _open_wave(view: ReleaseView) -> Wave | None:
    return next((wave for wave in view.waves if not wave.is_accepted), None)


async def back_out(screen: ReleaseCockpit) -> None:
    """Ask how far, then why, and put back what was there before."""
    view = screen.view
    if view is None:
        return
    cells = _moving("back_out", view, screen.line)
    choices = [
        Choice("some", _what(cells), "only what is under the cursor; the rollout goes on"),
        Choice("all", "the whole release", "everywhere; it ends as backed out"),
    ]
    chosen = await screen.app.push_screen_wait(ChooseModal(screen.session, "Back out", choices))
    if chosen is None:
        return
    everywhere = chosen == "all"

    async def do_it(typed: Mapping[str, object]) -> bool:
        action = "back-out" if everywhere else "back-out-cells"
        own = {} if everywhere else {"cis": [cell.ci for cell in cells]}
        await _take(screen, action, {**own, "reason": typed.get("reason")})
        return True

    title = f"Back out {view.number}" if everywhere else f"Back out {_what(cells)}"
    told = "What was there before is put back; where that cannot be, the cell says why."
    await screen.app.push_screen_wait(ActModal(screen.session, title, (_text("reason", "Why"),), do_it, told=told, do="back out"))


async def _take(screen: ReleaseCockpit, action: str, values: Mapping[str, object]) -> None:
    """Take a step, and say where it could not be taken."""
    from deskterm.release.reading import view

    desk, number = screen.desk, screen.number
    given = {name: value for name, value in values.items() if value not in (None, "")}
    before = {} if screen.view is None else {cell.id: (cell.state, cell.changed_at, cell.reason) for cell in screen.view.cells}
    await screen.commit(lambda: desk.act(number, action, given))
    after = await screen.call(view, desk, number)
    screen.read_anew()
    fresh = [cell for cell in after.cells if before.get(cell.id) != (cell.state, cell.changed_at, cell.reason)]
    lost = [cell for cell in fresh if cell.state == "failed" and given.get("outcome") != "failed"]
    if lost:
        screen.say(f"Not everywhere: {'; '.join(f'{cell.name}: {cell.reason}' for cell in lost)}", severity="error")
    else:
        screen.say(f"{number}: {after.progress or after.state}")


# Builds and tests.


async def add_item(screen: ReleaseCockpit) -> None:
    """Ask which item of the library, and add it to the open build."""
    from deskterm.release import builds
    from deskterm.release.library_reading import holdings

    held = await screen.call(holdings, screen.desk)
    choices = [
        Choice(
            one.number,
            f"{one.name} {one.version}",
            f"{one.number} · {one.licence}",
            "" if one.state == "in-library" else one.state,
        )
        for one in held
    ]
    if not choices:
        screen.say("The library is empty; its first item is made in the list of releases, under Library.", severity="warning")
        return
    item = await screen.app.push_screen_wait(ChooseModal(screen.session, "Add to the build", choices))
    if item is not None:
        await _done(screen, lambda: builds.add(screen.desk, screen.number, [item]), f"{item} is in the build")


async def drop(screen: ReleaseCockpit) -> None:
    """Take what is under the cursor out, as long as nothing came of it."""
    from deskterm.release import builds, campaigns

    line, desk, number = screen.line, screen.desk, screen.number
    if line is None:
        return
    if screen.tabs.active == ROLLOUT:
        if await screen.app.push_screen_wait(
            AskModal(screen.session, f"Take {line.label.strip()} out of the rollout?", "", yes="drop")
        ):
            await _take(screen, "drop-cells", {"cis": list(line.cis)})
    elif screen.tabs.active == BUILD and line.number:
        await _done(screen, lambda: builds.drop(desk, number, [line.number]), f"{line.number} is out of the build")
    elif screen.tabs.active == TESTS and line.case:
        await _done(screen, lambda: campaigns.drop(desk, number, line.campaign, [line.case]), "The test is dropped")
    else:
        raise InvalidInput("There is nothing under the cursor to drop.")


async def plan_test(screen: ReleaseCockpit) -> None:
    """Ask for a campaign and a test, and plan it."""
    from deskterm.forms.schema import Answer, FieldKind, FormField
    from deskterm.release import campaigns

    known = screen.line.campaign if screen.line is not None else ""
    fields = (
        FormField(
            "campaign",
            "Campaign",
            FieldKind.TEXT,
            required=True,
            answer=Answer(known or "acceptance"),
            value=known or "acceptance",
        ),
        _text("case", "Test"),
        FormField(
            "mandatory",
            "Mandatory",
            FieldKind.FLAG,
            answer=Answer("yes"),
            value=True,
            help="The release is not ready without it.",
        ),
    )

    async def do_it(typed: Mapping[str, object]) -> bool:
        campaign, case = str(typed.get("campaign") or known or "acceptance"), str(typed.get("case") or "")
        mandatory = typed.get("mandatory", True) is not False
        await _done(
            screen, lambda: campaigns.plan(screen.desk, screen.number, campaign, [case], mandatory=mandatory), f"Planned: {case}"
        )
        return True

    await screen.app.push_screen_wait(ActModal(screen.session, "Plan a test", fields, do_it, do="plan"))


async def passed(screen: ReleaseCockpit) -> None:
    """Record that the test under the cursor passed."""
    from deskterm.release import campaigns

    line = screen.line
    if line is not None and line.case:
        await _done(
            screen,
            lambda: campaigns.record(screen.desk, screen.number, line.campaign, [line.case], "passed"),
            f"{line.label.strip()}: passed",
        )


async def _result(screen: ReleaseCockpit, result: str) -> None:
    from deskterm.release import campaigns

    line = screen.line
    if line is None or not line.case:
        return

    async def do_it(typed: Mapping[str, object]) -> bool:
        said = str(typed.get("evidence") or "")
        await _done(
            screen,
            lambda: campaigns.record(screen.desk, screen.number, line.campaign, [line.case], result, said),
            f"{line.label.strip()}: {result}",
        )
        return True

    modal = ActModal(screen.session, f"{line.label.strip()} {result}", (_text("evidence", "What was seen"),), do_it, do="record")
    await screen.app.push_screen_wait(modal)


async def finish(screen: ReleaseCockpit) -> None:
    """Finish the open build, or sign the campaign under the cursor; neither is taken back."""
    from deskterm.release import builds, campaigns

    desk, number, line = screen.desk, screen.number, screen.line
    if screen.tabs.active == BUILD:
        told = "Every file is read again; then the record of the build stands."
        if await screen.app.push_screen_wait(AskModal(screen.session, "Finish the build?", told, yes="finish")):
            await _done(screen, lambda: builds.finish(desk, number), "The build is complete")
        return
    name = line.campaign if line is not None else ""
    told = "A signature is not taken back; what is tested again is another round."
    if not name:
        screen.say("There is no campaign under the cursor.", severity="warning")
        return
    if await screen.app.push_screen_wait(AskModal(screen.session, f"Sign {name} off?", told, yes="sign")):
        await _done(screen, lambda: campaigns.sign(desk, number, name), f"{name} is signed off")


async def _done(screen: ReleaseCockpit, function: Callable[[], object], said: str) -> None:
    await screen.commit(function)
    screen.read_anew()
    screen.say(said)


def _text(name: str, label: str, *, required: bool = True) -> FormField:
    from deskterm.forms.schema import FieldKind, FormField

    return FormField(name, label, FieldKind.TEXT, required=required)
