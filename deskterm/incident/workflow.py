"""The workflow of an incident: what may follow what, who may do it and what it demands."""

from __future__ import annotations

from data.vocab import PendingReason
from deskterm.fields import Choice, Field, Flag, Instant, Text, Whole, long_text, ref
from deskterm.workflow import Action, Phase, State, When, Workflow

OPEN = ("new", "assigned", "in-progress", "pending")

STATES = (
    State("new", Phase.ACTIVE),
    State("assigned", Phase.ACTIVE),
    State("in-progress", Phase.ACTIVE, "in progress"),
    State("pending", Phase.WAITING),
    State("resolved", Phase.DONE),
    State("closed", Phase.FINAL),
    State("cancelled", Phase.FINAL),
)

PEND_INPUTS = (
    Field("reason", Choice.of(PendingReason), required=True, help="Whom it waits for."),
    Field("until", Instant(future=True), help="When it wakes up by itself."),
    Field("message", long_text(), help="What the caller reads; demanded when it waits for the caller."),
)

CONTACT_ACTIONS = (
    Action("take", OPEN, None, "Take", "Make it yours.", key="a"),
    Action("assign", OPEN, "assigned", "Assign", "Hand it to a team or an agent.", ("team",), ("assignee",), key="A"),
    Action("start", ("new", "assigned", "pending"), "in-progress", "Start", "Begin to work on it.", takes=("team", "assignee")),
    Action("pend", ("new", "assigned", "in-progress"), "pending", "Pend", "Wait for somebody: clocks pause.",
           inputs=PEND_INPUTS, key="p"),
    Action("resume", ("pending",), "in-progress", "Resume", "The wait is over."),
    Action("resolve", OPEN, "resolved", "Resolve", "Service is back; the caller may still object.", ("code", "solution"),
           inputs=(Field("children", Flag(), help="Resolve its open children with it."),)),
    Action("reopen", ("resolved",), "in-progress", "Reopen", "It was not solved after all.",
           inputs=(Field("reason", Text(255), help="What the caller says."),)),
    Action("close", ("resolved",), "closed", "Close", "The caller agrees, or had time to object.", takes=("code", "solution")),
    Action("cancel", OPEN, "cancelled", "Cancel", "It was no incident, or was logged twice.",
           inputs=(Field("reason", Text(255), required=True, help="Why it is dropped."),)),
    Action("rate", ("resolved", "closed"), None, "Rate", "What the caller thinks of how it went.", verb="reply",
           inputs=(Field("score", Whole(1, 5), required=True, help="1 poor to 5 excellent."), Field("comment", long_text()))),
    Action("snooze", OPEN, None, "Snooze", "Hide it from queues until then.",
           inputs=(Field("until", Instant(future=True), required=True),)),
    Action("wake", OPEN, None, "Wake", "Show it in queues again.",
           when=(When("snoozed_until", True, "it is not snoozed"),)),
    Action("affect", OPEN, None, "One more affected", "Another caller has the same; whoever is counted already called again.",
           inputs=(Field("caller", ref("person")),), key="+"),
)  # fmt: skip

IS_MAJOR = When("major", True, "it is no major incident")

INCIDENT_ACTIONS = (
    Action("escalate", OPEN, None, "Escalate", "To another team, or to a manager.",
           inputs=(Field("team", ref("team"), help="Functional: who knows more."),
                   Field("to", ref("agent"), help="Hierarchical: who decides."),
                   Field("reason", Text(255), required=True, help="Why it cannot stay here."))),
    Action("declare-major", OPEN, None, "Declare major", "A major incident: own commander, regular updates, a review.",
           takes=("commander", "update_minutes"), sets={"major": True}, verb="major",
           when=(When("major", False, "it is a major incident already"),)),
    Action("end-major", (*OPEN, "resolved"), None, "No longer major", sets={"major": False}, verb="major",
           when=(IS_MAJOR,), inputs=(Field("reason", Text(255), required=True),)),
    Action("review", ("resolved",), None, "Review", "What a major incident taught.", ("review",), verb="major",
           takes=("newest_data_at",), when=(IS_MAJOR,)),
    Action("split", OPEN, None, "Split", "It is two things: the second one becomes a record of its own.",
           inputs=(Field("summary", Text(255), required=True, help="What the second one is."),
                   Field("description", long_text()))),
    Action("merge", OPEN, "cancelled", "Merge", "It is the same as another one, which goes on.",
           inputs=(Field("into", ref("incident"), required=True, help="The one that goes on."),)),
)  # fmt: skip

WORKFLOW = Workflow(STATES, (*CONTACT_ACTIONS, *INCIDENT_ACTIONS))

REQUEST_WORKFLOW = Workflow(
    (*STATES[:4], State("resolved", Phase.DONE, "fulfilled"), *STATES[5:]),
    CONTACT_ACTIONS,
)
"""A service request goes the same way; what is resolved there was fulfilled."""

UPDATE_MINUTES = Field("update_minutes", Whole(5, 1440), help="Minutes between status updates of a major incident.")
