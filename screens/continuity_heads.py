"""The bars above a plan and a run: how long it takes against the RTO, and the countdown while it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.continuity_rows import SIGNS, span, ticking
from widgets.line_bar import LineBar, Piece, spread

if TYPE_CHECKING:
    from deskterm.continuity.schema import PlanView, RunView


def steps_done(view: RunView) -> str:
    """Return how far a run has come, in few words."""
    done, running = sum(one.is_over for one in view.steps), sum(one.state == "running" for one in view.steps)
    if not view.steps:
        return "no steps"
    return f"{done} of {len(view.steps)} done{f', {running} running' if running else ''}"


class PlanHead(LineBar):
    """State and version on the left, the plan against the RTO and the evidence on the right."""

    view: PlanView | None = None

    def pieces(self, width: int) -> list[Piece]:
        """What fits; the least important goes first."""
        view = self.view
        if view is None:
            return []
        brief = view.brief
        said = [Piece(f" {brief.state}", "strong"), Piece(f"  version {brief.plan_version}, {brief.strategy or 'no strategy'}")]
        late = bool(view.gaps)
        told = [
            Piece(f"plan {span(brief.planned_seconds)} ", "breach" if late else "strong"),
            Piece(f"of RTO {span(view.rto_seconds)} ", "breach" if late else "muted"),
        ]
        word = {None: "none", True: "stale", False: "good"}[view.evidence.stale]
        glyph, plain, style = SIGNS[word]
        text = {"none": "never shown", "stale": "evidence is stale", "good": "evidence stands"}[word]
        told.append(Piece(f" {plain if self.ascii_only else glyph} {text} ", style))
        told.append(Piece(f" RPO {span(view.rpo_seconds)} ", "muted"))
        return spread(said, told, width)


class RunHead(LineBar):
    """State and progress on the left, the countdown to the RTO on the right."""

    view: RunView | None = None
    now = 0

    def show(self, view: RunView, now: int) -> None:
        """Show a run as it stands."""
        self.view, self.now = view, now
        self.refresh()

    def tick(self, now: int) -> None:
        """Let the countdown run."""
        if self.view is not None and self.view.state == "running" and now != self.now:
            self.now = now
            self.refresh()

    def pieces(self, width: int) -> list[Piece]:
        """What fits; the least important goes first."""
        view = self.view
        if view is None:
            return []
        if view.state == "running":  # the countdown says that it runs, and wants the room
            said = [Piece(f" {view.type}", "strong"), Piece(f"  {steps_done(view)}")]
        else:
            said = [Piece(f" {view.type}, {view.state}", "strong"), Piece(f"  {view.progress}" if view.progress else "")]
        return spread(said, self._figures(view), width)

    def _figures(self, view: RunView) -> list[Piece]:
        if view.rto_actual_seconds is not None:
            word = view.result or "none"
            glyph, plain, style = SIGNS[word]
            result = [Piece(f" {plain if self.ascii_only else glyph} {view.result} ", style)] if view.result else []
            return [
                Piece(f"RTO {span(view.rto_actual_seconds)} of {span(view.rto_seconds)} ", style), *result,
                Piece(f" invoked {span(view.from_invocation_seconds)} ", "muted"),
                Piece(f" RPO {span(view.rpo_actual_seconds)} of {span(view.rpo_seconds)} ", "muted"),
            ]  # fmt: skip
        if view.state != "running" or view.disrupted_at is None:
            return [Piece(f"plan {span(view.planned_seconds)} ", "muted")]
        if view.due_at is None:
            return [Piece(f"down {ticking(self.now - view.disrupted_at)}, no RTO ", "risk")]
        left = view.due_at - self.now
        tight = view.left_seconds is not None and view.left_seconds > left
        word = "late" if left < 0 else "soon" if tight or left < 900 else "running"
        glyph, plain, style = SIGNS[word]
        mark = plain if self.ascii_only else glyph
        told = [Piece(f"{mark} {ticking(left)} to the RTO " if left >= 0 else f"{mark} RTO over by {ticking(-left)} ", style)]
        if view.left_seconds is not None:
            told.append(Piece(f" plan {span(view.left_seconds)} to go ", "risk" if tight else "muted"))
        told.append(Piece(f" down {ticking(self.now - view.disrupted_at)} ", "muted"))
        return told
