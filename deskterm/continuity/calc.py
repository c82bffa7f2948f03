"""What `deskterm calc` can work out about continuity, with the very functions that the process uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from deskterm.continuity.recovery_plans import schedule
from deskterm.continuity.schema import RecoveryQuestion
from deskterm.questions import number


def recovery(given: Mapping[str, Any]) -> dict[str, object]:
    """Work out how long a recovery plan takes, what it costs in effort, and on which steps it hangs."""
    found = schedule(RecoveryQuestion.read(given).the_steps())
    return {
        "elapsed_minutes": number(Fraction(found.elapsed_seconds, 60)),
        "effort_minutes": number(Fraction(found.effort_seconds, 60)),
        "critical_path": list(found.critical_path),
    }


FUNCTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {"recovery": recovery}
