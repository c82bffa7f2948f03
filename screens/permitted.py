"""A screen some of whose keys are not everybody's: a key that does nothing now is dimmed, and pressing it says why.

Whoever presses the key of something they lack the right to has tried it: that is journalled as where a service refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual import events
from textual.dom import DOMNode

from screens.base import DeskScreen

if TYPE_CHECKING:
    from deskterm.kinds import Kind

Result = TypeVar("Result")
ONE_ATTEMPT_SECONDS = 60
"""The same attempt is journalled once in so long."""


class Lacking(str):
    """Why something is not possible, where it is for want of a right."""

    __slots__ = ()


class PermittedScreen(DeskScreen[Result], Generic[Result]):
    """Subclasses say by `refusal` why an action is not possible now."""

    _tried: tuple[str, str, int] | None = None

    def refusal(self, action: str) -> str:
        """Return why an action is not possible now, in a sentence; empty if it is."""
        return ""

    def tried_on(self, action: str) -> str:
        """Return the number of the record that an action is about; empty for none."""
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what is not possible; before anything is read nothing is known, so nothing is dimmed."""
        if self._was_opened and self.refusal(action):
            return None
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """Say why a dimmed key does nothing; journal what somebody has no right to."""
        active = self.active_bindings.get(event.key)
        if active is None or active.enabled:
            return
        event.stop()
        # Not before the keys pressed just before it are done: they may have moved the cursor to where it is possible.
        self.app.call_later(self._judge, active.binding.action, active.node)

    async def _judge(self, action: str, node: DOMNode) -> None:
        """Say why an action is not possible; where it is by now, take it."""
        told = self.refusal(action)
        if not told:
            await self.app.run_action(action, node)
            return
        self.say(told, severity="warning")
        if isinstance(told, Lacking):
            self._journal(self.tried_on(action), str(told))

    def _journal(self, number: str, message: str) -> None:
        """Journal an attempt; a key that is held down is one."""
        now, desk = self.session.now(), self.desk
        if self._tried != (number, message, now // ONE_ATTEMPT_SECONDS):
            self._tried = (number, message, now // ONE_ATTEMPT_SECONDS)
            self.write(lambda: desk.tried(number, message))

    def lacks(self, verb: str, kind: Kind) -> str:
        """Return why the person may not use a verb on a kind; empty if they may."""
        from deskterm.errors import NotAllowed
        from deskterm.permissions import require

        try:
            require(self.desk.actor, verb, kind.family, kind.process, kind.name)
        except NotAllowed as refusal:
            return Lacking(refusal.message)
        return ""
