"""What availability management declares: the outage."""

from __future__ import annotations

from deskterm.availability.workflow import CAUSES, CONDITIONS, DOWN, OUTAGE_WORKFLOW, Condition
from deskterm.fields import Choice, Field, Instant, Text, long_text, ref
from deskterm.kinds import Kind
from deskterm.permissions import Family

OUTAGE = Kind(
    name="outage",
    prefix="OUT",
    process="availability",
    family=Family.WORK,
    table="data.tables.availability:outage",
    workflow=OUTAGE_WORKFLOW,
    sort="-started_at",
    columns=("started_at", "ended_at", "state", "cause", "ci", "service", "change", "incident"),
    help="A stretch of time in which a CI or a service was down, degraded, or watched by nobody.",
    fields=(
        Field("ci", ref("ci"), "CI", section="What", width=16, help="What failed: the root, not everything that needs it."),
        Field("service", ref("service"), section="What", width=16, help="The service, where no single CI is to blame."),
        Field("state", Condition(CONDITIONS), required=True, default=DOWN, section="What", width=9,
              help="Down counts as downtime; degraded does not; unknown is time that nobody watched."),
        Field("started_at", Instant(), "From", required=True, default=lambda now: now, section="When", width=12,
              help="When it began, as far as that is known."),
        Field("ended_at", Instant(), "Until", section="When", width=12, help="When it was over; empty while it goes on."),
        Field("cause", Choice(CAUSES), section="Why", width=14,
              help="Planned work, a supplier's failure, a gap in the monitoring; unplanned if empty."),
        Field("change", ref("change"), section="Why", width=14, help="The change whose work it was."),
        Field("incident", ref("incident"), section="Why", width=14,
              help="The incident that it is told by. The outage then says when it was down, not the incident."),
        Field("supplier", Text(120), section="Why", help="Whose failure it was, where the cause is a supplier."),
        Field("summary", Text(255), searchable=True, section="Why", width=36, help="Made from the rest if empty."),
        Field("note", long_text(), searchable=True, section="Why"),
        Field("external_key", Text(120), "External number", section="Why", help="Its number in the system it came from."),
    ),
    rules="deskterm.availability.outages:RULES",
)  # fmt: skip

KINDS = (OUTAGE,)
