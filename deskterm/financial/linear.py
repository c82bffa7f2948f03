"""Exact linear equations, by Gauss-Jordan elimination over fractions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from deskterm.errors import InvalidInput


def solve(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    """Return x such that `matrix · x = right`, exactly.

    Raises:
        InvalidInput: there is no such x, or more than one.
    """
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = next((row for row in range(column, size) if rows[row][column]), None)
        if pivot is None:
            raise InvalidInput("these equations have no single solution")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for row in range(size):
            factor = rows[row][column]
            if row != column and factor:
                rows[row] = [value - factor * top for value, top in zip(rows[row], rows[column], strict=True)]
    return [row[size] for row in rows]
