"""A rollout: waves and their gate, what is written to CIs, what failed, what is backed out and where that cannot be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from deskterm.doctor import examine
from deskterm.errors import InvalidInput, NotFound, WorkflowRefused
from deskterm.health import Word
from deskterm.release import library
from deskterm.release.health import health
from deskterm.release.reading import view
from tests.desks import Cast
from tests.release.rollouts import PILOT, REST, cell, installed, ready, rolling, states, through
from tests.release.scenes import servers


def test_wave_by_wave_the_version_is_written_to_each_ci(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    assert view(desk, number).progress == "0 of 2 waves accepted; 5 planned"
    with pytest.raises(WorkflowRefused, match=r"wave 2 is shut until wave 1 \(Pilot\) is accepted"):
        desk.act(number, "go", {"wave": 2})
    desk.act(number, "go")
    assert states(desk, number) == dict.fromkeys(PILOT, "distributing") | dict.fromkeys(REST, "planned")
    assert set(installed(any_cast).values()) == {"1.0"}, "what is on its way is not installed"
    desk.act(number, "report", {"outcome": "installed", "cis": ["app-1"]})
    assert installed(any_cast)["app-1"] == "1.1"
    with pytest.raises(WorkflowRefused, match="wave 1 is not done: 1 distributing"):
        desk.act(number, "accept-wave")
    desk.act(number, "report", {"outcome": "installed"})
    desk.act(number, "accept-wave", {"note": "the pilot users are happy"})
    (pilot, rest) = view(desk, number).waves
    assert (pilot.accepted_by, pilot.note, rest.shut) == ("rex", "the pilot users are happy", "")
    with pytest.raises(WorkflowRefused, match=r"wave 2 \(Rest\) not accepted"):
        desk.act(number, "early-life")
    through(desk, number, 2)
    assert set(installed(any_cast).values()) == {"1.1"}
    assert desk.act(number, "early-life").state == "early-life"
    said = [line.text for line in desk.show(cell(desk, number, "app-1").ci).journal if line.text and number in line.text]
    assert said == [
        f"planned for {number} 1.1, wave 1", f"{number} 1.1, wave 1: distributing", f"{number} 1.1, wave 1: installed",
    ]  # fmt: skip
    changed = [
        (line.old, line.new, line.actor) for line in desk.show(cell(desk, number, "app-1").ci).journal if line.what == "field"
    ]
    assert changed[-1] == ("1.0", "1.1", "rex")
    cells = [line for line in desk.show(number).journal if line.field == "cell"]
    assert len(cells) == 10, "every move of a cell is journalled on the release"
    assert not [one for one in examine(any_cast.database, clock=any_cast.clock) if one.severity.value == "error"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"cis": ["app-1"]}, "is in wave 1 already; a CI is in one wave"), ({"cis": ["nobody"]}, "there is no ci 'nobody'"),
        ({"sites": ["Haus Z"]}, "there is no live CI at 'Haus Z'"), ({"wave": 9, "cis": ["app-3"]}, "the next wave is number 2"),
        ({"cis": ["old-1"]}, "old-1 is retired"),
    ],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_refused(any_cast: Cast, values: dict[str, object], says: str) -> None:
    desk, number, _ = ready(any_cast)
    any_cast.ada.act(servers(any_cast.ada, "old-1")[0], "retire")
    desk.act(number, "plan-wave", {"cis": list(PILOT)})
    with pytest.raises(InvalidInput, match=says):
        desk.act(number, "plan-wave", values)
    assert len(view(desk, number).cells) == 2


def test_without_a_wave_nothing_goes_out(any_cast: Cast) -> None:
    desk, number, _ = ready(any_cast)
    with pytest.raises(WorkflowRefused, match="no wave with a CI in it"):
        desk.act(number, "roll-out")
    desk.act(number, "plan-wave", {"name": "Nobody yet"})
    with pytest.raises(WorkflowRefused, match="no wave with a CI in it"):
        desk.act(number, "roll-out")
    desk.act(number, "plan-wave", {"sites": ["haus b"]})
    with pytest.raises(WorkflowRefused, match="wave 1 has no CI"):
        desk.act(number, "roll-out")
    desk.act(number, "drop-cells", {"cis": ["app-3", "app-4"]})
    assert set(states(desk, number)) == {"app-5"}
    with pytest.raises(NotFound, match="not in this rollout: app-3"):
        desk.act(number, "drop-cells", {"cis": ["app-3"]})


def test_a_ci_that_is_gone_fails_visibly_and_the_others_go_on(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    any_cast.ada.act(cell(desk, number, "app-2").ci, "retire")
    desk.act(number, "go")
    assert states(desk, number)["app-1"] == "distributing"
    gone = cell(desk, number, "app-2")
    assert (gone.state, gone.reason, gone.ci_state) == ("failed", "the CI is retired", "retired")
    any_cast.ada.act(cell(desk, number, "app-1").ci, "dispose")
    desk.act(number, "report", {"outcome": "installed"})
    assert cell(desk, number, "app-1").reason == "the CI is disposed"
    assert health(desk).word is Word.TROUBLE
    with pytest.raises(WorkflowRefused, match="2 failed; accepting it needs a note"):
        desk.act(number, "accept-wave")
    desk.act(number, "accept-wave", {"note": "both were scrapped"})


def test_what_failed_says_why_and_is_tried_again(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    desk.act(number, "go")
    for outcome in ("failed", "unreachable"):
        with pytest.raises(InvalidInput, match="say why"):
            desk.act(number, "report", {"outcome": outcome})
    desk.act(number, "report", {"outcome": "failed", "cis": ["app-1"], "reason": "disk full"})
    desk.act(number, "report", {"outcome": "unreachable", "cis": ["APP-2"], "reason": "no answer"})
    assert [(one.name, one.reason) for one in view(desk, number).cells[:2]] == [("app-1", "disk full"), ("app-2", "no answer")]
    assert installed(any_cast)["app-1"] == "1.0"
    with pytest.raises(WorkflowRefused, match="nothing is planned in wave 1: app-1 is failed, app-2 is unreachable"):
        desk.act(number, "go")
    desk.act(number, "go", {"cis": ["app-1", "app-2"]})
    desk.act(number, "report", {"outcome": "installed"})
    assert installed(any_cast)["app-2"] == "1.1"


def test_what_is_held_waits(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    desk.act(number, "hold", {"cis": ["app-2"], "reason": "pay run tonight"})
    desk.act(number, "go")
    assert (states(desk, number)["app-1"], states(desk, number)["app-2"]) == ("distributing", "held")
    assert cell(desk, number, "app-2").reason == "pay run tonight"
    with pytest.raises(WorkflowRefused, match="nothing is planned in wave 1: app-1 is distributing, app-2 is held"):
        desk.act(number, "go")
    desk.act(number, "hold", {"wave": 2})
    desk.act(number, "resume", {"wave": 2, "cis": ["app-3"]})
    assert [states(desk, number)[name] for name in REST] == ["planned", "held", "held"]
    desk.act(number, "resume")
    assert states(desk, number)["app-2"] == "planned"


def test_a_change_that_lost_its_approval_stops_the_next_wave(any_cast: Cast) -> None:
    desk, number, change = rolling(any_cast)
    through(desk, number, 1)
    any_cast.as_("bob").act(change, "revise", {"why": "the plan is wrong"})
    with pytest.raises(WorkflowRefused) as refused:
        desk.act(number, "go")
    assert refused.value.message == (
        f"{number} is stopped before wave 2: {change} is draft, not approved. Have it approved again, or back the release out"
    )
    assert states(desk, number)["app-3"] == "planned"
    desk.act(number, "back-out", {"reason": "not approved any more"})


def test_a_file_that_was_tampered_with_stops_the_next_wave(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    through(desk, number, 1)
    (one,) = view(desk, number).builds[0].items
    path = library.library(desk).folder / str(desk.show(one.number).values["path"])
    whole = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(b"trojan")
    library.verify(desk)
    with pytest.raises(WorkflowRefused) as refused:
        desk.act(number, "go")
    assert refused.value.message == (
        f"{number} is stopped before wave 2: {one.number} {one.name} {one.version} is tampered: its file is not what the library "
        "recorded. Put the file right and verify it, or back the release out"
    )
    assert states(desk, number)["app-3"] == "planned"
    path.write_bytes(whole)
    library.verify(desk)
    desk.act(number, "go")
    assert states(desk, number)["app-3"] == "distributing"


def test_a_release_whose_change_lost_its_approval_does_not_begin(any_cast: Cast) -> None:
    desk, number, change = ready(any_cast)
    desk.act(number, "plan-wave", {"cis": list(PILOT)})
    any_cast.as_("bob").act(change, "cancel")
    with pytest.raises(WorkflowRefused, match=f"{number} is not ready any more: {change} is cancelled"):
        desk.act(number, "roll-out")


def test_backing_out_restores_what_was_there_and_names_where_it_could_not(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    any_cast.ada.edit(cell(desk, number, "app-3").ci, {"installed_version": None})
    through(desk, number, 1)
    desk.act(number, "go")
    desk.act(number, "report", {"outcome": "installed", "cis": ["app-3", "app-4"]})
    any_cast.ada.edit(cell(desk, number, "app-1").ci, {"installed_version": "1.2"})
    any_cast.ada.act(cell(desk, number, "app-4").ci, "retire")
    assert desk.act(number, "back-out", {"reason": "wrong sums"}).state == "backed-out"
    assert installed(any_cast) == {"app-1": "1.2", "app-2": "1.0", "app-3": None, "app-4": "1.1", "app-5": "1.0"}
    found = {one.name: (one.state.value, one.reason) for one in view(desk, number).cells}
    assert found["app-2"] == found["app-3"] == found["app-5"] == ("backed-out", "wrong sums")
    assert found["app-1"] == ("failed", "not backed out: 1.2 is installed there by now, not 1.1; going back to 1.0 would lose it")
    assert found["app-4"] == ("failed", "not backed out: the CI is retired")
    texts = [line.text or "" for line in desk.show(number).journal]
    assert any(
        line.startswith("backed out on 3 of 5 CIs; not on app-1: 1.2 is") and "app-4: the CI is retired" in line for line in texts
    )
    with pytest.raises(WorkflowRefused):
        desk.act(number, "go")


def test_some_cis_are_backed_out_and_their_wave_is_to_be_accepted_again(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    through(desk, number, 1)
    desk.act(number, "back-out-cells", {"cis": ["app-2"], "reason": "prints blanks"})
    assert (installed(any_cast)["app-2"], installed(any_cast)["app-1"]) == ("1.0", "1.1")
    assert view(desk, number).waves[0].accepted_at is None
    with pytest.raises(WorkflowRefused, match="shut until wave 1"):
        desk.act(number, "go", {"wave": 2})
    with pytest.raises(WorkflowRefused, match="1 backed-out; accepting it needs a note"):
        desk.act(number, "accept-wave")
    desk.act(number, "accept-wave", {"note": "app-2 is replaced next week"})
    with pytest.raises(WorkflowRefused, match="nothing of it is installed there: app-2 is backed-out"):
        desk.act(number, "back-out-cells", {"cis": ["app-2"], "reason": "again"})


def test_a_step_of_a_rollout_is_not_undone_behind_the_cells(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    desk.act(number, "go")
    first = desk.act(number, "report", {"outcome": "installed", "cis": ["app-1"]}).operation
    desk.act(number, "report", {"outcome": "installed", "cis": ["app-2"]})
    for operation in (first, None):
        with pytest.raises(WorkflowRefused, match="back out the CIs"):
            any_cast.ada.undo(operation or first)
    assert (installed(any_cast)["app-1"], states(desk, number)["app-1"]) == ("1.1", "installed")


def test_beginning_a_rollout_is_undone_until_something_is_sent(any_cast: Cast) -> None:
    desk, number, _ = ready(any_cast)
    desk.act(number, "plan-wave", {"cis": list(PILOT)})
    begun = desk.act(number, "roll-out").operation
    desk.act(number, "go")
    report = desk.undo(begun)
    assert [outcome.number for outcome in report.kept] == [number]
    assert "was sent to app-1, app-2 already" in report.kept[0].message
    assert desk.show(number).state == "rolling-out"


def test_what_a_ci_refuses_is_a_failed_cell(any_cast: Cast) -> None:
    """A CI whose own rules refuse the write fails in its own cell, and the others are written."""
    desk, number, _ = rolling(any_cast)
    broken = cell(desk, number, "app-1").ci_id
    with any_cast.database.write() as connection:
        connection.execute(text("UPDATE ci SET type = 'no such type' WHERE id = :id"), {"id": broken})
        connection.execute(text("UPDATE record SET title = '' WHERE id = :id"), {"id": broken})
    desk.act(number, "go")
    desk.act(number, "report", {"outcome": "installed"})
    cells = {one.ci_id: one for one in view(desk, number).cells}
    assert (cells[broken].state.value, "needs name" in cells[broken].reason) == ("failed", True)
    assert states(desk, number)["app-2"] == "installed"


def test_what_is_out_keeps_its_name(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    for field, value in (("release_version", "1.9"), ("category", "major"), ("type", "delta")):
        with pytest.raises((WorkflowRefused, InvalidInput), match=r"stands|no number"):
            desk.edit(number, {field: value})
    assert view(desk, number).release_version == "1.1"


def test_a_ci_leads_to_the_releases_it_is_in(any_cast: Cast) -> None:
    desk, number, _ = ready(any_cast)
    desk.act(number, "plan-wave", {"cis": ["app-1", "app-2"]})
    ci = cell(desk, number, "app-1").ci
    assert [(line.relation, line.number) for line in desk.show(ci).links if line.valid_until is None] == [
        ("rolls-out-to", number)
    ]
    desk.act(number, "drop-cells", {"cis": ["app-1"]})
    assert not [line for line in desk.show(ci).links if line.valid_until is None]
    with pytest.raises(InvalidInput, match="plan-wave leaves behind"):
        any_cast.ada.link(number, "rolls-out-to", ci)


def test_two_who_distribute_at_once_do_it_once(any_cast: Cast) -> None:
    desk, number, _ = rolling(any_cast)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: _go(any_cast, number), range(4)))
    assert sorted(done) == [False, False, False, True]
    moves = [line for line in desk.show(number).journal if line.field == "cell"]
    assert len(moves) == len(PILOT)


def _go(cast: Cast, number: str) -> bool:
    try:
        cast.as_("rex").act(number, "go", {"wave": 1})
    except WorkflowRefused:
        return False
    return True
