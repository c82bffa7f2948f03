"""The life of a configuration item, from the order to the scrap heap; and of what is frozen: a baseline."""

from __future__ import annotations

from deskterm.workflow import Action, Phase, State, Workflow

ORDERED, RECEIVED, IN_STOCK, LIVE = "ordered", "received", "in-stock", "live"
IN_REPAIR, RETIRED, DISPOSED = "in-repair", "retired", "disposed"
STATUSES = (ORDERED, RECEIVED, IN_STOCK, LIVE, IN_REPAIR, RETIRED, DISPOSED)
GONE = (RETIRED, DISPOSED)
"""The statuses in which a CI carries nothing any more: it has no relations, and nobody may give it one."""

CI_WORKFLOW = Workflow(
    tuple(State(name, Phase.STANDING) for name in STATUSES),
    (
        Action("receive", (ORDERED,), RECEIVED, help="It was delivered.", verb="edit", takes=("serial", "asset_number")),
        Action(
            "stock", (ORDERED, RECEIVED, LIVE, IN_REPAIR, RETIRED), IN_STOCK, "Put in stock",
            help="It lies ready, in nobody's use.", verb="edit", takes=("location",),
        ),
        Action(
            "deploy", (ORDERED, RECEIVED, IN_STOCK, IN_REPAIR, RETIRED), LIVE, "Put live",
            help="It does its work from now on.", verb="edit", takes=("location", "service", "in_service_at"),
        ),
        Action(
            "repair", (RECEIVED, IN_STOCK, LIVE), IN_REPAIR, "Send to repair",
            help="It is away or under the screwdriver: whatever needs it goes without.", verb="edit",
        ),
        Action(
            "retire", (ORDERED, RECEIVED, IN_STOCK, LIVE, IN_REPAIR), RETIRED,
            help="It is taken out of use; its relations end today and stay readable for every day before.", verb="edit",
        ),
        Action(
            "dispose", (ORDERED, RECEIVED, IN_STOCK, LIVE, IN_REPAIR, RETIRED), DISPOSED,
            help="It is gone for good: sold, scrapped, lost, or never delivered.", verb="edit",
        ),
    ),
)  # fmt: skip
"""The status life-cycle. Setting the field `status` is the same as taking the action that leads there."""


def step_to(status: str, state: str) -> Action | None:
    """Return the action that leads from one status to another, None where none does."""
    return next((a for a in CI_WORKFLOW.actions if a.target == status and state in a.sources), None)
