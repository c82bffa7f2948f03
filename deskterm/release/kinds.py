"""What release management declares: releases, the units they are counted in, the items of the definitive library."""

from __future__ import annotations

from deskterm.fields import Choice, Field, Instant, Refs, Text, Whole, long_text, ref
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.release.gates import DELTA, FULL, PACKAGE
from deskterm.release.numbering import CATEGORIES
from deskterm.release.workflow import ITEM_WORKFLOW, UNIT_WORKFLOW, WORKFLOW

INCLUDES = "includes"
"""From a release to each change that it carries out."""
LARGEST = 2**62
"""Bytes; more than any file has."""

RELEASE_UNIT = Kind(
    name="release-unit",
    prefix="RUN",
    process="release",
    family=Family.CONFIGURATION,
    table="data.tables.release:release_unit",
    workflow=UNIT_WORKFLOW,
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("level", "service"),
    help="What is released together, and numbered in one row.",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=26),
        Field("level", Choice(("system", "suite", "program", "module")), default="suite", width=10,
              help="How much of the infrastructure it is."),
        Field("service", ref("service"), help="The service it is part of."),
        Field("description", long_text(), searchable=True),
    ),
)  # fmt: skip

DEFINITIVE_ITEM = Kind(
    name="definitive-item",
    prefix="DSL",
    process="release",
    family=Family.CONFIGURATION,
    table="data.tables.release:definitive_item",
    workflow=ITEM_WORKFLOW,
    title_field="name",
    label="Library item",
    sort="name,-updated_at",
    columns=("item_version", "integrity", "state", "licence", "unit", "size_bytes"),
    help="A master copy in the definitive software library: nothing else is built into a release.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=24, section="What"),
        Field("item_version", Text(60), "Version", required=True, width=10, section="What",
              help="As its maker calls it; name and version together are there once."),
        Field("unit", ref("release-unit"), "Release unit", section="What", width=16),
        Field("supplier", Text(160), searchable=True, section="What"),
        Field("note", long_text(), searchable=True, section="What"),
        Field("licence", Text(255), section="Licence", searchable=True, width=18,
              help="Reference of the licence: contract, order or the licence's name. It does not enter without one."),
        Field("licence_ci", ref("ci"), "Licence CI", section="Licence", help="The CI of type licence that covers it."),
        Field("qa_result", Choice(("passed", "failed")), "Quality", section="Quality", width=7,
              help="What came of the quality check."),
        Field("qa_evidence", long_text(), "Evidence", section="Quality", help="What was checked, and how."),
        Field("qa_by", Text(80), "Checked by", section="Quality", derived=True),
        Field("qa_at", Instant(), "Checked at", section="Quality", derived=True),
        Field("path", Text(400), "File", section="File", derived=True, help="Where it lies in the library's folder."),
        Field("sha256", Text(64), "SHA-256", section="File", derived=True, searchable=True),
        Field("size_bytes", Whole(0, LARGEST), "Bytes", section="File", derived=True, width=12),
        Field("deposited_by", Text(80), section="File", derived=True),
        Field("deposited_at", Instant(), section="File", derived=True),
        Field("integrity", Choice(("verified", "tampered", "missing", "unreadable")), section="File", derived=True, width=10,
              help="What reading its file again found last."),
        Field("integrity_note", Text(400), "Found", section="File", derived=True),
    ),
    rules="deskterm.release.item_rules:RULES",
)  # fmt: skip

RELEASE = Kind(
    name="release",
    prefix="REL",
    process="release",
    family=Family.WORK,
    table="data.tables.release:release",
    workflow=WORKFLOW,
    sort="target_at",
    columns=("release_version", "state", "progress", "target_at", "manager", "service", "category"),
    help="Changes that go out together, built from the library, tested, and rolled out in waves.",
    fields=(
        Field("summary", Text(255), required=True, searchable=True, section="What", width=34, help="What it brings, in a line."),
        Field("description", long_text(), searchable=True, section="What"),
        Field("service", ref("service"), section="What", width=16),
        Field("unit", ref("release-unit"), "Release unit", section="What", help="What is released; its versions are one row."),
        Field("changes", Refs("change", INCLUDES), section="What", help="What it carries out: each is approved, or it stays."),
        Field("type", Choice((DELTA, FULL, PACKAGE)), required=True, default=FULL, section="What", width=8,
              help="Only what changed, the whole unit, or several units together."),
        Field("category", Choice(CATEGORIES), required=True, default="minor", section="What", width=9,
              help="Major 4.0, minor 4.1, emergency 4.1.1."),
        Field("release_version", Text(40), "Release version", section="What", width=9,
              help="By the unit's numbering if empty."),
        Field("team", ref("team"), section="Work", width=12),
        Field("manager", ref("agent"), column="assignee_id", section="Work", width=10, help="Who answers for it."),
        Field("target_at", Instant(future=True), "Due", section="Work", width=13, help="When it is to be out everywhere."),
        Field("plan", long_text(), section="Plan", help="How it is rolled out."),
        Field("backout_plan", long_text(), "Back-out plan", section="Plan", help="How what was there before is put back."),
        Field("backout_rehearsed_at", Instant(), "Back-out rehearsed", section="Plan", help="When the back-out plan was tried."),
        Field("backout_evidence", long_text(), "Rehearsal", section="Plan", help="How the rehearsal went."),
        Field("early_life_days", Whole(0, 365), "Early life, days", default=14, section="Plan",
              help="For so long incidents on its CIs are listed with it."),
        Field("review", long_text(), section="Outcome", help="How it went, the incidents of its early life included."),
        Field("progress", Text(255), derived=True, section="Outcome", width=30, help="How far the rollout has come."),
        Field("rollout_started_at", Instant(), derived=True, section="Outcome"),
        Field("rolled_out_at", Instant(), "Out everywhere", derived=True, section="Outcome"),
        Field("early_life_until", Instant(future=True), derived=True, section="Outcome"),
        Field("early_life_ended_at", Instant(), derived=True, section="Outcome"),
    ),
    rules="deskterm.release.release_rules:RULES",
)  # fmt: skip

KINDS = (RELEASE, RELEASE_UNIT, DEFINITIVE_ITEM)
