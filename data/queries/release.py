"""Statements about the definitive library, builds, tests and waves, built once."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, case, delete, func, insert, select, update

from data.tables import release as t
from data.tables.configuration import ci
from data.tables.core import HOLDS, link, record

NUMBERS_TAKEN = (
    select(t.release.c.release_version, t.release.c.unit_id, record.c.service_id)
    .join(record, record.c.id == t.release.c.id)
    .where(
        record.c.state != "cancelled",
        record.c.id != bindparam("own"),
        t.release.c.release_version.is_not(None),
        t.release.c.unit_id.is_not_distinct_from(bindparam("unit")),
    )
)
"""The version numbers of a unit's other releases, with the service each is of."""

# --- the library

SAME_ITEM = (
    select(record.c.number, record.c.state)
    .join(t.definitive_item, t.definitive_item.c.id == record.c.id)
    .where(
        record.c.kind == "definitive-item",
        record.c.title_key == bindparam("title_key"),
        func.lower(t.definitive_item.c.item_version) == bindparam("item_version"),
        record.c.id != bindparam("own"),
        record.c.state.not_in(("rejected", "void")),
    )
    .limit(1)
)
ITEMS = (
    select(record.c.id, record.c.number, record.c.title, record.c.state, t.definitive_item, t.library_check.c.checked_at)
    .join(t.definitive_item, t.definitive_item.c.id == record.c.id)
    .join(t.library_check, t.library_check.c.item_id == record.c.id, isouter=True)
    .order_by(record.c.id)
)
ITEMS_BY_ID = ITEMS.where(record.c.id.in_(bindparam("ids", expanding=True)))
STORED_AFTER = ITEMS.where(t.definitive_item.c.path.is_not(None), record.c.id > bindparam("after")).limit(bindparam("limit"))
MASTERS = ITEMS.where(record.c.state == "in-library", t.definitive_item.c.unit_id == bindparam("unit"))
PLACES = select(t.definitive_item.c.path).where(t.definitive_item.c.path.is_not(None))
INTEGRITY = (
    select(
        record.c.state,
        t.definitive_item.c.integrity,
        func.count().label("items"),
        func.min(t.library_check.c.checked_at).label("oldest_at"),
    )
    .join(t.definitive_item, t.definitive_item.c.id == record.c.id)
    .join(t.library_check, t.library_check.c.item_id == record.c.id, isouter=True)
    .where(t.definitive_item.c.path.is_not(None), record.c.state.in_(("proposed", "in-library", "archived")))
    .group_by(record.c.state, t.definitive_item.c.integrity)
)
DAMAGED = (
    select(record.c.number, record.c.title, t.definitive_item.c.integrity, t.definitive_item.c.integrity_note)
    .join(t.definitive_item, t.definitive_item.c.id == record.c.id)
    .where(
        record.c.kind == "definitive-item",
        record.c.state == "in-library",
        t.definitive_item.c.integrity.in_(("tampered", "missing", "unreadable")),
    )
    .order_by(record.c.id)
    .limit(bindparam("limit"))
)

# --- builds

BUILDS = select(t.release_build).where(t.release_build.c.release_id == bindparam("release")).order_by(t.release_build.c.position)
BUILD_ITEMS = (
    select(t.release_build_item, t.release_build.c.position)
    .join(t.release_build, t.release_build.c.id == t.release_build_item.c.build_id)
    .where(t.release_build.c.release_id == bindparam("release"))
    .order_by(t.release_build_item.c.name, t.release_build_item.c.id)
)
BUILT = (
    select(
        t.release_build_item,
        record.c.state,
        t.definitive_item.c.sha256.label("library_sha256"),
        t.definitive_item.c.integrity,
        t.definitive_item.c.unit_id,
    )
    .join(record, record.c.id == t.release_build_item.c.item_id)
    .join(t.definitive_item, t.definitive_item.c.id == t.release_build_item.c.item_id)
    .where(t.release_build_item.c.build_id == bindparam("build"))
    .order_by(t.release_build_item.c.name, t.release_build_item.c.id)
)
"""The items of a build, each with how the library has it now."""
NEW_BUILD = insert(t.release_build)
FINISH_BUILD = (
    update(t.release_build)
    .where(t.release_build.c.id == bindparam("build"))
    .values(
        state=bindparam("end"),
        finished_by=bindparam("by"),
        finished_at=bindparam("when"),
        items=bindparam("count"),
        digest=bindparam("sum"),
        note=bindparam("said"),
    )
)
NEW_BUILD_ITEMS = insert(t.release_build_item)
DROP_BUILD_ITEM = delete(t.release_build_item).where(
    t.release_build_item.c.build_id == bindparam("build"), t.release_build_item.c.item_id == bindparam("item")
)
ITEM_VERIFIED = (
    update(t.release_build_item)
    .where(t.release_build_item.c.build_id == bindparam("build"), t.release_build_item.c.item_id == bindparam("item"))
    .values(verified_at=bindparam("when"))
)
LAST_BUILT = (
    select(t.release_build_item.c.name, t.release_build_item.c.sha256, t.release_build_item.c.item_version)
    .join(t.release_build, t.release_build.c.id == t.release_build_item.c.build_id)
    .where(
        t.release_build.c.id
        == select(t.release_build.c.id)
        .join(t.release, t.release.c.id == t.release_build.c.release_id)
        .join(record, record.c.id == t.release.c.id)
        .where(
            t.release_build.c.state == "complete",
            t.release.c.unit_id == bindparam("unit"),
            t.release.c.id != bindparam("own"),
            record.c.state.in_(("early-life", "closed")),
        )
        .order_by(t.release.c.rolled_out_at.desc(), t.release_build.c.position.desc(), t.release_build.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
)
"""What the unit's last release that went out was made of."""

# --- tests

CAMPAIGNS = (
    select(t.release_campaign, t.release_build.c.position.label("build_position"))
    .join(t.release_build, t.release_build.c.id == t.release_campaign.c.build_id, isouter=True)
    .where(t.release_campaign.c.release_id == bindparam("release"))
    .order_by(t.release_campaign.c.id)
)
CASES = (
    select(t.release_case)
    .join(t.release_campaign, t.release_campaign.c.id == t.release_case.c.campaign_id)
    .where(t.release_campaign.c.release_id == bindparam("release"))
    .order_by(t.release_case.c.campaign_id, t.release_case.c.position)
)
NEW_CAMPAIGN = insert(t.release_campaign)
NEW_CASES = insert(t.release_case)
CAMPAIGN_OF_BUILD = (
    update(t.release_campaign).where(t.release_campaign.c.id == bindparam("campaign")).values(build_id=bindparam("build"))
)
RESULT = (
    update(t.release_case)
    .where(t.release_case.c.id == bindparam("case_id"))
    .values(result=bindparam("came"), tested_by=bindparam("by"), tested_at=bindparam("when"), evidence=bindparam("said"))
)
DROP_CASE = delete(t.release_case).where(t.release_case.c.id == bindparam("case_id"))
SIGN = (
    update(t.release_campaign)
    .where(t.release_campaign.c.id == bindparam("campaign"))
    .values(
        cases=bindparam("count"), verdict=bindparam("came"), signed_by=bindparam("by"), signed_at=bindparam("when"),
        note=bindparam("said"),
    )
)  # fmt: skip

# --- waves and cells

WAVES = select(t.release_wave).where(t.release_wave.c.release_id == bindparam("release")).order_by(t.release_wave.c.position)
CELLS = (
    select(t.release_cell, t.release_wave.c.position, record.c.number, record.c.title, record.c.state.label("ci_state"))
    .join(t.release_wave, t.release_wave.c.id == t.release_cell.c.wave_id)
    .join(record, record.c.id == t.release_cell.c.ci_id, isouter=True)
    .where(t.release_cell.c.release_id == bindparam("release"))
    .order_by(t.release_wave.c.position, t.release_cell.c.site, record.c.title, t.release_cell.c.id)
)
NEW_WAVE = insert(t.release_wave)
NEW_CELLS = insert(t.release_cell)
DROP_CELL = delete(t.release_cell).where(t.release_cell.c.id == bindparam("cell"))
CHANGE_CELL = (
    update(t.release_cell)
    .where(t.release_cell.c.id == bindparam("cell"))
    .values(
        state=bindparam("to"), version=bindparam("put"), previous=bindparam("was"), changed_at=bindparam("when"),
        installed_at=bindparam("since"), changed_by=bindparam("by"), reason=bindparam("why"),
    )
)  # fmt: skip
ACCEPTANCE = (
    update(t.release_wave)
    .where(t.release_wave.c.id == bindparam("wave"))
    .values(accepted_by=bindparam("by"), accepted_at=bindparam("when"), note=bindparam("said"))
)
AT_SITE = (
    select(record.c.id)
    .join(ci, ci.c.id == record.c.id)
    .where(
        record.c.kind == "ci",
        record.c.state == "live",
        func.lower(ci.c.location) == bindparam("site"),
        (bindparam("service") == 0) | (record.c.service_id == bindparam("service")),
    )
    .order_by(record.c.id)
)
"""The live CIs at a location, of one service or of any."""
SITES_OF = select(ci.c.id, ci.c.location).where(ci.c.id.in_(bindparam("ids", expanding=True)))
PROGRESS_OF = (
    select(t.release_cell.c.release_id, t.release_cell.c.state, func.count().label("cells"))
    .where(t.release_cell.c.release_id.in_(bindparam("ids", expanding=True)))
    .group_by(t.release_cell.c.release_id, t.release_cell.c.state)
)

# --- early life and figures

INCIDENTS = (
    select(
        record.c.id,
        record.c.number,
        record.c.title,
        record.c.state,
        record.c.ci_id,
        record.c.occurred_at,
        t.release_cell.c.installed_at,
    )
    .join(t.release_cell, t.release_cell.c.ci_id == record.c.ci_id)
    .where(
        record.c.kind == "incident",
        record.c.state != "cancelled",
        t.release_cell.c.release_id == bindparam("release"),
        t.release_cell.c.installed_at.is_not(None),
        record.c.occurred_at >= t.release_cell.c.installed_at,
        record.c.occurred_at < bindparam("until"),
    )
    .order_by(record.c.occurred_at, record.c.id)
    .limit(bindparam("limit"))
)
"""Incidents on CIs that the release was installed on, from the installation there up to an instant."""
EARLY_LIFE_OVER = (
    select(record.c.id, t.release.c.early_life_until.label("at"))
    .join(t.release, t.release.c.id == record.c.id)
    .where(
        record.c.kind == "release",
        record.c.state == "early-life",
        t.release.c.early_life_ended_at.is_(None),
        t.release.c.early_life_until <= bindparam("now"),
    )
    .order_by(record.c.id)
    .limit(bindparam("limit"))
)
RELEASES = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.state, record.c.done_at, t.release.c.type, t.release.c.category,
        t.release.c.unit_id, t.release.c.release_version, t.release.c.target_at, t.release.c.early_life_days,
        t.release.c.rollout_started_at, t.release.c.rolled_out_at, t.release.c.early_life_until,
    )
    .join(t.release, t.release.c.id == record.c.id)
    .where(record.c.kind == "release")
    .order_by(record.c.id)
)  # fmt: skip
NEWEST_CELLS = (
    select(
        t.release_cell.c.ci_id, t.release_cell.c.release_id, t.release_cell.c.state, t.release_cell.c.version,
        t.release_cell.c.previous, t.release_cell.c.site, t.release_cell.c.installed_at, t.release.c.unit_id,
        t.release_cell.c.changed_at,
        t.release.c.release_version, record.c.number, record.c.title, record.c.state.label("ci_state"),
    )
    .join(t.release, t.release.c.id == t.release_cell.c.release_id)
    .join(record, record.c.id == t.release_cell.c.ci_id)
    .where(t.release_cell.c.state.in_(("installed", "backed-out", "failed", "unreachable")))
    .order_by(t.release_cell.c.ci_id, t.release_cell.c.changed_at, t.release_cell.c.id)
)  # fmt: skip
RELEASE_HASHES = (
    select(t.release_build.c.release_id, t.release_build.c.position, t.release_build_item.c.sha256)
    .add_columns(t.release_build_item.c.name, t.release_build_item.c.item_version, t.definitive_item.c.path)
    .join(t.release_build, t.release_build.c.id == t.release_build_item.c.build_id)
    .join(t.definitive_item, t.definitive_item.c.id == t.release_build_item.c.item_id)
    .where(t.release_build.c.state == "complete")
    .order_by(t.release_build.c.release_id, t.release_build.c.position)
)
_failed = func.sum(case((t.release_cell.c.state.in_(("failed", "unreachable")), 1), else_=0))
FAILED_CELLS = (
    select(t.release_cell.c.release_id, func.count().label("tried"), _failed.label("failed"))
    .join(record, record.c.id == t.release_cell.c.release_id)
    .where(record.c.state == "rolling-out", t.release_cell.c.state.in_(("installed", "failed", "unreachable")))
    .group_by(t.release_cell.c.release_id)
    .having(_failed > 0)
)
"""Rollouts that go on and in which CIs failed: how many, of how many that were tried."""
LINKED_CHANGES = (
    select(record.c.id, record.c.kind, record.c.number, record.c.title, record.c.state)
    .select_from(record)
    .join(link, and_(link.c.target_id == record.c.id, link.c.relation == "includes", HOLDS))
    .where(link.c.source_id == bindparam("release"))
    .order_by(record.c.id)
)
