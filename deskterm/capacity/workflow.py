"""The workflow of a resource: what may be done to it besides editing."""

from __future__ import annotations

from deskterm.fields import Field, Instant, Number, Text, ref
from deskterm.workflow import Action, Phase, State, Workflow

RESOURCE_WORKFLOW = Workflow(
    (State("active", Phase.STANDING), State("retired", Phase.STANDING)),
    (
        Action("set-capacity", ("active",), None, "Set capacity", "Say what is installed from an instant on.", verb="edit",
               inputs=(
                   Field("amount", Number(0), required=True, help="What is installed from then on, in its unit."),
                   Field("from_at", Instant(), "From", help="Since when; now if empty."),
                   Field("reason", Text(255), help="Why it changed."),
                   Field("change", ref("change"), help="The change that did it."),
               )),
        Action("judge", ("active",), None, "Judge", "Samples crossed a threshold, or are back.", automatic=True),
        Action("retire", ("active",), "retired", help="Keep it for history, watch it no more.", verb="edit"),
        Action("restore", ("retired",), "active", help="Watch it again.", verb="edit"),
    ),
)  # fmt: skip
