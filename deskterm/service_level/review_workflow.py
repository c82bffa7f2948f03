"""The workflows of a service level requirement, of a service review and of an improvement."""

from __future__ import annotations

from typing import Final

from deskterm.fields import Field, Text
from deskterm.workflow import Action, Phase, State, Workflow

DRAFT: Final = "draft"
PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"

NEGOTIATING: Final = "negotiating"
AGREED: Final = "agreed"
DECLINED: Final = "declined"

REVIEW: Final = Workflow(
    (State(DRAFT, Phase.STANDING), State(PUBLISHED, Phase.STANDING), State(WITHDRAWN, Phase.STANDING)),
    (
        Action("publish", (DRAFT,), PUBLISHED, "Publish", "Seal what it says; nothing changes it any more.", takes=("comments",),
               verb="edit"),
        Action("withdraw", (DRAFT,), WITHDRAWN, "Withdraw", "It was begun by mistake; a published one stays.", verb="edit"),
    ),
)  # fmt: skip

PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
STARTED: Final = "in-progress"
IMPLEMENTED: Final = "implemented"
CLOSED: Final = "closed"
REJECTED: Final = "rejected"
OPEN: Final = (PROPOSED, APPROVED, STARTED, IMPLEMENTED)

WHY = Field("reason_given", Text(255), "Reason", required=True, help="Why; it goes into the journal.")

IMPROVEMENT: Final = Workflow(
    (
        State(PROPOSED, Phase.ACTIVE),
        State(APPROVED, Phase.ACTIVE),
        State(STARTED, Phase.ACTIVE, "in progress"),
        State(IMPLEMENTED, Phase.WAITING),
        State(CLOSED, Phase.FINAL),
        State(REJECTED, Phase.FINAL),
    ),
    (
        Action("take", OPEN, None, "Take", "Make it yours.", key="a"),
        Action("assign", OPEN, None, "Assign", "Say who answers for it.", ("owner",), ("team",), key="A"),
        Action("approve", (PROPOSED,), APPROVED, "Approve", "It joins the programme: owner, due date and measure are agreed.",
               ("owner", "finish_by", "measure"), ("before", "wanted"), verb="edit"),
        Action("start", (APPROVED,), STARTED, "Start", "Work on it begins; what is measured is measured now.",
               takes=("before", "change")),
        Action("implement", (APPROVED, STARTED), IMPLEMENTED, "Implemented",
               "It is done; whether it helped is measured from now on.", takes=("change",)),
        Action("close", (IMPLEMENTED,), CLOSED, "Close", "Say what was measured since, and whether it is better.",
               ("conclusion",), ("after", "outcome")),
        Action("reopen", (IMPLEMENTED,), STARTED, "Reopen", "It is not done after all.", inputs=(WHY,)),
        Action("postpone", OPEN, None, "Postpone", "It is due later.", ("finish_by",), inputs=(WHY,)),
        Action("reject", (PROPOSED, APPROVED), REJECTED, "Reject", "It is not worth it.", ("reason",), verb="edit"),
    ),
)  # fmt: skip
"""An implemented improvement waits for the figures that show whether it helped; it stays open until somebody looked."""

REQUIREMENT: Final = Workflow(
    (
        State(PROPOSED, Phase.STANDING),
        State(NEGOTIATING, Phase.STANDING),
        State(AGREED, Phase.STANDING),
        State(DECLINED, Phase.STANDING),
        State(WITHDRAWN, Phase.STANDING),
    ),
    (
        Action("negotiate", (PROPOSED,), NEGOTIATING, "Negotiate", "It is talked about with the customer.", verb="edit"),
        Action("agree", (NEGOTIATING,), AGREED, "Agree", "Name the agreement that it became part of.", ("agreement",),
               ("objective",), verb="edit"),
        Action("decline", (PROPOSED, NEGOTIATING), DECLINED, "Decline", "It will not be promised: say why.", ("reason",),
               verb="edit"),
        Action("withdraw", (PROPOSED, NEGOTIATING), WITHDRAWN, "Withdraw", "The customer does not ask for it any more.",
               verb="edit"),
        Action("reopen", (AGREED, DECLINED, WITHDRAWN), NEGOTIATING, "Reopen", "It is talked about again, and becomes another.",
               inputs=(WHY,), sets={"agreement": None, "reason": None}, verb="override"),
    ),
)  # fmt: skip
"""It is no work of the desk's queues: nobody is assigned, no clock runs; it stands beside the agreements."""
