"""Builds, tests and waves in a line each, and as scripts read them. Pure."""

from __future__ import annotations

from typing import Any

from deskterm.clock import format_instant
from deskterm.release.schema import Build, Campaign, ReleaseView, Wave


def build_title(build: Build) -> str:
    """Return `build 2, complete: by ada 2026-…`."""
    begun = f"begun by {build.started_by} {format_instant(build.started_at)}"
    ended = f", {build.state} by {build.finished_by} {format_instant(build.finished_at)}" if build.finished_at is not None else ""
    return f"build {build.position}, {build.state}: {begun}{ended}" + (f"; {build.note}" if build.note else "")


def build_json(build: Build) -> dict[str, Any]:
    """Return a build as data."""
    return {
        "build": build.position,
        "state": build.state,
        "started_by": build.started_by,
        "started_at": format_instant(build.started_at),
        "finished_by": build.finished_by or None,
        "finished_at": _instant(build.finished_at),
        "note": build.note or None,
        "digest": build.digest or None,
        "items": [
            {
                "number": item.number, "name": item.name, "version": item.version, "sha256": item.sha256,
                "size_bytes": item.size_bytes, "verified_at": _instant(item.verified_at),
            }
            for item in build.items
        ],
    }  # fmt: skip


def campaign_title(campaign: Campaign) -> str:
    """Return `acceptance, round 2, build 3: passed, signed by ada 2026-…`."""
    on = "not begun" if campaign.build is None else f"build {campaign.build}"
    open_cases = sum(case.result == "open" for case in campaign.cases)
    stands = (
        f"{campaign.verdict}, signed by {campaign.signed_by} {_instant(campaign.signed_at)}"
        if campaign.signed_by
        else (f"{open_cases} of {len(campaign.cases)} open")
    )
    return f"{campaign.title}, {on}: {stands}" + (f"; {campaign.note}" if campaign.note else "")


def campaign_json(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign as data."""
    return {
        "campaign": campaign.name,
        "round": campaign.round,
        "build": campaign.build,
        "verdict": campaign.verdict or None,
        "signed_by": campaign.signed_by or None,
        "signed_at": _instant(campaign.signed_at),
        "cases": [
            {
                "case": case.position, "name": case.name, "mandatory": case.mandatory, "result": case.result,
                "tested_by": case.tested_by or None, "tested_at": _instant(case.tested_at), "evidence": case.evidence or None,
            }
            for case in campaign.cases
        ],
    }  # fmt: skip


def wave_title(wave: Wave) -> str:
    """Return `wave 2 (Haus A): shut until …`."""
    accepted = f"accepted by {wave.accepted_by} {_instant(wave.accepted_at)}"
    stands = accepted if wave.is_accepted else wave.shut or "open"
    return f"wave {wave.position} ({wave.name}): {stands}" + (f"; {wave.note}" if wave.note else "")


def rollout_json(view: ReleaseView) -> dict[str, Any]:
    """Return a rollout as data."""
    return {
        "number": view.number,
        "state": view.state,
        "release_version": view.release_version,
        "progress": view.progress or None,
        "waves": [
            {
                "wave": wave.position,
                "name": wave.name,
                "planned_at": _instant(wave.planned_at),
                "accepted_by": wave.accepted_by or None,
                "accepted_at": _instant(wave.accepted_at),
                "note": wave.note or None,
                "shut": wave.shut or None,
                "cells": [
                    {
                        "ci": cell.ci, "name": cell.name, "site": cell.site, "state": cell.state.value,
                        "version": cell.version or None, "previous": cell.previous or None,
                        "installed_version": cell.installed_now or None, "reason": cell.reason or None,
                        "changed_at": format_instant(cell.changed_at), "changed_by": cell.changed_by,
                    }
                    for cell in wave.cells
                ],
            }
            for wave in view.waves
        ],
        "incidents": [
            {
                "number": one.number, "title": one.title, "state": one.state, "ci": one.ci,
                "occurred_at": format_instant(one.occurred_at),
            }
            for one in view.incidents
        ],
    }  # fmt: skip


def _instant(at: int | None) -> str | None:
    return None if at is None else format_instant(at)
