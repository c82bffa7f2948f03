"""The standard tree of CI types, as data. `init` plants it; users add their own below any of it.

Standard types declare what is usual and take other attributes as well; nothing is required, for a desk begins with what it knows.
"""

from __future__ import annotations

from typing import Any

Attributes = dict[str, dict[str, Any]]


def _whole(unit: str = "") -> dict[str, Any]:
    return {"type": "whole", "low": 0, **({"unit": unit} if unit else {})}


_TEXT: dict[str, Any] = {}
_MACHINE: Attributes = {"os": _TEXT, "os_version": _TEXT, "cpus": _whole(), "memory_mb": _whole("MB"), "ip": _TEXT}

STANDARD_TYPES: tuple[tuple[str, str, str, Attributes], ...] = (
    ("hardware", "", "Something one can drop.", {"warranty_number": _TEXT}),
    ("computer", "hardware", "Runs programs.", {**_MACHINE, "disk_gb": _whole("GB")}),
    ("server", "computer", "Serves others.", {"rack_units": _whole()}),
    ("workstation", "computer", "Stands on or under a desk.", {}),
    ("laptop", "computer", "Travels with its user.", {"screen_inches": {"type": "number", "low": 0, "high": 100}}),
    ("network-device", "hardware", "Switches, routes, filters.", {"ports": _whole(), "firmware": _TEXT, "ip": _TEXT}),
    ("printer", "hardware", "Puts it on paper.", {"colour": {"type": "flag"}, "duplex": {"type": "flag"}, "ip": _TEXT}),
    ("phone", "hardware", "Rings.", {"extension": _TEXT}),
    ("storage", "hardware", "Keeps data for others.", {"capacity_gb": _whole("GB"), "raid": _TEXT}),
    ("peripheral", "hardware", "Plugs into something else.", {}),
    ("power", "hardware", "Feeds the others.", {"kva": {"type": "number", "low": 0, "unit": "kVA"}}),
    ("virtual-machine", "", "A computer made of software.", {**_MACHINE, "hypervisor": _TEXT}),
    ("software", "", "Programs.", {"vendor": _TEXT, "edition": _TEXT}),
    ("software-instance", "software", "A program as it runs somewhere.", {"port": {"type": "whole", "low": 1, "high": 65535}}),
    ("database", "software-instance", "Keeps data in order.", {"engine": _TEXT, "size_gb": _whole("GB")}),
    ("middleware", "software-instance", "Between program and machine.", {}),
    ("application", "software", "What people work with.", {"url": _TEXT}),
    ("business-service", "", "What customers buy, as an item that others are part of.", {}),
    ("licence", "", "The right to use something.", {"seats": _whole(), "expires_at": {"type": "instant"}, "key": _TEXT}),
    ("contract", "", "What was agreed with a supplier.", {"reference": _TEXT, "ends_at": {"type": "instant"}}),
    ("document", "", "Plans, manuals, procedures.", {"url": _TEXT, "edition": _TEXT}),
    ("location", "", "A site, a building, a room, a rack.", {"address": _TEXT}),
    ("line", "", "A connection between places.", {"carrier": _TEXT, "bandwidth_mbit": _whole("Mbit/s")}),
    ("cluster", "", "Several that act as one.", {}),
)  # fmt: skip
"""Name, the type above it, what it is, the attributes it declares."""
TYPE_NAMES = tuple(name for name, _, _, _ in STANDARD_TYPES)
