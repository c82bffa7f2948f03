"""`deskterm calc`, the delivery processes: their worked examples on JSON lines, what is withheld, what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.asking import ask, office, one, wrong

DAY: dict[str, Any] = {"from_": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z"}
A = [["2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z"]]
B = [["2026-11-23T10:30:00Z", "2026-11-23T11:30:00Z"]]
SAWTOOTH = [[300 * place, value] for place, value in enumerate((0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50))]


def at(seconds: int) -> str:
    return f"1970-01-01T00:{seconds // 60:02}:{seconds % 60:02}Z"


class TestAvailability:
    def test_a_both_needed(self) -> None:
        answer = one("service", **DAY, needs={"all": ["A", "B"]}, parts={"A": A, "B": B})
        assert answer == {
            "agreed_seconds": 86_400, "downtime_seconds": 5400, "planned_seconds": 0, "unknown_seconds": 0,
            "availability": 93.75, "availability_excluding_planned": 93.75, "availability_known_time": 93.75,
            "outages": 1, "mtrs_seconds": 5400, "mtbf_seconds": 81_000, "mtbsi_seconds": 86_400,
            "attribution": {"A": 2700, "B": 2700},
        }  # fmt: skip

    def test_a_one_of_two_needed(self) -> None:
        answer = one("service", **DAY, needs={"k": 1, "of": ["A", "B"]}, parts={"A": A, "B": B})
        assert round(answer["availability"], 2) == 97.92
        assert answer["downtime_seconds"] == 1800
        assert answer["attribution"] == {"A": 900, "B": 900}

    def test_b(self) -> None:
        down = [
            ["2026-11-23T01:00", "2026-11-23T03:00"],
            ["2026-11-24T01:00", "2026-11-24T05:00"],
            ["2026-11-25", "2026-11-25T03:00"],
        ]
        week = office("00:00", "24:00")
        answer = one("availability", from_="2026-11-23", to="2026-11-30", service_hours=week, down=down)
        assert answer["availability"] == 92.5
        assert (answer["mtbf_seconds"], answer["mtrs_seconds"], answer["mtbsi_seconds"]) == (37 * 3600, 3 * 3600, 40 * 3600)

    def test_c(self) -> None:
        planned = [[at(1100), at(1300)], [at(1400), at(1600)]]
        answer = one("availability", from_=at(1000), to=at(2000), down=[[at(1200), at(1500)]], planned=planned)
        assert (answer["availability"], answer["availability_excluding_planned"]) == (70, 90)
        assert (answer["downtime_seconds"], answer["planned_seconds"]) == (300, 200)

    def test_d(self) -> None:
        answer = one(
            "fault-tree", top={"and": ["mains", {"or": ["generator", "relay"]}]},
            events={"mains": 0.03, "generator": 0.02, "relay": 0.05},
        )  # fmt: skip
        assert answer == {"probability": 0.00207, "cut_sets": [["generator", "mains"], ["mains", "relay"]], "single_points": []}

    def test_a_night_s_outage_within_office_hours(self) -> None:
        hours = office("08:00", "18:00", "Europe/Berlin")
        down = [["2026-11-23T17:00", "2026-11-24T09:00"]]
        answer = one("availability", from_="2026-11-23T00:00", to="2026-11-25T00:00", service_hours=hours, down=down)
        assert (answer["agreed_seconds"], answer["downtime_seconds"], answer["outages"]) == (72_000, 7200, 1)

    def test_no_service_time_and_nothing_known_are_null(self) -> None:
        sunday = one("availability", from_="2026-11-22", to="2026-11-23", service_hours=office("08:00", "18:00"))
        unknown = one("availability", **DAY, unknown=[["2026-11-23", "2026-11-24"]])
        for answer in (sunday, unknown):
            figures = (
                "availability",
                "availability_excluding_planned",
                "availability_known_time",
                "mtrs_seconds",
                "mtbf_seconds",
            )
            assert [answer[name] for name in figures] == [None] * 5
            assert answer["outages"] == 0

    def test_both_bases_of_unknown_time_and_an_open_outage(self) -> None:
        answer = one("availability", **DAY, down=[["2026-11-23T18:00Z", None]], unknown=[["2026-11-23", "2026-11-23T12:00Z"]])
        assert (answer["availability"], answer["availability_known_time"]) == (75, 50)
        assert answer["downtime_seconds"] == 6 * 3600

    def test_a_shared_event_counts_once(self) -> None:
        answer = one(
            "fault-tree", top={"and": [{"or": ["power", "a"]}, {"or": ["power", "b"]}]}, events={"power": 0.1, "a": 0.5, "b": 0.5}
        )
        assert answer == {"probability": 0.325, "cut_sets": [["power"], ["a", "b"]], "single_points": ["power"]}

    def test_two_of_three(self) -> None:
        answer = one("fault-tree", top={"k": 2, "of": ["a", "b", "c"]}, events={"a": 0.5, "b": 0.5, "c": 0.5})
        assert answer["probability"] == 0.5
        assert answer["cut_sets"] == [["a", "b"], ["a", "c"], ["b", "c"]]


class TestCapacity:
    def test_a(self) -> None:
        answer = one("forecast", samples=SAWTOOTH, method="least-squares", at=6600, threshold=100, now=3000)
        assert answer["slope"] == pytest.approx(0.0106060606, abs=1e-10)
        assert answer["value"] == pytest.approx(76.818182, abs=5e-7)
        assert answer["seconds_left"] == pytest.approx(5785.714, abs=5e-4)
        assert answer["withheld"] is None

    def test_b(self) -> None:
        answer = one("erlang-c", calls=100, interval_seconds=1800, handle_seconds=180, agents=14, target_seconds=20)
        assert answer["traffic"] == 10
        assert answer["p_wait"] == pytest.approx(0.1741319, abs=5e-8)
        assert answer["service_level"] == pytest.approx(0.88835, abs=5e-6)
        assert answer["mean_wait_seconds"] == pytest.approx(7.83594, abs=5e-6)
        assert answer["occupancy"] == pytest.approx(0.7142857, abs=5e-8)

    def test_instants_may_be_text_in_any_order(self) -> None:
        samples = [["2026-01-03", 30], ["2026-01-01", 10], ["2026-01-02", 20], ["2026-01-02", 20]]
        answer = one("forecast", samples=samples, method="theil-sen", threshold=50, now="2026-01-03")
        assert answer["slope"] == pytest.approx(10 / 86_400)
        assert answer["seconds_left"] == pytest.approx(2 * 86_400)
        assert answer["value"] == pytest.approx(30)

    @pytest.mark.parametrize(
        ("samples", "reason"),
        [
            ([], "too short: no samples"),
            ([[0, 1]], "too short: all samples are of one instant"),
            ([[5, 1], [5, 2]], "too short: all samples are of one instant"),
            ([[0, 1], [1, 2]], "too short: 2 instants"),
            ([[0, 1], [1, 1], [2, 1]], "no trend"),
            ([[0, 3], [1, 2], [2, 1]], "no trend"),
            ([[0, 0.1], [1, 0.1], [2, 0.1]], "no trend"),
            ([[0, 0], [1, 9], [2, 0], [3, 9], [4, 0], [5, 9], [6, 0], [7, 9]], "too poor"),
            ([[0, 10], [1, 60], [2, 110]], "exceeded already"),
            ([[0, 1], [1, 1.001], [2, 1.002]], "too short: the threshold is"),
        ],
    )
    def test_what_is_withheld_says_why(self, samples: list[list[float]], reason: str) -> None:
        answer = one("forecast", samples=samples, threshold=100)
        assert reason in answer["withheld"]
        assert answer["seconds_left"] is None


class TestContinuity:
    def test_b(self) -> None:
        steps = {"servers": {"minutes": 30}, "network": {"minutes": 45}, "test": {"minutes": 60, "after": ["servers", "network"]}}
        answer = one("recovery", steps=steps)
        assert answer == {"elapsed_minutes": 105, "effort_minutes": 135, "critical_path": ["network", "test"]}

    def test_a_cycle_is_refused_by_name(self) -> None:
        steps = {"a": {"minutes": 1, "after": ["c"]}, "b": {"minutes": 1, "after": ["a"]}, "c": {"minutes": 1, "after": ["b"]}}
        assert wrong("recovery", steps=steps) == {"steps": "steps wait for one another in a circle: a → b → c → a"}


class TestFinance:
    @pytest.mark.parametrize(
        ("method", "totals", "gross"),
        [
            ("reciprocal", {"Q": 5020.01, "P": 6240}, {"Y": 9000, "Z": 5800}),
            ("direct", {"Q": 5008.22, "P": 6251.79}, {"Y": 7260, "Z": 4000}),
            ("step-down", {"Q": 5293.44, "P": 5966.57}, {"Y": 7260, "Z": 5452}),
        ],
    )
    def test_a(self, method: str, totals: dict[str, float], gross: dict[str, float]) -> None:
        shares = {"Y": {"Z": 0.2, "P": 0.5, "Q": 0.3}, "Z": {"Y": 0.3, "P": 0.3, "Q": 0.4}}
        answer = one("allocate", costs={"Y": 7260, "Z": 4000, "Q": 0.01}, shares=shares, method=method)
        assert answer == {"totals": totals, "gross": gross, "unallocated": 0}

    def test_b(self) -> None:
        assert one("split", amount=100.00, weights=[1, 1, 1]) == {"parts": [33.34, 33.33, 33.33]}
        assert one("split", amount="-100", weights=[1, 1, 1]) == {"parts": [-33.34, -33.33, -33.33]}

    def test_c(self) -> None:
        answer = one(
            "depreciation", cost=100_000, salvage=0, years=5, in_service="2010-03-04", year_end="12-31", method="straight-line",
        )  # fmt: skip
        amounts = [16_500, 20_000, 20_000, 20_000, 20_000, 3500]
        assert answer == {"schedule": [[2010 + place, amount] for place, amount in enumerate(amounts)]}

    def test_d(self) -> None:
        answer = one("investment", flows=[-15_000, 1500, 2500, 3500, 4500, 6000], rate=0.05)
        assert answer["npv"] == 122.89
        assert answer["irr"] == pytest.approx(0.052432888859, abs=1e-12)
        assert (answer["irr_reason"], answer["payback"], answer["roi"]) == (None, 4.5, 0.2)

    @pytest.mark.parametrize(
        ("flows", "reason"), [([-1, -2], "none"), ([0, 0], "none"), ([100, -200, 150], "none"), ([-100, 230, -132], "several: 2")]
    )
    def test_an_irr_that_is_none_or_several(self, flows: list[int], reason: str) -> None:
        answer = one("investment", flows=flows, rate=0.1)
        assert answer["irr"] is None
        assert answer["irr_reason"].startswith(reason)

    def test_what_no_share_takes_is_unallocated(self) -> None:
        answer = one("allocate", costs={"IT": 100}, shares={"IT": {"a": 0.333, "b": 0.333}}, method="direct")
        assert answer == {"totals": {"a": 33.3, "b": 33.3}, "gross": {"IT": 100}, "unallocated": 33.4}
        assert one("allocate", costs={"IT": -7}, shares={"IT": {}}, method="reciprocal")["unallocated"] == -7


ERLANG = {"calls": 100, "interval_seconds": 1800, "handle_seconds": 180, "agents": 14, "target_seconds": 20}
TREE = {"top": "a", "events": {"a": 0.5}}
ALLOCATE = {"costs": {"Y": 1, "Z": 1}, "shares": {"Y": {"Z": 1}, "Z": {"Y": 1}}, "method": "reciprocal"}
ASSET = {"cost": 100, "salvage": 0, "years": 5, "in_service": "2010-03-04"}


@pytest.mark.parametrize(
    ("function", "question", "fields"),
    [
        ("availability", {"from_": "2026-11-24", "to": "2026-11-23"}, {"to"}),
        ("availability", {"from_": "2026-11-24", "to": "2026-11-24"}, {"to"}),
        ("availability", {**DAY, "down": [["2026-11-23T02:00", "2026-11-23T01:00"]]}, {"down.0"}),
        ("availability", {**DAY, "down": [["2026-11-23T02:00"]]}, {"down.0.1"}),
        ("availability", {**DAY, "planned": [["2026-11-23T02:00", None]]}, {"planned.0.1"}),
        ("availability", {**DAY, "service_hours": {"tz": "Mars"}}, {"service_hours.tz"}),
        ("service", {**DAY, "needs": "C", "parts": {"A": A}}, {"needs"}),
        ("service", {**DAY, "needs": {"all": []}, "parts": {"A": A}}, {"needs.all"}),
        ("service", {**DAY, "needs": {"all": ["A", {"k": 3, "of": ["A", "A"]}]}, "parts": {"A": A}}, {"needs.all.1.k"}),
        ("service", {**DAY, "needs": {"any": ["A"]}, "parts": {"A": A}}, {"needs"}),
        ("fault-tree", {**TREE, "top": {"or": ["a", "b"]}}, {"top.or.1"}),
        ("fault-tree", {**TREE, "events": {"a": 1.5}}, {"events.a"}),
        ("fault-tree", {**TREE, "events": {"a": -0.1}}, {"events.a"}),
        ("fault-tree", {**TREE, "events": {"a": True}}, {"events.a"}),
        ("fault-tree", {**TREE, "top": {"and": ["a"], "or": ["a"]}}, {"top"}),
        ("fault-tree", {**TREE, "top": {"k": True, "of": ["a"]}}, {"top.k"}),
        ("forecast", {"samples": [["soon", 1]]}, {"samples.0.0"}),
        ("forecast", {"samples": [[1, 1e16]]}, {"samples.0"}),
        ("forecast", {"samples": [[0, 1], [1, 2]], "method": "guess"}, {"method"}),
        ("erlang-c", {**ERLANG, "agents": 10}, {"agents"}),
        ("erlang-c", {**ERLANG, "agents": 0}, {"agents"}),
        ("erlang-c", {**ERLANG, "interval_seconds": 0}, {"interval_seconds"}),
        ("erlang-c", {**ERLANG, "handle_seconds": 0}, {"handle_seconds"}),
        ("erlang-c", {**ERLANG, "calls": -1}, {"calls"}),
        ("recovery", {"steps": {}}, {"steps"}),
        ("recovery", {"steps": {"a": {"minutes": 1, "after": ["b"]}}}, {"steps.a.after"}),
        ("recovery", {"steps": {"a": {"minutes": -1}}}, {"steps.a.minutes"}),
        ("allocate", ALLOCATE, {"shares.Y", "shares.Z"}),
        ("allocate", {**ALLOCATE, "shares": {"Y": {"P": 1.5}}}, {"shares.Y.P", "shares.Y"}),
        ("allocate", {**ALLOCATE, "shares": {"Y": {"P": 0.7, "Q": 0.7}}}, {"shares.Y"}),
        ("allocate", {**ALLOCATE, "method": "step-down", "order": ["Y"]}, {"order"}),
        ("allocate", {**ALLOCATE, "order": ["Y", "Z"]}, {"order"}),
        ("allocate", {**ALLOCATE, "costs": {"Y": "1_000"}}, {"costs.Y"}),
        ("split", {"amount": 1, "weights": [0, 0]}, {"weights"}),
        ("split", {"amount": 1, "weights": []}, {"weights"}),
        ("split", {"amount": 1, "weights": [1, -1]}, {"weights.1"}),
        ("split", {"amount": "1e999999999", "weights": [1]}, {"amount"}),
        ("split", {"amount": "1e-999999999", "weights": [1]}, {"amount"}),
        ("split", {"amount": "NaN", "weights": [1]}, {"amount"}),
        ("depreciation", {**ASSET, "salvage": 101}, {"salvage"}),
        ("depreciation", {**ASSET, "years": 0}, {"years"}),
        ("depreciation", {**ASSET, "year_end": "02-30"}, {"year_end"}),
        ("depreciation", {**ASSET, "year_end": "June"}, {"year_end"}),
        ("depreciation", {**ASSET, "in_service": "2010-02-30"}, {"in_service"}),
        ("depreciation", {**ASSET, "method": "declining-balance", "rate": 0}, {"rate"}),
        ("investment", {"flows": [], "rate": 0.1}, {"flows"}),
        ("investment", {"flows": [1, 2], "rate": -1}, {"rate"}),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field(function: str, question: dict[str, Any], fields: set[str]) -> None:
    assert wrong(function, **question).keys() == fields


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused_and_the_next_line_answered(value: str) -> None:
    status, [bad, good] = ask("forecast", '{"samples": [[0, 1], [1, ' + value + "]]}", {"samples": [[0, 1], [1, 2]]})
    assert status == 1
    assert bad["error"]["code"] == "invalid"
    assert good["slope"] == 1


def test_an_unstable_queue_says_what_would_carry_it() -> None:
    assert "unstable, take 11 or more" in wrong("erlang-c", **{**ERLANG, "agents": 10})["agents"]
