"""Priority from impact and urgency, by a matrix that the desk may edit. 1 is the highest of all three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskterm.errors import InvalidInput

HIGHEST_LEVEL = 9
"""Impact, urgency and priority are one digit: wide enough for any desk, narrow enough for a column."""


@dataclass(frozen=True, slots=True)
class PriorityMatrix:
    """Priorities by impact (rows) and urgency (columns), level 1 first. Make one from outside data with `parse`."""

    rows: tuple[tuple[int, ...], ...] = ((1, 2, 3), (2, 3, 4), (3, 4, 5))

    @classmethod
    def parse(cls, given: object) -> PriorityMatrix:
        """Read a matrix such as `[[1, 2, 3], [2, 3, 4], [3, 4, 5]]`.

        Raises:
            InvalidInput: it is no full table of whole numbers from 1 to 9. Which numbers stand where is the desk's affair.
        """
        if not isinstance(given, list | tuple) or not all(isinstance(row, list | tuple) for row in given):
            raise _refusal("is a list of rows, such as [[1, 2, 3], [2, 3, 4], [3, 4, 5]]")
        rows = tuple(tuple(row) for row in given)
        if not rows or not rows[0] or {len(row) for row in rows} != {len(rows[0])}:
            raise _refusal("has as many columns in each row, and at least one of both")
        if max(len(rows), len(rows[0])) > HIGHEST_LEVEL:
            raise _refusal(f"has at most {HIGHEST_LEVEL} levels of impact and of urgency")
        if not all(_is_level(cell) for row in rows for cell in row):
            raise _refusal(f"holds whole numbers from 1 to {HIGHEST_LEVEL}")
        return cls(rows)

    def priority(self, impact: int, urgency: int) -> int:
        """Return the priority.

        Raises:
            InvalidInput: a level is not one of the matrix; `fields` names which.
        """
        return priority_of(impact, urgency, self.rows)


DEFAULT_MATRIX = PriorityMatrix().rows
"""Three levels of each, five priorities: `1 2 3 / 2 3 4 / 3 4 5`."""


def priority_of(impact: int, urgency: int, matrix: Sequence[Sequence[int]] = DEFAULT_MATRIX) -> int:
    """Return the priority of an impact and an urgency by the rows of a checked matrix.

    Raises:
        InvalidInput: a level is not one of the matrix; `fields` names which.
    """
    levels = {"impact": (impact, len(matrix)), "urgency": (urgency, len(matrix[0]))}
    wrong = {
        name: f"must be a whole number from 1 (high) to {lowest} (low)"
        for name, (level, lowest) in levels.items()
        if not (_is_level(level) and level <= lowest)
    }
    for name, rule in wrong.items():
        raise InvalidInput(f"{name} {rule}", fields=wrong)
    return matrix[impact - 1][urgency - 1]


def _is_level(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= HIGHEST_LEVEL


def _refusal(rule: str) -> InvalidInput:
    return InvalidInput(f"the priority matrix {rule}", fields={"matrix": rule})
