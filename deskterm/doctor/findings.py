"""What the doctor says: one thing that is wrong, how bad it is, with what, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """What is stored contradicts itself."""
    WARNING = "warning"
    """Nothing is lost, but somebody should look."""

    @property
    def rank(self) -> int:
        """Where it stands in a list, the worst first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    code: str
    """Stable machine name."""
    severity: Severity
    message: str
    """One sentence for a person."""
    subject: str
    """What it is about: a record's number, a table, a job."""
