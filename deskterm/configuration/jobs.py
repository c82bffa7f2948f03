"""What the desk does by itself to the configuration: it keeps the list of what is wrong with the records."""

from __future__ import annotations

from deskterm import late
from deskterm.jobs import Job

JOBS = (
    Job(
        "data-quality", 6 * 3600, late.function("deskterm.configuration.quality:keep_current"),
        "Notes which CIs are stale, orphaned, recorded twice or without owner.", ("ci",), apart=True,
    ),
)  # fmt: skip
