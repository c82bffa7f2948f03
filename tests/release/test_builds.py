"""Build records, test campaigns and the check list: what is demanded, what is refused with everything missing, what stands."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, exc, insert, text, update

from data.errors import DeskError
from data.tables.release import release_build, release_build_item, release_campaign, release_case
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.explanations import explain
from deskterm.release import builds, campaigns, library
from deskterm.release.reading import view
from tests.change.changing import board, rfc
from tests.desks import MONDAY, Cast
from tests.release.scenes import REHEARSED, built, item, signed


@pytest.fixture
def desk(any_cast: Cast) -> Desk:
    """A release manager's access to a desk whose library has a folder of its own."""
    any_cast.ada.create("agent", {"login": "rex", "roles": ["agent", "release-manager"]})
    any_cast.ada.create("release-unit", {"name": "Payroll system"})
    board(any_cast, "sue")
    return any_cast.as_("rex")


def approved(cast: Cast) -> str:
    number = rfc(cast.as_("bob"))
    cast.as_("bob").act(number, "submit")
    cast.as_("bob").act(number, "assess")
    cast.as_("sue").act(number, "approve")
    return number


def test_a_release_goes_from_planning_to_ready(desk: Desk, any_cast: Cast) -> None:
    change = approved(any_cast)
    number = signed(desk, any_cast, changes=[change], unit="Payroll system")
    with pytest.raises(WorkflowRefused) as refused:
        desk.act(number, "ready")
    assert set(refused.value.fields) == {"backout"}
    given = {**REHEARSED, "backout_rehearsed_at": MONDAY}
    assert desk.act(number, "ready", given).state == "ready"
    found = view(desk, number)
    assert all(gate.is_open for gate in found.gates)
    (build,) = found.builds
    assert (build.state, build.finished_by, build.note) == ("complete", "rex", "nightly 812")
    assert build.items[0].verified_at == MONDAY
    links = [(line.relation, line.number) for line in desk.show(number).links]
    assert links == [("includes", change)]


def test_a_refusal_lists_everything_at_once_and_so_does_the_explanation(desk: Desk, any_cast: Cast) -> None:
    number = built(desk, any_cast, changes=[rfc(any_cast.as_("bob"))])
    campaigns.plan(desk, number, "acceptance", ["pay slip", "bank file"])
    desk.act(number, "test")
    campaigns.record(desk, number, "acceptance", [2], "failed", "wrong sum")
    (one,) = view(desk, number).builds[0].items
    path = library.library(desk).folder / str(desk.show(one.number).values["path"])
    path.chmod(0o640)
    path.write_bytes(b"trojan")
    library.verify(desk)
    with pytest.raises(WorkflowRefused) as refused:
        desk.act(number, "ready")
    said = refused.value.message
    for part in ("CHG-00001 is draft", "is tampered", "'pay slip' (acceptance) is open", "'bank file' (acceptance) is failed",
                 "not signed off", "no back-out plan", "not rehearsed", "nothing says how the rehearsal went"):  # fmt: skip
        assert part in said
    data = explain(desk, number, "ready").data["ready"]
    assert data["ready"] is False
    assert all(sentence in said for sentence in data["missing"])
    assert len(data["missing"]) == 8


def test_a_build_needs_items_of_the_library_and_reads_their_files_again(desk: Desk, any_cast: Cast) -> None:
    number = desk.create("release", {"summary": "Payroll"}).number
    with pytest.raises(WorkflowRefused, match="take the action build first"):
        builds.finish(desk, number)
    desk.act(number, "build")
    with pytest.raises(WorkflowRefused, match="at least one item"):
        builds.finish(desk, number)
    loose = desk.create("definitive-item", {"name": "loose", "item_version": "1"}).number
    with pytest.raises(InvalidInput) as refused:
        builds.add(desk, number, [loose, "DSL-09999"])
    assert len(refused.value.fields) == 2
    good = item(desk, any_cast, "payroll", "1.0")
    builds.add(desk, number, [good])
    with pytest.raises(InvalidInput, match="in the build already"):
        builds.add(desk, number, [good])
    path = library.library(desk).folder / str(desk.show(good).values["path"])
    path.unlink()
    with pytest.raises(WorkflowRefused, match="its file is missing"):
        builds.finish(desk, number)
    assert desk.show(good).values["integrity"] == "missing", "what was found is kept, though the build was refused"
    with pytest.raises(WorkflowRefused, match="build 1 is under way"):
        desk.act(number, "test")
    builds.drop(desk, number, [good])
    assert view(desk, number).builds[0].items == ()
    with pytest.raises(NotAllowed):
        builds.add(any_cast.as_("ron"), number, [good])


def test_a_rebuild_begins_with_the_same_items_and_tests_begin_anew(desk: Desk, any_cast: Cast) -> None:
    number = signed(desk, any_cast, changes=[approved(any_cast)], **REHEARSED, backout_rehearsed_at=MONDAY)
    desk.act(number, "ready")
    desk.act(number, "rebuild", {"reason": "a defect was found"})
    found = view(desk, number)
    assert [one.state for one in found.builds] == ["complete", "open"]
    assert [one.number for one in found.builds[1].items] == [one.number for one in found.builds[0].items]
    builds.finish(desk, number)
    desk.act(number, "test")
    found = view(desk, number)
    assert [(one.round, one.build, one.verdict) for one in found.campaigns] == [(1, 1, "passed"), (2, 2, "")]
    assert {case.result for case in found.campaigns[1].cases} == {"open"}
    with pytest.raises(WorkflowRefused, match="is open"):
        desk.act(number, "ready")
    campaigns.record(desk, number, "acceptance", [1], "passed")
    campaigns.record(desk, number, "acceptance", [2], "blocked", "no bank")
    assert campaigns.sign(desk, number, "acceptance") == "failed"
    assert campaigns.repeat(desk, number, "acceptance") == 3
    campaigns.record(desk, number, "acceptance", [1, 2], "passed")
    campaigns.sign(desk, number, "acceptance", "second try")
    assert desk.act(number, "ready").state == "ready"


def test_an_abandoned_build_stands_and_another_begins(desk: Desk, any_cast: Cast) -> None:
    number = desk.create("release", {"summary": "Payroll"}).number
    desk.act(number, "build")
    builds.abandon(desk, number, "wrong branch")
    assert [one.state for one in view(desk, number).builds] == ["abandoned", "open"]
    desk.act(number, "cancel", {"reason": "not needed"})
    assert [one.state for one in view(desk, number).builds] == ["abandoned", "abandoned"]


@pytest.mark.parametrize(
    ("verb", "arguments", "says"),
    [
        ("plan", ("", ["x"]), "campaign needs some text"), ("plan", ("a", []), "at least one case"),
        ("plan", ("acceptance", ["pay slip"]), "already"), ("plan", ("a", ["x\ny"]), "single line"),
        ("plan", ("a", ["x" * 256]), "256 characters"), ("drop", ("acceptance", [9]), "no case 9"),
        ("drop", ("nothing", [1]), "it has: acceptance"), ("sign", ("acceptance",), "tested no build yet"),
        ("record", ("acceptance", [1], "passed"), "recorded while it is tested"),
        ("record", ("acceptance", [1], "good"), "not 'good'"),
        ("record", ("acceptance", [1], "failed"), "says what was seen"), ("repeat", ("acceptance",), "not signed yet"),
    ],
)  # fmt: skip
def test_tests_that_make_no_sense_are_refused(
    desk: Desk, any_cast: Cast, verb: str, arguments: tuple[object, ...], says: str
) -> None:
    number = built(desk, any_cast)
    campaigns.plan(desk, number, "acceptance", ["pay slip", "bank file"])
    with pytest.raises((InvalidInput, NotFound, WorkflowRefused), match=says):
        getattr(campaigns, verb)(desk, number, *arguments)


def test_cases_are_dropped_and_optional_ones_may_fail(desk: Desk, any_cast: Cast) -> None:
    number = built(desk, any_cast)
    campaigns.plan(desk, number, "acceptance", ["pay slip", "bank file"])
    campaigns.plan(desk, number, "acceptance", ["looks nice"], mandatory=False)
    campaigns.drop(desk, number, "acceptance", [2])
    desk.act(number, "test")
    with pytest.raises(WorkflowRefused, match="2 not tested: pay slip, looks nice"):
        campaigns.sign(desk, number, "acceptance")
    campaigns.record(desk, number, "acceptance", [1], "passed")
    campaigns.record(desk, number, "acceptance", [3], "failed", "ugly")
    assert campaigns.sign(desk, number, "acceptance") == "passed"
    with pytest.raises(WorkflowRefused, match="was signed by rex"):
        campaigns.record(desk, number, "acceptance", [3], "passed")


def test_sql_itself_refuses_to_touch_what_is_finished_or_signed(desk: Desk, any_cast: Cast) -> None:
    number = signed(desk, any_cast)
    with any_cast.database.read() as connection:
        build = connection.execute(text("SELECT id FROM release_build")).scalar_one()
        campaign = connection.execute(text("SELECT id FROM release_campaign")).scalar_one()
        row = dict(connection.execute(text("SELECT * FROM release_build_item")).mappings().one())
    other = item(desk, any_cast, "other", "1")
    row |= {"id": None, "item_id": desk.show(other).id}
    added = {key: value for key, value in row.items() if key != "id"}
    forbidden = [
        update(release_build).values(note="x"), delete(release_build), update(release_build_item).values(sha256="x"),
        delete(release_build_item), insert(release_build_item).values(added), update(release_campaign).values(verdict="passed"),
        delete(release_campaign), update(release_case).values(result="passed"), delete(release_case),
        insert(release_case).values(campaign_id=campaign, position=9, name="x", mandatory=True, result="passed"),
    ]  # fmt: skip
    for statement in forbidden:
        with pytest.raises((exc.DBAPIError, DeskError), match="is a record"), any_cast.database.write() as connection:
            connection.execute(statement)
    assert build
    assert view(desk, number).builds[0].digest


def test_numbers_follow_from_unit_and_category(desk: Desk) -> None:
    def make(**values: object) -> str:
        number = desk.create("release", {"summary": "x", **values}).number
        return str(desk.show(number).values["release_version"])

    unit = {"unit": "Payroll system"}
    assert [make(category=one, **unit) for one in ("major", "minor", "minor", "emergency", "major")] == [
        "1.0",
        "1.1",
        "1.2",
        "1.2.1",
        "2.0",
    ]
    assert make(category="minor", service="Payroll") == "0.1"
    assert make(category="minor", service="Workplace") == "0.1", "another service is another row"
    with pytest.raises(InvalidInput, match=r"lies before 2\.0"):
        make(category="minor", release_version="1.9", **unit)
    with pytest.raises(InvalidInput, match="no number of a minor release"):
        make(category="minor", release_version="3.0", **unit)
    number = desk.create("release", {"summary": "y", "category": "minor", **unit}).number
    desk.edit(number, {"category": "major"})
    assert desk.show(number).values["release_version"] == "3.0"
    desk.act(number, "cancel", {"reason": "no"})
    assert make(category="major", **unit) == "3.0", "a number that was never out is given again"


def test_a_rehearsal_still_to_come_is_none(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="still to come"):
        desk.create("release", {"summary": "x", "backout_rehearsed_at": MONDAY + 60})


def test_an_undone_step_leaves_a_way_on(desk: Desk, any_cast: Cast) -> None:
    number = desk.create("release", {"summary": "Payroll"}).number
    desk.act(number, "build")
    cancelled = desk.act(number, "cancel", {"reason": "not needed"}).operation
    desk.undo(cancelled)
    assert (desk.show(number).state, [one.state for one in view(desk, number).builds]) == ("building", ["abandoned"])
    with pytest.raises(WorkflowRefused, match="add an item to begin one"):
        builds.finish(desk, number)
    builds.add(desk, number, [item(desk, any_cast, "payroll", "1.0")])
    builds.finish(desk, number)
    tested = desk.act(number, "test").operation
    desk.undo(tested)
    builds.add(desk, number, [item(desk, any_cast, "extra", "1.0")])
    assert [one.state for one in view(desk, number).builds] == ["abandoned", "complete", "open"]
