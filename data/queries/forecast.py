"""Statements of breach forecasts: how long work took, what runs now, what was forecast and what came of it."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from data.tables.core import record
from data.tables.forecast import breach_forecast, forecast_point
from data.tables.incident import incident, request
from data.tables.service_level import agreement, clock, target

_CATEGORY = func.coalesce(incident.c.category, request.c.category).label("category")
_OF_SLA = (clock.c.type == "sla", clock.c.metric == "resolution")
_SUBJECTS = (
    select(
        clock.c.id, clock.c.record_id, clock.c.policy_id, clock.c.started_at, clock.c.due_at, clock.c.met_at, clock.c.breached_at,
        clock.c.elapsed_seconds, record.c.kind, record.c.priority, record.c.team_id, _CATEGORY, agreement.c.calendar_id,
        target.c.unit,
    )
    .join(record, record.c.id == clock.c.record_id)
    .join(agreement, agreement.c.id == clock.c.agreement_id)
    .join(target, target.c.id == clock.c.target_id)
    .outerjoin(incident, incident.c.id == record.c.id)
    .outerjoin(request, request.c.id == record.c.id)
)  # fmt: skip
PAST = (
    _SUBJECTS.where(*_OF_SLA, clock.c.elapsed_seconds.is_not(None), clock.c.started_at >= bindparam("since"))
    .order_by(clock.c.id.desc())
    .limit(bindparam("limit"))
)
"""Clocks of resolution that are over, with how much working time they took."""
RUNNING = _SUBJECTS.where(
    *_OF_SLA, record.c.open_since.is_not(None), clock.c.met_at.is_(None), clock.c.cancelled_at.is_(None)
).order_by(clock.c.id)
"""Those that run or wait now."""

CURRENT = select(breach_forecast)
FORGET = delete(breach_forecast).where(breach_forecast.c.record_id.in_(bindparam("ids", expanding=True)))
OF_RECORD = select(breach_forecast).where(breach_forecast.c.record_id == bindparam("record"))
SHOWN = {
    "incident": update(incident).where(incident.c.id == bindparam("record")).values(breach_risk=bindparam("percent")),
    "request": update(request).where(request.c.id == bindparam("record")).values(breach_risk=bindparam("percent")),
}
"""What lists show of it, by kind."""
LEFT = select(record.c.id, record.c.kind).select_from(
    record.outerjoin(incident, incident.c.id == record.c.id).outerjoin(request, request.c.id == record.c.id)
).where(or_(incident.c.breach_risk.is_not(None), request.c.breach_risk.is_not(None)))  # fmt: skip
"""Records that show a forecast."""

POINTS_OF = select(forecast_point.c.clock_id, forecast_point.c.point).where(
    forecast_point.c.clock_id.in_(bindparam("ids", expanding=True))
)
ADD_POINT = insert(forecast_point)
OUTCOMES = (
    select(forecast_point.c.point, forecast_point.c.probability, clock.c.breached_at, clock.c.met_at)
    .join(clock, clock.c.id == forecast_point.c.clock_id)
    .where(
        clock.c.cancelled_at.is_(None),
        or_(clock.c.met_at.is_not(None), clock.c.breached_at.is_not(None)),
        forecast_point.c.at >= bindparam("from_at"),
        forecast_point.c.at < bindparam("to_at"),
    )
)
"""What was forecast in a period for clocks of which it is known by now what came."""
