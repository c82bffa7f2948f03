"""Statements about resources, their samples, roll-ups, forecasts and plans, built once."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from data.tables import capacity as t
from data.tables.change import change
from data.tables.configuration import ci
from data.tables.core import link, record
from data.tables.service_desk import interaction, shift

# --- what is installed

INSTALLED = (
    select(t.resource_capacity.c.from_at, t.resource_capacity.c.amount, t.resource_capacity.c.reason,
           t.resource_capacity.c.change_id, t.resource_capacity.c.actor, t.resource_capacity.c.recorded_at)
    .where(t.resource_capacity.c.resource_id == bindparam("resource"))
    .order_by(t.resource_capacity.c.from_at, t.resource_capacity.c.id)
)  # fmt: skip
"""The history of what is installed; of two rows of one instant the later counts."""
INSTALL = insert(t.resource_capacity)

# --- samples

LATEST_OF = select(t.resource_reading).where(t.resource_reading.c.resource_id.in_(bindparam("ids", expanding=True)))
BETWEEN = (
    select(t.sample.c.at, t.sample.c.value)
    .where(t.sample.c.resource_id == bindparam("resource"), t.sample.c.at >= bindparam("low"), t.sample.c.at <= bindparam("high"))
    .order_by(t.sample.c.at)
)
WITHIN = (
    select(t.sample.c.at, t.sample.c.value)
    .where(t.sample.c.resource_id == bindparam("resource"), t.sample.c.at >= bindparam("low"), t.sample.c.at < bindparam("high"))
    .order_by(t.sample.c.at)
)
ADD = insert(t.sample)
CORRECT = (
    update(t.sample)
    .where(t.sample.c.resource_id == bindparam("resource"), t.sample.c.at == bindparam("instant"))
    .values(value=bindparam("new_value"))
)
DROP = delete(t.sample).where(
    t.sample.c.resource_id == bindparam("resource"), t.sample.c.at >= bindparam("low"), t.sample.c.at < bindparam("high")
)
NEWEST = (
    select(t.sample.c.at, t.sample.c.value)
    .where(t.sample.c.resource_id == bindparam("resource"))
    .order_by(t.sample.c.at.desc())
    .limit(bindparam("limit"))
)

NEWEST_HOUR = (
    select(t.resource_hour.c.at, t.resource_hour.c.mean.label("value"))
    .where(t.resource_hour.c.resource_id == bindparam("resource"), t.resource_hour.c.at < bindparam("before"))
    .order_by(t.resource_hour.c.at.desc())
    .limit(1)
)

# --- roll-ups

DIRTY = (
    select(t.sample_dirty.c.resource_id, t.sample_dirty.c.at)
    .where(
        (t.sample_dirty.c.resource_id > bindparam("resource"))
        | and_(t.sample_dirty.c.resource_id == bindparam("resource"), t.sample_dirty.c.at > bindparam("after"))
    )
    .order_by(t.sample_dirty.c.resource_id, t.sample_dirty.c.at)
    .limit(bindparam("limit"))
)
"""Hours to be summed up, resource by resource."""
CLEAN = (
    delete(t.sample_dirty)
    .where(
        t.sample_dirty.c.resource_id == bindparam("resource"),
        t.sample_dirty.c.at >= bindparam("low"),
        t.sample_dirty.c.at <= bindparam("high"),
    )
    .returning(t.sample_dirty.c.at)
)
"""Takes marks away, and says which those were: some may have come since they were looked at."""
HOURS = select(t.resource_hour).where(
    t.resource_hour.c.resource_id == bindparam("resource"),
    t.resource_hour.c.at >= bindparam("low"),
    t.resource_hour.c.at < bindparam("high"),
).order_by(t.resource_hour.c.at)  # fmt: skip
DAYS = select(t.resource_day).where(
    t.resource_day.c.resource_id == bindparam("resource"),
    t.resource_day.c.at >= bindparam("low"),
    t.resource_day.c.at < bindparam("high"),
).order_by(t.resource_day.c.at)  # fmt: skip
FORGET_HOURS = delete(t.resource_hour).where(
    t.resource_hour.c.resource_id == bindparam("resource"),
    t.resource_hour.c.at >= bindparam("low"),
    t.resource_hour.c.at < bindparam("high"),
)
FORGET_DAYS = delete(t.resource_day).where(
    t.resource_day.c.resource_id == bindparam("resource"),
    t.resource_day.c.at >= bindparam("low"),
    t.resource_day.c.at < bindparam("high"),
)
ADD_HOURS = insert(t.resource_hour)
ADD_DAYS = insert(t.resource_day)

# --- upkeep

KEPT = (
    select(
        t.resource_reading.c.resource_id, t.resource_reading.c.latest_at, t.resource_reading.c.samples_from,
        t.resource_reading.c.hours_from, t.resource.c.keep_samples_days, t.resource.c.keep_hours_days,
    )
    .join(t.resource, t.resource.c.id == t.resource_reading.c.resource_id)
    .where(t.resource_reading.c.resource_id > bindparam("after"))
    .order_by(t.resource_reading.c.resource_id)
    .limit(bindparam("limit"))
)  # fmt: skip
KEEP_FROM = (
    update(t.resource_reading)
    .where(t.resource_reading.c.resource_id == bindparam("resource"))
    .values(samples_from=bindparam("samples"), hours_from=bindparam("hours"))
)
UNJUDGED = (
    select(record.c.id)
    .join(t.resource_reading, t.resource_reading.c.resource_id == record.c.id)
    .where(
        record.c.kind == "resource",
        record.c.state == "active",
        (t.resource_reading.c.judged_at.is_(None)) | (t.resource_reading.c.judged_at < t.resource_reading.c.latest_at),
        record.c.id > bindparam("after"),
    )
    .order_by(record.c.id)
    .limit(bindparam("limit"))
)
"""Resources with samples whose thresholds were not looked at yet."""
JUDGED = (
    update(t.resource_reading)
    .where(t.resource_reading.c.resource_id == bindparam("resource"))
    .values(judged_at=bindparam("instant"))
)
ACTIVE = (
    select(record.c.number, record.c.title, record.c.ci_id, record.c.service_id, t.resource)
    .join(t.resource, t.resource.c.id == record.c.id)
    .where(record.c.kind == "resource", record.c.state == "active")
    .order_by(record.c.id)
)
MEASURED_AT = (
    select(record.c.number, t.resource_reading.c.latest_at)
    .outerjoin(t.resource_reading, t.resource_reading.c.resource_id == record.c.id)
    .where(record.c.kind == "resource", record.c.state == "active")
    .order_by(record.c.id)
)
"""When each active resource was measured last; nothing where it never was."""
BY_KEY = select(record.c.id, record.c.title_key, t.resource.c.external_key).join(
    t.resource, t.resource.c.id == record.c.id
).where(record.c.kind == "resource", record.c.state == "active")  # fmt: skip

# --- reading history

SOME_WITHIN = WITHIN.limit(bindparam("limit"))
NEWEST_BY = (
    select(t.sample.c.at, t.sample.c.value)
    .where(t.sample.c.resource_id == bindparam("resource"), t.sample.c.at <= bindparam("at"))
    .order_by(t.sample.c.at.desc())
    .limit(1)
)
MARKED = (
    select(t.sample_dirty.c.at)
    .where(
        t.sample_dirty.c.resource_id == bindparam("resource"),
        t.sample_dirty.c.at >= bindparam("low"),
        t.sample_dirty.c.at < bindparam("high"),
    )
    .order_by(t.sample_dirty.c.at)
    .limit(bindparam("limit"))
)

# --- lead times, from the desk's own records

BOUGHT = (
    select(ci.c.type, ci.c.purchased_at, ci.c.in_service_at)
    .where(
        ci.c.purchased_at.is_not(None),
        ci.c.in_service_at > ci.c.purchased_at,
        ci.c.in_service_at >= bindparam("since"),
        ci.c.in_service_at <= bindparam("until"),
    )
    .order_by(ci.c.in_service_at.desc())
    .limit(bindparam("limit"))
)
CHANGED = (
    select(record.c.created_at, change.c.actual_end)
    .join(change, change.c.id == record.c.id)
    .where(
        record.c.kind == "change",
        change.c.type == "normal",
        change.c.code.in_(("successful", "successful-with-issues")),
        change.c.actual_end >= bindparam("since"),
        change.c.actual_end <= bindparam("until"),
    )
    .order_by(change.c.actual_end.desc())
    .limit(bindparam("limit"))
)

# --- forecasts

TELL = insert(t.capacity_forecast)
TOLD_SINCE = select(t.capacity_forecast.c.id).where(
    t.capacity_forecast.c.resource_id == bindparam("resource"), t.capacity_forecast.c.made_at >= bindparam("since")
)
FORETELL = insert(t.forecast_score)
_DAY_IS_THERE = or_(
    t.forecast_score.c.due_at <= bindparam("given_up"),
    select(t.resource_day.c.at)
    .where(
        t.resource_day.c.resource_id == t.capacity_forecast.c.resource_id,
        t.resource_day.c.at == t.forecast_score.c.due_at,
    )
    .exists(),
)
"""Whether a day that was foretold has samples, or they are waited for no longer."""
UNSCORED = (
    select(
        t.forecast_score.c.forecast_id, t.forecast_score.c.due_at, t.capacity_forecast.c.resource_id,
        t.capacity_forecast.c.series, t.resource.c.basis,
    )
    .join(t.capacity_forecast, t.capacity_forecast.c.id == t.forecast_score.c.forecast_id)
    .join(t.resource, t.resource.c.id == t.capacity_forecast.c.resource_id)
    .where(t.forecast_score.c.scored_at.is_(None), t.forecast_score.c.due_at <= bindparam("until"), _DAY_IS_THERE)
    .order_by(t.forecast_score.c.due_at, t.forecast_score.c.forecast_id)
    .limit(bindparam("limit"))
)  # fmt: skip
SCORABLE = (
    select(t.forecast_score.c.forecast_id)
    .join(t.capacity_forecast, t.capacity_forecast.c.id == t.forecast_score.c.forecast_id)
    .where(t.forecast_score.c.scored_at.is_(None), t.forecast_score.c.due_at <= bindparam("until"), _DAY_IS_THERE)
    .limit(1)
)
"""Whether any day that is over can be held against what was foretold, or is given up."""
SCORE = (
    update(t.forecast_score)
    .where(
        t.forecast_score.c.forecast_id == bindparam("forecast"), t.forecast_score.c.due_at == bindparam("due"),
        t.forecast_score.c.scored_at.is_(None),
    )
    .values(actual=bindparam("measured"), scored_at=bindparam("instant"))
)  # fmt: skip
UNSCORE = (
    update(t.forecast_score)
    .where(
        t.forecast_score.c.forecast_id.in_(
            select(t.capacity_forecast.c.id).where(t.capacity_forecast.c.resource_id == bindparam("resource"))
        ),
        t.forecast_score.c.due_at >= bindparam("from_day"),
        t.forecast_score.c.due_at < bindparam("to_day"),
        t.forecast_score.c.scored_at.is_not(None),
    )
    .values(actual=None, scored_at=None)
)
"""Holds days against what was foretold of them anew."""
SCORES = (
    select(
        t.capacity_forecast.c.resource_id, t.capacity_forecast.c.made_at, t.forecast_score.c.due_at, t.forecast_score.c.predicted,
        t.forecast_score.c.low, t.forecast_score.c.high, t.forecast_score.c.actual, t.capacity_forecast.c.method,
        t.resource.c.capacity,
    )
    .join(t.capacity_forecast, t.capacity_forecast.c.id == t.forecast_score.c.forecast_id)
    .join(t.resource, t.resource.c.id == t.capacity_forecast.c.resource_id)
    .where(t.forecast_score.c.actual.is_not(None), t.forecast_score.c.due_at >= bindparam("since"))
    .order_by(t.forecast_score.c.due_at.desc())
)  # fmt: skip
FORECASTS = (
    select(t.capacity_forecast)
    .where(t.capacity_forecast.c.resource_id == bindparam("resource"))
    .order_by(t.capacity_forecast.c.made_at.desc())
    .limit(bindparam("limit"))
)
CHOSEN = (
    select(record.c.number, record.c.title, record.c.ci_id, record.c.service_id, t.resource)
    .join(t.resource, t.resource.c.id == record.c.id)
    .where(record.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(record.c.id)
)
CI_TYPES = select(ci.c.id, ci.c.type).where(ci.c.id.in_(bindparam("ids", expanding=True)))
UNTOLD = (
    select(record.c.id)
    .join(t.resource_reading, t.resource_reading.c.resource_id == record.c.id)
    .where(
        record.c.kind == "resource",
        record.c.state == "active",
        ~select(t.capacity_forecast.c.id)
        .where(t.capacity_forecast.c.resource_id == record.c.id, t.capacity_forecast.c.made_at >= bindparam("since"))
        .exists(),
    )
    .order_by(record.c.id)
)
"""Resources with samples that nothing was foretold of since an instant."""
_ci = record.alias("of_ci")
BY_HOST = (
    select(record.c.id, _ci.c.title_key, t.resource.c.metric)
    .join(t.resource, t.resource.c.id == record.c.id)
    .join(_ci, _ci.c.id == record.c.ci_id)
    .where(record.c.kind == "resource", record.c.state == "active")
)
COLLECTED = (
    select(record.c.id, t.resource.c.collect)
    .join(t.resource, t.resource.c.id == record.c.id)
    .where(
        record.c.kind == "resource", record.c.state == "active", t.resource.c.collect.is_not(None),
        t.resource.c.collect_host == bindparam("host"),
    )
    .order_by(record.c.id)
)  # fmt: skip
BEFORE = (
    select(t.sample.c.value)
    .where(t.sample.c.resource_id == bindparam("resource"), t.sample.c.at < bindparam("at"))
    .order_by(t.sample.c.at.desc())
    .limit(bindparam("limit"))
)
RAISED = (
    select(record.c.id)
    .join(link, link.c.target_id == record.c.id)
    .where(link.c.source_id == bindparam("source"), link.c.relation == bindparam("relation"), record.c.kind == bindparam("kind"))
    .order_by(record.c.id)
)

# --- scenarios and staffing

_driver = record.alias("driver")
SCENARIOS = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.state, t.capacity_scenario.c.driver_id,
        t.capacity_scenario.c.growth_percent, t.capacity_scenario.c.months, _driver.c.title.label("driver"),
    )
    .join(t.capacity_scenario, t.capacity_scenario.c.id == record.c.id)
    .join(_driver, _driver.c.id == t.capacity_scenario.c.driver_id)
    .order_by(record.c.id)
)  # fmt: skip
SCENARIO_RESOURCES = select(link.c.target_id).where(
    link.c.source_id == bindparam("scenario"), link.c.relation == "drives", link.c.valid_until > bindparam("now")
)
CONTACTS = (
    select(record.c.occurred_at, interaction.c.handle_seconds)
    .join(interaction, interaction.c.id == record.c.id)
    .where(
        record.c.kind == "interaction", record.c.state == "logged", record.c.occurred_at >= bindparam("low"),
        record.c.occurred_at < bindparam("high"), interaction.c.channel.in_(bindparam("channels", expanding=True)),
    )
)  # fmt: skip
CONTACT_BEFORE = select(record.c.id).where(record.c.kind == "interaction", record.c.occurred_at < bindparam("low")).limit(1)
"""Whether contacts were logged before an instant at all."""
SHIFTS = (
    select(shift.c.starts_at, shift.c.ends_at)
    .join(record, record.c.id == shift.c.id)
    .where(record.c.kind == "shift", shift.c.ends_at > bindparam("low"), shift.c.starts_at < bindparam("high"))
)

# --- plans

VERSIONS = (
    select(t.capacity_plan_version)
    .where(t.capacity_plan_version.c.plan_id == bindparam("plan"))
    .order_by(t.capacity_plan_version.c.version)
)
NEWEST_VERSIONS = (
    select(t.capacity_plan_version)
    .join(t.capacity_plan, t.capacity_plan.c.id == t.capacity_plan_version.c.plan_id)
    .where(
        t.capacity_plan.c.id.in_(bindparam("ids", expanding=True)),
        t.capacity_plan_version.c.version == t.capacity_plan.c.versions,
    )
)
"""The newest frozen version of each of these plans."""
FREEZE = insert(t.capacity_plan_version)
_newest = t.capacity_forecast.alias("newest")
NEWEST_FORECASTS = (
    select(
        record.c.number, record.c.title, record.c.ci_id, t.resource.c.lead_time_days, t.capacity_forecast.c.made_at,
        t.capacity_forecast.c.seconds_left, t.capacity_forecast.c.withheld,
    )
    .join(t.resource, t.resource.c.id == record.c.id)
    .join(t.capacity_forecast, t.capacity_forecast.c.resource_id == record.c.id)
    .where(
        record.c.kind == "resource",
        record.c.state == "active",
        t.resource.c.role == "resource",
        t.capacity_forecast.c.made_at
        == select(func.max(_newest.c.made_at)).where(_newest.c.resource_id == record.c.id).scalar_subquery(),
    )
)  # fmt: skip
"""The newest forecast of each active resource."""
