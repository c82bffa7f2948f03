"""The workflows of a resource and of a capacity plan: what may be done to them besides editing."""

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
        Action("raise-problem", ("active",), None, "Raise a problem", "Look into why it fills up; the forecast says how.",
               verb="read", inputs=(Field("summary", Text(255), help="What it is called; made of the forecast if empty."),)),
        Action("raise-change", ("active",), None, "Raise a change", "Ask for more capacity; the forecast is the reason.",
               verb="read", inputs=(Field("summary", Text(255), help="What it is called."),)),
        Action("retire", ("active",), "retired", help="Keep it for history, watch it no more.", verb="edit"),
        Action("restore", ("retired",), "active", help="Watch it again.", verb="edit"),
    ),
)  # fmt: skip

PLAN_WORKFLOW = Workflow(
    (State("draft", Phase.STANDING), State("frozen", Phase.STANDING), State("retired", Phase.STANDING)),
    (
        Action("freeze", ("draft", "frozen"), "frozen", "Freeze a version", "Keep it as its figures stand now.", verb="edit"),
        Action("retire", ("draft", "frozen"), "retired", help="Keep it for history.", verb="edit"),
        Action("restore", ("retired",), "draft", help="Take it up again.", verb="edit"),
    ),
)  # fmt: skip
