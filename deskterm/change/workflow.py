"""The workflow of a change: what may follow what, who may do it and what it demands."""

from __future__ import annotations

from deskterm.fields import Choice, Field, Flag, Instant, Text, long_text, ref
from deskterm.workflow import STANDING, Action, Phase, State, Workflow

RFC = (
    "reason", "category", "cis", "plan", "backout_plan", "test_plan", "window_start", "window_end", "risk_answers",
)  # fmt: skip
"""What a request for change says before anybody is asked to judge it."""

CODES = ("successful", "successful-with-issues", "backed-out", "failed")
DECIDED = ("approved", "scheduled")
"""States that stand on a decision."""
UNDECIDED = ("submitted", "assessing")
BEFORE_WORK = ("draft", *UNDECIDED, *DECIDED)
"""States from which a change can still be cancelled without anything having been touched."""
UNDER_WAY = ("implementing", "review", "closed")

STATES = (
    State("draft", Phase.ACTIVE),
    State("submitted", Phase.ACTIVE),
    State("assessing", Phase.ACTIVE),
    State("approved", Phase.ACTIVE),
    State("scheduled", Phase.ACTIVE),
    State("implementing", Phase.ACTIVE),
    State("review", Phase.ACTIVE, "in review"),
    State("rejected", Phase.DONE),
    State("closed", Phase.FINAL),
    State("cancelled", Phase.FINAL),
)

COMMENT = Field("comment", long_text(4_000), help="What the minutes say beside the vote.")
SEEN = Field("seen", Text(64), help="The content that was read, as `content` says; a vote on another one is refused.")
VOTES = ("approve", "reject", "abstain")

ACTIONS = (
    Action("submit", ("draft",), "submitted", "Submit", "Ask for it: the request is complete.", RFC, ("template", "service")),
    Action("assess", ("submitted",), "assessing", "Assess", "Judge risk and impact, and put it before its board.",
           takes=("board", "assignee", "team", "risk_answers")),
    Action("vote", UNDECIDED, None, "Vote", "Say yes or no as a member of its board, or as the substitute of one.",
           inputs=(Field("vote", Choice(VOTES), required=True, help="Your vote, and nobody else's."), COMMENT, SEEN)),
    Action("approve", UNDECIDED, None, "Approve", "Vote for it; the change is approved once the board's rule is met.",
           inputs=(COMMENT, SEEN), key="+"),
    Action("reject", UNDECIDED, None, "Reject", "Vote against it; the change is rejected once the rule cannot be met.",
           inputs=(COMMENT, SEEN)),
    Action("schedule", ("draft", *DECIDED), "scheduled", "Schedule", "Put it on the forward schedule of change.",
           ("window_start", "window_end"), ("assignee", "team"),
           inputs=(Field("exception", Text(255), help="Why it may happen within a freeze; needs the right to override."),
                   Field("move_work_orders", Flag(), help="Move its work orders along with the window."))),
    Action("move", BEFORE_WORK, None, "Move the window", "Give it another window; its work orders move along unless you say no.",
           ("window_start", "window_end"),
           inputs=(Field("work_orders", Flag(), help="Move those that have not begun by as much; yes if empty."),
                   Field("exception", Text(255), help="Why it may happen within a freeze; needs the right to override."))),
    Action("implement", ("scheduled",), "implementing", "Implement", "Work begins now.", takes=("assignee", "team"),
           inputs=(Field("exception", Text(255), help="Why it may begin within a freeze; needs the right to override."),)),
    Action("complete", ("implementing",), "review", "Complete", "Work is over: say how it went.", ("code",), ("review",)),
    Action("review", ("review",), None, "Review", "What the change taught: the post-implementation review.",
           takes=("review", "code")),
    Action("close", ("review",), "closed", "Close", "Nothing more is to be done about it.", ("code",), ("review",)),
    Action("revise", (*UNDECIDED, *DECIDED, "rejected"), "draft", "Back to draft", "Work on it again; every vote is void.",
           inputs=(Field("why", Text(255), help="Why it goes back."),)),
    Action("cancel", (*BEFORE_WORK, "rejected"), "cancelled", "Cancel", "It will not be done.",
           inputs=(Field("why", Text(255), help="Why it is dropped."),)),
)  # fmt: skip

WORKFLOW = Workflow(STATES, ACTIONS)

TEMPLATE_WORKFLOW = Workflow(
    (State("draft", Phase.STANDING), State("approved", Phase.STANDING), State("retired", Phase.STANDING)),
    (
        Action("approve", ("draft",), "approved", help="Changes made from it need no further approval.",
               demands=("reason", "category", "plan", "backout_plan", "test_plan", "risk_answers"), verb="manage"),
        Action("revise", ("approved", "retired"), "draft", help="Work on it again; nothing is made from it meanwhile.",
               verb="edit"),
        Action("retire", ("draft", "approved"), "retired", help="Nothing is made from it any more.", verb="edit"),
    ),
)  # fmt: skip

WORK_ORDER_WORKFLOW = Workflow(
    (
        State("planned", Phase.ACTIVE),
        State("in-progress", Phase.ACTIVE, "in progress"),
        State("done", Phase.FINAL),
        State("cancelled", Phase.FINAL),
    ),
    (
        Action("start", ("planned",), "in-progress", "Start", "Work on this step begins now."),
        Action("finish", ("in-progress",), "done", "Finish", "The step is done.", takes=("result",)),
        Action("cancel", ("planned", "in-progress"), "cancelled", "Cancel", "The step is not done.",
               inputs=(Field("why", Text(255), required=True, help="Why it is dropped."),)),
    ),
)  # fmt: skip

BOARD_WORKFLOW = Workflow(
    STANDING.states,
    (
        *STANDING.actions,
        Action("substitute", ("active",), None, "Substitute", "Let somebody vote in a member's place while they are away.",
               verb="read",
               inputs=(Field("substitute", ref("agent"), required=True, help="Who votes instead."),
                       Field("member", ref("agent"), help="In whose place; your own if empty."),
                       Field("since", Instant(future=True), help="From when; now if empty."),
                       Field("until", Instant(future=True), required=True, help="Until when."))),
    ),
)  # fmt: skip

MEETING_WORKFLOW = Workflow((State("open", Phase.STANDING), State("closed", Phase.STANDING)), (
    Action("close", ("open",), "closed", "Close", "The minutes are written: nothing of them changes any more.", ("minutes",)),
))  # fmt: skip
