"""The palette itself: what is chosen is what was typed, however fast, and never what stood there for fewer letters."""

from __future__ import annotations

from textual import on
from textual.command import CommandPalette
from textual.widgets import Input
from textual.worker import Worker, WorkerState


class Palette(CommandPalette):
    """Textual's palette, but one that holds a choice back until what was typed has been searched for."""

    _chosen = False
    """Enter was pressed, and the hits for what was typed are still to come."""

    @property
    def awaited(self) -> bool:
        """Whether a choice waits for its hits: the keys behind it are meant for what it leads to."""
        return self._chosen

    @on(Input.Submitted)
    def _choose(self, event: Input.Submitted) -> None:
        if any(self._gathers(worker) and not worker.is_finished for worker in self.workers):
            event.stop()
            event.prevent_default()
            self._chosen = True

    @on(Worker.StateChanged)
    def _found(self, event: Worker.StateChanged) -> None:
        if self._chosen and self._gathers(event.worker) and event.state is WorkerState.SUCCESS:
            self._chosen = False
            self._select_or_command()

    def _gathers(self, worker: Worker[object]) -> bool:
        return worker.node is self and worker.group == self._GATHER_COMMANDS_GROUP
