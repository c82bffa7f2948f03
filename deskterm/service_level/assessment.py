"""What service level management is assessed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskterm.assessment.criteria import Evidence, count, measured, share
from deskterm.assessment.rules import of_share

if TYPE_CHECKING:
    from deskterm.desk import Desk


def _fits(desk: Desk) -> Evidence:
    """Answer whether what teams and suppliers promise fits into what customers are promised."""
    from deskterm.service_level import back_to_back

    with desk.database.read() as connection:
        promises = back_to_back.read(connection, desk.moment)
    found = [one for one in back_to_back.findings(promises, desk.moment) if one.verdict != back_to_back.UNKNOWN]
    fit = sum(one.verdict == back_to_back.FITS for one in found)
    late = dict.fromkeys(one.agreement_number for one in found if one.verdict == back_to_back.LATE)
    said = f"{fit} of {len(found)}, 100 % wanted" if found else "no OLA or UC stands behind an SLA"
    query = " OR ".join(f"number:{number}" for number in late)
    return Evidence(of_share(fit, len(found), 100), said, ("agreement",) if query else (), query, tuple(late)[:3])


CRITERIA = (
    count(1, "Are there agreements with customers?", "agreement", "state:active type:sla"),
    share(2, "Does each target name the share that is agreed?", "target", "state:active", "objective:any", 70),
    share(2, "Is it set when each agreement is looked at again?", "agreement", "state:active type:sla", "review_at:any", 80),
    count(3, "Do teams and suppliers stand behind them?", "agreement", "state:active (type:ola OR type:uc)"),
    count(3, "Are services reviewed with customers?", "service-review", "state:published published_at:<100d"),
    measured(4, "Do the promises behind the promises fit?", _fits),
    share(4, "Are improvements measured?", "improvement", "state:implemented,closed", "before:any", 80),
    share(5, "Do improvements help?", "improvement", "state:closed", "outcome:better", 60),
    share(5, "Are improvements done when they are due?", "improvement", "state:open", "finish_by:>=now OR state:implemented", 90),
)
