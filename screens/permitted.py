"""A screen some of whose keys are not everybody's: a key that does nothing now is dimmed, and pressing it says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual import events

from screens.base import DeskScreen

if TYPE_CHECKING:
    from deskterm.kinds import Kind

Result = TypeVar("Result")


class PermittedScreen(DeskScreen[Result], Generic[Result]):
    """Subclasses say by `refusal` why an action is not possible now."""

    def refusal(self, action: str) -> str:
        """Return why an action is not possible now, in a sentence; empty if it is."""
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what is not possible; before anything is read nothing is known, so nothing is dimmed."""
        if self._was_opened and self.refusal(action):
            return None
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """Say why a dimmed key does nothing."""
        active = self.active_bindings.get(event.key)
        if active is not None and not active.enabled:
            event.stop()
            self.say(self.refusal(active.binding.action), severity="warning")

    def lacks(self, verb: str, kind: Kind) -> str:
        """Return why the person may not use a verb on a kind; empty if they may."""
        from deskterm.errors import NotAllowed
        from deskterm.permissions import require

        try:
            require(self.desk.actor, verb, kind.family, kind.process, kind.name)
        except NotAllowed as refusal:
            return refusal.message
        return ""
