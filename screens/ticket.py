"""The keys that act on records, the same from a list and from a record: what is marked, else what is under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm import late
from screens.base import DeskScreen
from screens.messages import EditRecord

if TYPE_CHECKING:
    from deskterm.kinds import Kind
    from screens import problem_flows, watch_flows
    from screens import ticket_flows as flows
else:
    flows, problem_flows, watch_flows = map(late.module, ("screens.ticket_flows", "screens.problem_flows", "screens.watch_flows"))


@dataclass(frozen=True, slots=True)
class Target:
    """A record that is acted on."""

    number: str
    title: str = ""
    version: int | None = None
    """The version the person sees; `None` where it is not on the screen."""
    id: int | None = None


class TicketScreen(DeskScreen[None]):
    """A screen whose keys act on records. Subclasses say on which, take the keys of the area `ticket`, and clear their marks."""

    def targets(self) -> tuple[Target, ...]:
        """What the keys act on: the marked records, else the one under the cursor."""
        raise NotImplementedError

    def acted(self, numbers: Sequence[str]) -> None:
        """Something was done to these records: take their marks away."""

    def kind_of(self, target: Target) -> Kind:
        """The kind of a record, by its number."""
        return self.desk.registry.kind(target.number.partition("-")[0])

    def _chosen(self) -> tuple[Target, ...]:
        chosen = self.targets()
        if not chosen:
            self.say("There is no record under the cursor.", severity="warning")
        return chosen

    def action_take(self) -> None:
        """Make it one's own."""
        if chosen := self._chosen():
            self.converse(flows.take(self, chosen))

    def action_assign(self) -> None:
        """Hand it to a team or an agent."""
        if chosen := self._chosen():
            self.converse(flows.assign(self, chosen))

    def action_state(self) -> None:
        """Take one of the actions that are possible."""
        if chosen := self._chosen():
            self.converse(flows.change_state(self, chosen))

    def action_pend(self) -> None:
        """Let it wait."""
        if chosen := self._chosen():
            self.converse(flows.act(self, chosen, "pend"))

    def action_reply(self) -> None:
        """Write to the caller."""
        if chosen := self._chosen():
            self.converse(flows.write(self, chosen, public=True))

    def action_note(self) -> None:
        """Write a note."""
        if chosen := self._chosen():
            self.converse(flows.write(self, chosen, public=False))

    def action_link(self) -> None:
        """Link it to another record."""
        if chosen := self._chosen():
            self.converse(flows.link(self, chosen))

    def action_affects(self) -> None:
        """Say what it affects."""
        from screens import affect_flows

        if chosen := self._chosen():
            if len(chosen) == 1:
                self.converse(affect_flows.affects(self, chosen[0].number, self.acted))
            else:
                self.converse(affect_flows.affects_many(self, chosen))

    def action_watch(self) -> None:
        """Watch it, or watch it no more."""
        if chosen := self._chosen():
            self.converse(watch_flows.watch(self, chosen))

    def action_workaround(self) -> None:
        """Apply the known error that fits."""
        if chosen := self._chosen():
            self.converse(problem_flows.apply_workaround(self, chosen))

    def action_figures(self) -> None:
        """Show what its other figures stand on."""
        from screens import figure_flows

        if chosen := self._chosen():
            self.converse(figure_flows.figures(self, chosen[0]))

    def action_explain(self) -> None:
        """Explain its clocks."""
        if chosen := self._chosen():
            self.converse(flows.explain(self, chosen[0]))

    def action_edit(self) -> None:
        """Change its fields: in its form, or one field of many records with a preview."""
        chosen = self._chosen()
        if len(chosen) == 1:
            self.post_message(EditRecord(chosen[0].number))
        elif chosen:
            self.converse(flows.edit_many(self, chosen))

    def action_copy(self) -> None:
        """Copy its number, or those of all marked records, to the person's own clipboard."""
        if chosen := self._chosen():
            numbers = " ".join(one.number for one in chosen)
            self.app.copy_to_clipboard(numbers)
            self.say(f"Copied: {numbers if len(chosen) < 4 else f'{len(chosen)} numbers'}")
