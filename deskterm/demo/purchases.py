"""What was paid for the demo's items, when and to whom, and who repairs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.civil_time import DAY_SECONDS
from deskterm.demo.case import APPLICATIONS, DATABASE, NETWORK, WORKPLACE

YEAR_SECONDS = 365 * DAY_SECONDS
USERS = ("laptop", "workstation", "phone", "licence", "document")
"""Types whose items use their service rather than carry it."""

BOUGHT: Mapping[str, tuple[int, str, str, int]] = {
    "server": (684_000, "Havelwerk", "R740", 5), "network-device": (212_050, "Nordlicht", "NX-48", 7),
    "laptop": (128_900, "Lusatia", "Book 14", 4), "workstation": (189_900, "Lusatia", "Tower Z", 5),
    "printer": (54_990, "Spreedruck", "P4015", 5), "phone": (18_900, "Klangfeld", "D7", 6),
    "storage": (2_349_000, "Havelwerk", "S90", 6), "power": (418_000, "Nordlicht", "UPS 10", 8),
}  # fmt: skip
"""By type: price in cents, maker, model, years it is kept."""
VERSIONS = {"app-pay-01": "4.2", "app-pay-02": "4.2", "app-pay-03": "4.2", "db-pay-1": "15.4", "db-erp-1": "15.4"}
HOUR = 3_600
FAILING: Mapping[str, tuple[int, int]] = {
    "san-01": (4_000 * 24 * HOUR, 6 * HOUR), "ups-a": (2_500 * 24 * HOUR, 4 * HOUR), "ups-b": (2_500 * 24 * HOUR, 4 * HOUR),
    "sbc-1": (90 * 24 * HOUR, HOUR),
}  # fmt: skip
"""By item: seconds between failures and to restore service, as makers say them."""
TEAM_OF = {
    "network-device": NETWORK, "line": NETWORK, "server": DATABASE, "database": DATABASE, "storage": DATABASE,
    "cluster": DATABASE, "application": APPLICATIONS, "software": APPLICATIONS, "virtual-machine": APPLICATIONS,
}  # fmt: skip
"""Who repairs what; the rest is Workplace's."""


def values_of(at: int, sort: str, name: str, place: int) -> dict[str, Any]:
    """Return what is known of an item besides its name: what it cost, how long it is kept, how often it fails, who repairs it.

    Args:
        at: when the desk was founded.
        sort: its type.
        name: what it is called.
        place: its place among all items, which spreads the dates.
    """
    values: dict[str, Any] = {"environment": "production", "installed_version": VERSIONS.get(name)}
    if sort in BOUGHT:
        cents, maker, model, years = BOUGHT[sort]
        bought = at - (place * 97 % (years * 300)) * DAY_SECONDS
        values |= {
            "cost": f"{cents // 100}.{cents % 100:02d}", "currency": "EUR", "manufacturer": maker, "model": model,
            "purchased_at": bought, "in_service_at": bought + 12 * DAY_SECONDS, "warranty_until": bought + 3 * YEAR_SECONDS,
            "asset_number": f"KB-{10_000 + place * 7}", "life_years": years, "depreciation": "straight-line",
        }  # fmt: skip
    if name in FAILING:
        values["mtbf_seconds"], values["mtrs_seconds"] = FAILING[name]
    return values | {"support_team": TEAM_OF.get(sort, WORKPLACE)}
