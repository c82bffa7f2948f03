"""The sections of the finance screen, each declared once: what it makes and explains, its columns, what its pane says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from screens import finance_levels as levels
from screens import finance_rows as rows_of
from widgets.columns import Column

Pane = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One tab of the screen."""

    label: str
    makes: str
    """The kind that `n` makes."""
    figure: str
    """What `=` explains of a line."""
    empty: str
    """What to do where there is nothing yet."""
    told: str
    """What stands beside this month, where no period is chosen."""
    below: Callable[[Any], levels.Level | None]
    """Gives what a line opens to."""
    columns: Callable[[bool], Sequence[Column[Any]]]
    """Takes whether the terminal draws nothing but ASCII."""
    pane: Callable[[Any], Pane] | None = None
    """None for services, whose pane tells of the whole period as well."""


SECTIONS = (
    Section(
        "Services", "cost", "cost", "Nothing was spent in this period.\nn records a cost   left, right another period", "",
        levels.lines_below, lambda _: rows_of.service_columns(),
    ),
    Section(
        "Charge runs", "charge-run", "charges", "No charge run yet.\nn makes one: a period, notional or real", "charge runs",
        levels.charges_below, lambda plain: rows_of.run_columns(ascii_only=plain), rows_of.run_pane,
    ),
    Section(
        "Budgets", "budget", "burn", "No budget yet.\nn makes one: for a service, a cost centre or everybody",
        "budgets of the last year and on", levels.lines_below, lambda plain: rows_of.budget_columns(ascii_only=plain),
        rows_of.budget_pane,
    ),
    Section(
        "Assets", "ci", "value", "No CI is written off.\nA CI with a cost, a life in years and a day in service is", "assets",
        levels.years_below, lambda _: rows_of.asset_columns(), rows_of.asset_pane,
    ),
    Section(
        "Business cases", "business-case", "worth",
        "No business case yet.\nn makes one: flows of money, such as [-15000, 1500, 2500], and a rate", "business cases",
        levels.flows_below, lambda plain: rows_of.case_columns(ascii_only=plain), rows_of.case_pane,
    ),
)  # fmt: skip
SERVICES, RUNS, BUDGETS, ASSETS, CASES = range(len(SECTIONS))
