"""Telephone numbers as people write them, made findable by any stretch of their digits: `+49 30 1234-567`, `1234567`, `567…`."""

from __future__ import annotations

import re
from typing import Final

from deskterm.kinds import Rules
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

SHORTEST: Final = 4
"""Digits that are worth looking for: an extension."""
LONGEST: Final = 20
"""Digits of a number that are searchable; E.164 allows fifteen."""

_WRITTEN: Final = re.compile(r"\+?[\d\s()/.\-]{4,40}", re.ASCII)


def digits_of(text: str) -> str:
    """Return the digits of what looks like a telephone number, without zeros in front; empty for anything else."""
    if not _WRITTEN.fullmatch(text.strip()):
        return ""
    digits = re.sub(r"\D", "", text).lstrip("0")
    return digits if len(digits) >= SHORTEST else ""


def endings(number: str) -> list[str]:
    """Return every ending of a number's digits that is long enough: its stretches are the beginnings of these."""
    digits = re.sub(r"[^0-9]", "", number)[:LONGEST]
    return [digits[start:] for start in range(len(digits) - SHORTEST + 1)]


def index_phone(unit: Unit, draft: Draft) -> None:
    """Put a person's telephone number where full-text search finds it, besides their own words."""
    found = endings(str(draft.get("phone") or ""))
    if found and (draft.creating or draft.changed):
        store.index(unit, draft, " ".join(found))


RULES = Rules(after=(index_phone,))
