"""The definitive library: what enters it, who may, what is frozen, and that damage is seen wherever one looks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.health import Word
from deskterm.job_runs import run_due
from deskterm.records.schema import RecordView
from deskterm.release import library
from deskterm.release.health import health
from deskterm.release.library_store import LibraryUnusable
from deskterm.reports import Period, run
from tests.desks import Cast
from tests.release.scenes import file_of, item, proposed


@pytest.fixture
def desk(any_cast: Cast) -> Desk:
    """The administrator of a desk whose library has a folder of its own."""
    any_cast.ada.create("agent", {"login": "rex", "roles": ["agent", "release-manager"]})
    return any_cast.as_("rex")


def stored(desk: Desk, view: RecordView) -> Path:
    return library.library(desk).folder / str(view.values["path"])


def test_an_item_enters_with_a_file_a_licence_and_a_passed_check_or_not_at_all(desk: Desk, any_cast: Cast) -> None:
    number = desk.create("definitive-item", {"name": "payroll", "item_version": "4.3"}).number
    with pytest.raises(WorkflowRefused) as refused:
        desk.act(number, "accept")
    assert set(refused.value.fields) == {"path", "licence", "qa_result"}
    assert all(word in refused.value.message for word in ("no hash", "no licence", "not checked"))
    library.deposit(desk, number, file_of(any_cast, "payroll-4.3.tar", "master"))
    with pytest.raises(WorkflowRefused, match="no licence reference; the quality was not checked"):
        desk.act(number, "accept", {})
    desk.act(number, "check-quality", {"qa_result": "failed", "qa_evidence": "does not start"})
    with pytest.raises(WorkflowRefused, match="the quality check failed"):
        desk.act(number, "accept", {"licence": "Contract 17"})
    desk.act(number, "check-quality", {"qa_result": "passed", "qa_evidence": "starts now"})
    assert desk.act(number, "accept", {"licence": "Contract 17"}).state == "in-library"
    view = desk.show(number)
    assert (view.values["qa_by"], view.values["integrity"], view.values["deposited_by"]) == ("rex", "verified", "rex")
    assert stored(desk, view).read_bytes() == b"master"
    assert [line.text for line in view.journal if line.what == "signed"] == ["quality check: failed", "quality check: passed"]
    with pytest.raises(WorkflowRefused, match="no licence"):
        desk.edit(number, {"licence": None})


def test_what_is_in_the_library_stands(desk: Desk, any_cast: Cast) -> None:
    number = item(desk, any_cast, "payroll", "4.3")
    with pytest.raises(WorkflowRefused, match="item version stands"):
        desk.edit(number, {"item_version": "4.4"})
    with pytest.raises(WorkflowRefused, match="not possible while in-library"):
        library.deposit(desk, number, file_of(any_cast, "other.tar", "other"))
    for name in ("sha256", "path", "size_bytes", "integrity"):
        with pytest.raises(InvalidInput, match="worked out by the desk"):
            desk.edit(number, {name: "0"})


def test_nobody_claims_a_hash_or_a_verification(desk: Desk) -> None:
    number = desk.create("definitive-item", {"name": "payroll", "item_version": "4.3"}).number
    with pytest.raises(WorkflowRefused, match="library deposit"):
        desk.act(number, "deposit")
    with pytest.raises(WorkflowRefused, match="library verify"):
        desk.act(number, "note-integrity")
    assert desk.show(number).values["sha256"] is None
    assert {one.name for one in desk.actions(number)}.isdisjoint({"deposit", "note-integrity"})


def test_a_version_is_there_once_and_a_rejected_one_does_not_count(desk: Desk, any_cast: Cast) -> None:
    first = item(desk, any_cast, "Payroll", "4.3")
    for name, version in (("Payroll", "4.3"), ("PAYROLL", "4.3"), ("payroll", "4.3")):
        with pytest.raises(InvalidInput, match=f"{first} is {name} 4.3 already"):
            desk.create("definitive-item", {"name": name, "item_version": version})
    other = proposed(desk, any_cast, "Payroll", "4.4")
    desk.act(other, "reject", {"reason": "wrong branch"})
    assert desk.create("definitive-item", {"name": "Payroll", "item_version": "4.4"}).state == "proposed"
    desk.act(first, "archive", {"reason": "replaced"})
    with pytest.raises(InvalidInput, match="already"):
        desk.create("definitive-item", {"name": "Payroll", "item_version": "4.3"})


def test_another_file_has_to_be_checked_again_and_takes_the_place_of_the_first(desk: Desk, any_cast: Cast) -> None:
    number = proposed(desk, any_cast, "payroll", "4.3", text="first")
    first = stored(desk, desk.show(number))
    with pytest.raises(WorkflowRefused, match="this very file already"):
        library.deposit(desk, number, file_of(any_cast, "same.tar", "first"))
    library.deposit(desk, number, file_of(any_cast, "second.tar", "second"))
    view = desk.show(number)
    assert (view.values["qa_result"], first.exists()) == (None, False)
    assert stored(desk, view).read_bytes() == b"second"
    assert library.strays(desk) == ()


def test_a_deposit_that_is_refused_leaves_no_file(desk: Desk, any_cast: Cast) -> None:
    number = desk.create("definitive-item", {"name": "payroll", "item_version": "4.3"}).number
    for file in ("../up.tar", "a/../../up.tar", str(file_of(any_cast, "-rf"))):
        with pytest.raises(InvalidInput):
            library.deposit(desk, number, file)
    with pytest.raises(NotAllowed, match="release-manager"):
        library.deposit(any_cast.as_("bob"), number, file_of(any_cast, "a.tar"))
    with pytest.raises(NotFound, match="no library item"):
        library.deposit(desk, desk.create("release", {"summary": "x"}).number, file_of(any_cast, "a.tar"))
    assert library.strays(desk) == ()
    assert not list(library.library(desk).folder.glob("DSL-*"))


def test_who_came_in_by_a_key_names_a_file_of_the_drop_box(desk: Desk, any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.create("definitive-item", {"name": "payroll", "item_version": "4.3"}).number
    secret = file_of(any_cast, "secret.key")
    monkeypatch.setenv("DESKTERM_FIXED_AGENT", "rex")
    with pytest.raises(InvalidInput, match="is a path"):
        library.deposit(desk, number, secret)
    with pytest.raises(InvalidInput, match="cannot be read"):
        library.deposit(desk, number, "secret.key")
    box = library.library(desk).folder / "incoming"
    box.mkdir(parents=True)
    (box / "payroll.tar").write_bytes(b"brought here")
    library.deposit(desk, number, "payroll.tar")
    assert stored(desk, desk.show(number)).read_bytes() == b"brought here"


def test_a_licence_is_a_ci_of_that_type(desk: Desk, any_cast: Cast) -> None:
    any_cast.ada.create("ci", {"name": "Payroll licence", "type": "licence"})
    number = desk.create("definitive-item", {"name": "payroll", "item_version": "4.3", "licence_ci": "Payroll licence"}).number
    with pytest.raises(InvalidInput, match="of type network-device"):
        desk.edit(number, {"licence_ci": "vpn-gw-1"})


def test_damage_is_seen_on_the_record_in_health_and_in_the_report(desk: Desk, any_cast: Cast) -> None:
    whole, tampered, missing = (item(desk, any_cast, name, "1.0") for name in ("whole", "tampered", "missing"))
    assert health(desk).word is Word.WELL
    path = stored(desk, desk.show(tampered))
    path.chmod(0o640)
    path.write_bytes(b"trojan")
    stored(desk, desk.show(missing)).unlink()
    any_cast.clock.advance(86_400)
    found = {one.number: one.result for one in library.verify(any_cast.as_("bob"))}
    assert found == {whole: "verified", tampered: "tampered", missing: "missing"}
    view = desk.show(tampered)
    assert (view.values["integrity"], "hash" in view.values["integrity_note"] or "bytes" in view.values["integrity_note"]) == (
        "tampered",
        True,
    )
    assert [(line.old, line.new, line.actor) for line in view.journal if line.field == "integrity"] == [
        (None, "verified", "rex"),
        ("verified", "tampered", "bob"),
    ]
    now = health(desk)
    assert (now.word, now.worst and now.worst.number) == (Word.TROUBLE, tampered)
    assert desk.count(desk.prepare(now.kinds, now.query)) == 2
    figures = run(desk, "releases", Period(), {}).data["total"]
    assert (figures["library_items"], figures["library_verified_percent"]) == (3, pytest.approx(100 / 3))
    version = view.version
    library.verify(desk, [tampered])
    assert desk.show(tampered).version == version, "the same finding again is no news"
    path.write_bytes(b"the contents of tampered-1.0.tar")
    assert library.verify(desk, [tampered])[0].result == "verified"
    assert desk.show(tampered).values["integrity_note"] is None


def test_the_job_reads_every_file_and_says_what_changed(desk: Desk, any_cast: Cast) -> None:
    numbers = [item(desk, any_cast, f"part-{i}", "1.0") for i in range(3)]
    stored(desk, desk.show(numbers[1])).unlink()
    (done,) = run_due(any_cast.database, desk.registry, any_cast.clock, "library-verify")
    assert (done.error, done.changed) == (None, 1)
    view = desk.show(numbers[1])
    assert view.values["integrity"] == "missing"
    assert view.journal[-1].actor == "desk"


def test_a_desk_in_a_server_says_that_its_library_needs_a_folder(postgres_cast: Cast) -> None:
    with pytest.raises(LibraryUnusable, match="library_folder"):
        library.library(postgres_cast.ada)
    from deskterm.administration import change

    for wrong in ("relative/folder", "/srv/../etc", "/srv/\x1bx"):
        with pytest.raises(InvalidInput, match="whole path"):
            change(postgres_cast.ada, "library_folder", wrong)


def test_two_who_propose_the_same_version_at_once_make_one(desk: Desk, any_cast: Cast) -> None:
    def propose(_: int) -> bool:
        try:
            any_cast.as_("rex").create("definitive-item", {"name": "payroll", "item_version": "4.3"})
        except InvalidInput:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(propose, range(4))) == [False, False, False, True]
    assert desk.count(desk.prepare(("definitive-item",), "*")) == 1
