"""Amounts of money as people and programs read them, and what every figure of money asks first."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from deskterm.permissions import require

if TYPE_CHECKING:
    from deskterm.desk import Desk


def amount(value: Decimal | None, currency: str = "") -> str:
    """Return an amount as a person reads it; n/a where there is none."""
    return "n/a" if value is None else f"{value:,.2f}{f' {currency}' if currency else ''}"


def text(value: Decimal | None) -> str | None:
    """Return an amount as data."""
    return None if value is None else f"{value:.2f}"


def may_read(desk: Desk) -> None:
    """Refuse somebody who may not read what was spent.

    Raises:
        NotAllowed: they may not.
    """
    kind = desk.registry.kind("cost")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
