"""The workflows of problem management: of the problem, of what is known of it, and of a candidate."""

from __future__ import annotations

from typing import Final

from data.vocab import Verdict
from deskterm.fields import Choice, Field, Flag, Refs, Structure, Text, Whole, long_text
from deskterm.problem.rules import read_outline
from deskterm.workflow import Action, Phase, State, Workflow

NEW: Final = "new"
INVESTIGATING: Final = "investigating"
KNOWN_ERROR: Final = "known-error"
FIXING: Final = "fix-in-progress"
RESOLVED: Final = "resolved"
CLOSED: Final = "closed"
DUPLICATE: Final = "duplicate"
ACCEPTED_RISK: Final = "risk-accepted"
RETIRED: Final = "retired"

OPEN: Final = (NEW, INVESTIGATING, KNOWN_ERROR, FIXING)
WORKABLE: Final = (INVESTIGATING, KNOWN_ERROR, FIXING, ACCEPTED_RISK)
"""States in which a workaround is worth publishing: the trouble is looked into and not over."""
HELPS: Final = (KNOWN_ERROR, FIXING, ACCEPTED_RISK)
"""States in which a known error is offered to whoever has an incident of its sort."""

STATES: Final = (
    State(NEW, Phase.ACTIVE),
    State(INVESTIGATING, Phase.ACTIVE),
    State(KNOWN_ERROR, Phase.ACTIVE, "known error"),
    State(FIXING, Phase.ACTIVE, "fix in progress"),
    State(RESOLVED, Phase.DONE),
    State(CLOSED, Phase.FINAL),
    State(DUPLICATE, Phase.FINAL),
    State(ACCEPTED_RISK, Phase.DONE, "risk accepted"),
)

WHY = Field("why", Text(20), required=True, help="Its number in the outline, such as 1.2.")
CAUSE = Field("text", Text(1000), required=True, help="The answer to why.")

ACTIONS: Final = (
    Action("take", OPEN, None, "Take", "Make it yours.", key="a"),
    Action("assign", OPEN, None, "Assign", "Hand it to a team or an agent.", ("team",), ("assignee",), key="A"),
    Action("investigate", (NEW,), INVESTIGATING, "Investigate", "Look for the cause.", takes=("team", "assignee")),
    Action("know", (NEW, INVESTIGATING), KNOWN_ERROR, "Known error", "Cause and workaround are known: a known error exists.",
           ("root_cause", "workaround"), ("root_cause_code", "audience")),
    Action("fix", (KNOWN_ERROR,), FIXING, "Fix in progress", "A change mends it for good.", ("root_cause", "change"),
           ("fix_seconds",)),
    Action("fix-failed", (FIXING,), KNOWN_ERROR, "Fix failed", "It was not mended after all.", ("root_cause", "workaround"),
           inputs=(Field("reason", Text(255), required=True, help="What went wrong."),)),
    Action("look-again", (FIXING,), INVESTIGATING, "Look again", "It was not mended, and no workaround is known.",
           inputs=(Field("reason", Text(255), required=True, help="What went wrong."),)),
    Action("refute", (KNOWN_ERROR, FIXING), INVESTIGATING, "Cause refuted", "The cause was another one: look for it again.",
           sets={"root_cause": None, "root_cause_code": None},
           inputs=(Field("reason", Text(255), required=True, help="What speaks against the cause."),)),
    Action("resolve", (INVESTIGATING, KNOWN_ERROR, FIXING), RESOLVED, "Resolve", "The cause is gone.",
           ("root_cause", "root_cause_code", "solution"), ("fix_seconds",),
           inputs=(Field("incidents", Flag(), help="Resolve its open incidents with it."),)),
    Action("resolve-incidents", (RESOLVED, CLOSED), None, "Resolve its incidents", "Resolve the incidents that still stand open.",
           ("solution",)),
    Action("reopen", (RESOLVED,), INVESTIGATING, "Reopen", "It came back.",
           inputs=(Field("reason", Text(255), required=True, help="What shows that it is not gone."),)),
    Action("dismiss-recurrence", (RESOLVED, CLOSED), None, "Not the same", "The incident that came after has another cause.",
           sets={"recurred_at": None}, inputs=(Field("reason", Text(255), required=True, help="How one knows."),)),
    Action("close", (RESOLVED,), CLOSED, "Close", "It stayed away."),
    Action("duplicate", OPEN, DUPLICATE, "Duplicate", "It is the same as another one, which takes over its incidents.",
           ("duplicate_of",)),
    Action("accept-risk", (INVESTIGATING, KNOWN_ERROR, FIXING), ACCEPTED_RISK, "Accept the risk",
           "Mending it costs more than living with it.", ("risk_reason",), verb="override"),
    Action("reconsider", (ACCEPTED_RISK,), INVESTIGATING, "Reconsider", "It is to be mended after all.",
           inputs=(Field("reason", Text(255), required=True, help="What has changed."),)),
    Action("publish", WORKABLE, None, "Publish the workaround", "Post it on every open incident that is linked, once.",
           ("workaround",), ("audience",), verb="reply", key="w"),
    Action("gather", (*OPEN, RESOLVED, ACCEPTED_RISK), None, "Link incidents", "They have this cause; those that are over too.",
           inputs=(Field("incidents", Refs("incident", "gathered"), required=True, help="Their numbers."),)),
    Action("ask-why", OPEN, None, "Ask why", "Add an answer to the outline of causes.",
           inputs=(CAUSE, Field("under", Text(20), help="The answer that it explains, such as 1.2."))),
    Action("edit-why", OPEN, None, "Edit an answer", "Reword it, judge it, or put it elsewhere.",
           inputs=(WHY, Field("text", Text(1000)), Field("verdict", Choice.of(Verdict), help="What was found."),
                   Field("evidence", long_text(4000), help="What shows it."), Field("under", Text(20), help="0 is the top."),
                   Field("place", Whole(1, 999), help="Its place among those beside it."))),
    Action("drop-why", OPEN, None, "Drop an answer", "Take it out of the outline with all below it.", inputs=(WHY,)),
    Action("set-whys", OPEN, None, "Set the outline", "Put a whole outline in place of the one there is.",
           inputs=(Field("whys", Structure(read_outline, '[{"text": "…", "verdict": "open", "whys": []}]'), required=True,
                         help="Answers with `text`, `verdict`, `evidence` and, below them, `whys`."),)),
    Action("root-cause", OPEN, None, "Make it the root cause", "An answer becomes the root cause.",
           takes=("root_cause_code",), inputs=(WHY,)),
)  # fmt: skip
"""In the order in which a problem usually goes through them."""

WORKFLOW: Final = Workflow(STATES, ACTIONS)

ERROR_WORKFLOW: Final = Workflow(
    tuple(State(name, Phase.STANDING, title) for name, title in (
        (KNOWN_ERROR, "known error"), (FIXING, "fix in progress"), (RESOLVED, ""), (CLOSED, ""),
        (ACCEPTED_RISK, "risk accepted"), (RETIRED, ""),
    )),
    tuple(
        Action(f"follow-{target}", tuple(one for one in (*HELPS, RESOLVED, CLOSED, RETIRED) if one != target), target,
               help="Its problem went there.", automatic=True)
        for target in (*HELPS, RESOLVED, CLOSED, RETIRED)
    ),
)  # fmt: skip
"""A known error goes where its problem goes, by itself; nobody is offered a step of its own."""

CANDIDATE_WORKFLOW: Final = Workflow(
    (State("proposed", Phase.STANDING), State("accepted", Phase.STANDING), State("dismissed", Phase.STANDING)),
    (
        Action("accept", ("proposed",), "accepted", "Accept", "Make a problem of it, with its incidents linked.",
               inputs=(Field("summary", Text(255), help="What the problem is called, if not as the candidate."),
                       Field("problem", Text(40), help="A problem that is there already and takes them in."))),
        Action("dismiss", ("proposed",), "dismissed", "Dismiss", "It is no problem; it is not proposed for these again.",
               ("reason",)),
    ),
)  # fmt: skip

CAUSE_CODES: Final = (
    "hardware fault", "software defect", "configuration", "capacity", "change", "procedure", "human error", "supplier",
    "environment", "security", "unknown",
)  # fmt: skip
"""Offered as root-cause code; others are allowed."""
