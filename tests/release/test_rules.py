"""The pure rules: numbering, the check list, what a build is made of, cells and the gate between waves, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.release import cells, figures, gates, numbering
from deskterm.release.cells import STEPS, CellState, WaveGate
from deskterm.release.gates import CampaignFact, CaseFact, ChangeFact, ItemFact, Part, ReleaseFacts

VERSIONS = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 4))


@pytest.mark.parametrize(
    ("category", "taken", "next_"),
    [
        ("major", [], "1.0"), ("minor", [], "0.1"), ("emergency", [], "0.0.1"), ("major", ["1.0", "1.4"], "2.0"),
        ("minor", ["1.0", "1.4", "1.4.2"], "1.5"), ("emergency", ["1.4"], "1.4.1"), ("emergency", ["1.4.1", "1.3"], "1.4.2"),
    ],
)  # fmt: skip
def test_the_next_number_follows_from_the_category(category: str, taken: list[str], next_: str) -> None:
    assert numbering.show(numbering.following(category, [numbering.parse(one) for one in taken])) == next_


@given(st.sampled_from(numbering.CATEGORIES), st.lists(VERSIONS))
def test_what_is_proposed_is_never_refused_and_lies_behind_all(category: str, taken: list[numbering.Version]) -> None:
    found = numbering.following(category, taken)
    assert numbering.fault(found, category, taken) == ""
    assert all(found > one for one in taken)
    assert numbering.parse(numbering.show(found)) == found


@pytest.mark.parametrize(
    ("version", "category", "taken", "says"),
    [
        ("1.1", "major", [], "no number of a major release"), ("1.0", "minor", [], "no number of a minor"),
        ("1.1", "emergency", [], "no number of an emergency"), ("2.0", "major", ["2.0"], "is taken"),
        ("2.0", "major", ["3.0"], "lies before 3.0"), ("1.2.1", "emergency", ["1.1"], "no release 1.2"),
        ("1.1.1", "emergency", ["1.1", "1.1.3"], "lies before 1.1.3"), ("1.1.1", "emergency", ["1.1", "2.0"], ""),
    ],
)  # fmt: skip
def test_a_number_that_does_not_fit_is_refused(version: str, category: str, taken: list[str], says: str) -> None:
    found = numbering.fault(numbering.parse(version), category, [numbering.parse(one) for one in taken])
    assert (says in found) if says else found == ""


@pytest.mark.parametrize(
    "text", ["", "1", "v1.0", "1.0.0", "01.0", "1.-1", "1.0-rc1", "1.0\n2", "999999.0", "\u0661.\u0660", "1.1\u0660"]
)
def test_what_is_no_version_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no version number"):
        numbering.parse(text)


GOOD = ReleaseFacts(
    changes=(ChangeFact("CHG-1", "x", "approved"), ChangeFact("CHG-2", "y", "closed", "successful")),
    build=2,
    building=False,
    items=(ItemFact("DSL-1", "payroll", "4.3", "aa", "aa", "in-library", "verified"),),
    campaigns=(CampaignFact("acceptance", "ada", (CaseFact("acceptance", "slip", True, "passed"),)),),
    has_backout_plan=True,
    rehearsed_at=1,
    has_evidence=True,
)


def test_everything_in_place_opens_every_gate() -> None:
    found = gates.gates(GOOD)
    assert gates.missing(found) == ()
    assert [gate.name for gate in found] == ["changes", "build", "tests", "backout"]


CASE = GOOD.campaigns[0].cases[0]
LACKING: list[tuple[dict[str, object], list[str]]] = [
    ({"changes": ()}, ["no change is linked"]),
    ({"changes": (ChangeFact("CHG-1", "x", "draft"),)}, ["CHG-1 is draft, not approved"]),
    ({"changes": (ChangeFact("CHG-1", "x", "closed", "failed"),)}, ["closed as failed"]),
    ({"build": None, "items": (), "campaigns": ()}, ["no build is finished", "no test campaign was run on the finished build"]),
    ({"building": True}, ["a newer build is under way"]),
    ({"items": (replace(GOOD.items[0], integrity="tampered"),)}, ["DSL-1 payroll 4.3 is tampered"]),
    ({"items": (replace(GOOD.items[0], library_sha256="bb"),)}, ["another file in the library"]),
    ({"items": (replace(GOOD.items[0], state="archived"),)}, ["not in the library any more"]),
    ({"campaigns": ()}, ["no test campaign was run on build 2"]),
    ({"campaigns": (CampaignFact("a", "ada", (replace(CASE, mandatory=False),)),)}, ["no test is mandatory"]),
    ({"campaigns": (CampaignFact("a", "", (replace(CASE, result="failed"),)),)}, ["'slip' (acceptance) is failed", "not signed"]),
    (
        {"has_backout_plan": False, "rehearsed_at": None, "has_evidence": False},
        ["no back-out plan", "not rehearsed", "nothing says"],
    ),
]


@pytest.mark.parametrize(("change", "says"), LACKING, ids=[next(iter(change)) + str(i) for i, (change, _) in enumerate(LACKING)])
def test_a_refusal_names_all_that_is_missing(change: dict[str, object], says: list[str]) -> None:
    found = gates.missing(gates.gates(replace(GOOD, **change)))  # type: ignore[arg-type]
    assert len(found) == len(says)
    assert all(part in sentence for part, sentence in zip(says, found, strict=True))


@given(
    st.lists(st.sampled_from(LACKING[:1] + LACKING[4:6] + LACKING[8:9] + LACKING[11:]), unique_by=lambda one: next(iter(one[0])))
)
def test_what_is_missing_adds_up(some: list[tuple[dict[str, object], list[str]]]) -> None:
    facts = GOOD
    for change, _ in some:
        facts = replace(facts, **change)  # type: ignore[arg-type]
    assert len(gates.missing(gates.gates(facts))) == sum(len(says) for _, says in some)


A, B = Part("DSL-1", "a", "1", "aa", 7), Part("DSL-2", "b", "1", "bb", 7)
OTHER = Part("DSL-3", "c", "1", "cc", 8)


@pytest.mark.parametrize(
    ("type_", "parts", "before", "says"),
    [
        ("full", [], {}, "at least one item"), ("full", [A], {}, "missing: DSL-2 b 1"), ("full", [A, B], {}, ""),
        ("delta", [A], {}, ""), ("delta", [A], {"a": "aa"}, "same as in the last"),
        ("delta", [A, B], {"a": "aa"}, "DSL-1 a is unchanged"),
        ("delta", [A], {"a": "other"}, ""), ("package", [A, B], {}, "several release units"), ("package", [A, OTHER], {}, ""),
    ],
)  # fmt: skip
def test_a_build_is_made_of_what_its_type_says(type_: str, parts: list[Part], before: dict[str, str], says: str) -> None:
    found = gates.build_faults(type_, parts, [A, B], before, 7)
    assert (says in " ".join(found)) if says else found == ()


STATES = st.sampled_from(list(CellState))
WAVES = st.lists(st.tuples(st.booleans(), st.lists(STATES, max_size=4)), max_size=5)


def waves_of(drawn: Sequence[tuple[bool, list[CellState]]]) -> list[WaveGate]:
    return [WaveGate(i, f"W{i}", accepted, tuple(states)) for i, (accepted, states) in enumerate(drawn, 1)]


@given(WAVES)
def test_a_wave_is_open_exactly_when_all_before_it_are_accepted(drawn: list[tuple[bool, list[CellState]]]) -> None:
    waves = waves_of(drawn)
    for wave in waves:
        oracle = all(accepted for accepted, _ in drawn[: wave.position - 1])
        assert (cells.shut(waves, wave.position) == "") is oracle
    expected = next((i for i, (accepted, _) in enumerate(drawn, 1) if not accepted), None)
    assert cells.open_wave(waves) == expected


@given(st.lists(STATES, max_size=6), st.sampled_from(["", " ", "known fault, fixed on Monday"]))
def test_a_wave_is_accepted_when_it_is_done_and_what_failed_is_answered_for(states: list[CellState], reason: str) -> None:
    found = cells.unacceptable(WaveGate(1, "W", False, tuple(states)), reason=reason)
    done = bool(states) and not {CellState.PLANNED, CellState.HELD, CellState.DISTRIBUTING} & set(states)
    fine = all(state is CellState.INSTALLED for state in states) or bool(reason.strip())
    assert (found == "") is (done and fine)


def test_every_step_leads_from_states_there_are_to_states_there_are() -> None:
    for step, moves in STEPS.items():
        assert moves, step
        assert not set(moves) & set(moves.values()), step
    reached = {to for moves in STEPS.values() for to in moves.values()}
    assert reached | {CellState.PLANNED} == set(CellState)


def test_progress_is_said_in_words() -> None:
    two = waves_of([(True, [CellState.INSTALLED]), (False, [CellState.FAILED, CellState.PLANNED, CellState.PLANNED])])
    assert cells.progress(two) == "1 of 2 waves accepted; 2 planned, 1 installed, 1 failed"
    assert cells.progress([]) == ""


PARTS = (figures.Part("payroll", "1.1", "aa", "payroll.tar"),)
PLACED = figures.Placed(1, "CI-1", "app-1", "live", "Haus A", 1, 7, "installed", "1.1", "1.0", "1.1", 100, True, (), "")


def test_a_site_is_on_the_authorised_version_when_every_ci_is() -> None:
    other = replace(PLACED, ci_id=2, number="CI-2", installed="1.0")
    away = replace(PLACED, ci_id=3, site="Haus B")
    assert figures.sites([PLACED, other, away]) == {"Haus A": False, "Haus B": True}
    assert figures.sites([replace(PLACED, is_out=False)]) == {}, "a release that is not out authorises nothing"
    newer = replace(PLACED, release_id=2, version="1.2", installed="1.2", out_at=200)
    assert figures.sites([PLACED, away, newer]) == {"Haus A": True, "Haus B": False}
    assert figures.sites([replace(PLACED, ci_state="retired", installed="")]) == {}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""), ({"installed": "0.9"}, "another version"), ({"installed": ""}, "nothing is installed"),
        ({"state": "failed", "installed": "0.9"}, ""), ({"state": "backed-out", "installed": "1.0"}, ""),
        ({"state": "backed-out"}, "another version"), ({"parts": PARTS, "discovered": "aa"}, ""),
        ({"parts": PARTS, "discovered": "bb"}, "no library item"), ({"ci_state": "disposed", "installed": ""}, ""),
        ({"parts": PARTS, "seen": {"/opt/Payroll.tar": "sha256:aa", "payroll": "1:1.1-3"}}, ""),
        ({"parts": PARTS, "seen": {"C:\\apps\\payroll.tar": "sha256:bb"}}, "another hash than payroll 1.1"),
        ({"parts": PARTS, "seen": {"/opt/other.tar": "sha256:bb", "other": "9"}}, ""),
        ({"parts": PARTS, "seen": {"Payroll": "1.10"}}, "another version than 1.1"),
        ({"parts": PARTS, "state": "backed-out", "installed": "1.0", "seen": {"payroll": "1.0"}}, ""),
    ],
)  # fmt: skip
def test_drift_is_what_is_found_other_than_the_last_release_left(change: dict[str, object], why: str) -> None:
    found = figures.drift([replace(PLACED, **change)])  # type: ignore[arg-type]
    assert [why in one.why for one in found] == ([True] if why else [])


def test_in_time_is_known_only_where_both_instants_are() -> None:
    assert [figures.on_time(*pair) for pair in ((5, 5), (6, 5), (None, 5), (5, None))] == [True, False, None, None]
