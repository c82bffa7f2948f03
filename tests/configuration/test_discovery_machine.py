"""The inbox under any order of decisions, legal or not: no row in two states, no lost journal entry, every refusal explained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from deskterm.configuration import discovery
from deskterm.configuration.discovery_rules import numbers_in
from deskterm.errors import DeskError
from tests.configuration.scanning import host, inbox, known, nmap, scan
from tests.desks import Cast, cast_on

POSITIONS = st.lists(st.integers(1, 8), min_size=1, max_size=3)
DECISIONS = ("staged", "discarded", "applied")


@contextmanager
def scanned() -> Iterator[tuple[Cast, str]]:
    """Yield a desk with a scan of a conflict, two changed, a vanished, two new and an unchanged row."""
    with TemporaryDirectory() as folder, cast_on(f"{folder}/desk.db", agreements=False) as cast:
        path = Path(folder)
        macs = [f"08:00:27:00:11:0{i}" for i in range(6)]
        for i in (0, 0, 1, 2, 3):
            known(cast, name=f"m{i}", mac=macs[i], status="in-stock" if i == 2 else "live")
        known(
            cast,
            name="same",
            mac=macs[4],
            attributes={"ip": "192.0.2.1", "open_ports": ["22/tcp"]},
            manufacturer="Maker",
            fqdn="s.example.org",
        )
        scan(cast, "nmap", path / "1.xml", nmap(host("v.example.org", mac=macs[3]), at=cast.clock.now() - 90_000))
        hosts = [host(f"h{i}.example.org", mac=macs[i]) for i in (0, 1, 2)]
        hosts += [host("s.example.org", mac=macs[4]), host("n1.example.org"), host("n2.example.org")]
        yield cast, scan(cast, "nmap", path / "2.xml", nmap(*hosts)).number


class Inbox(RuleBasedStateMachine):
    """Decides, settles, applies and undoes at random."""

    def __init__(self) -> None:
        super().__init__()
        self._opened = scanned()
        self.cast, self.number = self._opened.__enter__()
        self.entries = self._journal()
        self.refused: list[str] = []

    def teardown(self) -> None:
        self._opened.__exit__(None, None, None)

    def _journal(self) -> int:
        return len(self.cast.ada.show(self.number).journal)

    def _try(self, act: Any) -> None:
        before = self.cast.ada.show(self.number)
        try:
            act()
        except DeskError as refusal:
            self.refused.append(refusal.message)
            after = self.cast.ada.show(self.number)
            assert (after.version, after.state, after.values) == (before.version, before.state, before.values)
            return
        after = self.cast.ada.show(self.number)
        if after.version > before.version:
            assert len(after.journal) > len(before.journal)

    @rule(positions=POSITIONS, state=st.sampled_from(["staged", "discarded", "open"]))
    def decide(self, positions: list[int], state: str) -> None:
        self._try(lambda: discovery.decide(self.cast.ada, self.number, positions, state))

    @rule(position=st.integers(1, 8), which=st.sampled_from(["new", "CI-00002", "CI-00003", "CI-99999"]))
    def choose(self, position: int, which: str) -> None:
        self._try(lambda: discovery.choose(self.cast.ada, self.number, position, which))

    @rule(position=st.integers(1, 8), field=st.sampled_from(["fqdn", "ip", "serial", "status"]))
    def leave_out(self, position: int, field: str) -> None:
        self._try(lambda: discovery.leave_out(self.cast.ada, self.number, position, field))

    @rule(preview=st.booleans())
    def apply(self, preview: bool) -> None:
        self._try(lambda: discovery.apply(self.cast.ada, self.number, preview=preview))

    @rule(action=st.sampled_from(["settle", "reopen"]))
    def act(self, action: str) -> None:
        self._try(lambda: self.cast.ada.act(self.number, action))

    @precondition(lambda self: self.cast.ada.show(self.number).version > 1)
    @rule()
    def undo(self) -> None:
        self._try(self.cast.ada.undo)

    @invariant()
    def no_row_is_in_two_states(self) -> None:
        values = self.cast.ada.show(self.number).values
        held = [numbers_in(values[name] or "") for name in DECISIONS]
        assert sum(map(len, held)) == len(set().union(*held))
        for row in inbox(self.cast, self.number):
            decided = [name for name, positions in zip(DECISIONS, held, strict=True) if row.position in positions]
            assert row.state == (decided[0] if decided else "open" if row.outcome.value not in ("unchanged", "unreached") else "")
            if row.state == "applied":
                assert row.number

    @invariant()
    def every_refusal_says_why(self) -> None:
        assert all(len(sentence.split()) > 3 for sentence in self.refused)

    @invariant()
    def nothing_is_forgotten(self) -> None:
        entries = self._journal()
        assert entries >= self.entries
        self.entries = entries


def test_any_order_of_decisions() -> None:
    slow = (HealthCheck.too_slow, HealthCheck.data_too_large)
    run_state_machine_as_test(
        Inbox, settings=settings(max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=slow)
    )
