"""The root of the one error tree, and the errors that storage itself can raise.

Everything a person may read as ``error: …`` descends from `DeskError`; `deskterm.errors` grows the rest of the tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class DeskError(Exception):
    """A refusal or failure with one sentence for the person: which rule, and what to do."""

    code: ClassVar[str] = "error"
    """Stable machine name, as `--json` prints it."""
    exit_status: ClassVar[int] = 1
    """What the command line exits with: 1 refused, 2 usage, 3 no desk."""

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields: dict[str, str] = dict(fields or {})
        """Field name to what is wrong with it, where the refusal belongs to fields."""


class DatabaseError(DeskError):
    """The database cannot be used: missing, locked, unreadable, or not a desk."""

    code = "database"
    exit_status = 3


class NotADesk(DatabaseError):
    """The file or database exists but holds no desk."""

    code = "not-a-desk"


class SchemaMismatch(DatabaseError):
    """The desk's schema is older or newer than this program."""

    code = "schema"


class DatabaseBusy(DatabaseError):
    """Somebody else has held the database for longer than we are willing to wait."""

    code = "busy"


class TransactionLost(DatabaseBusy):
    """Two transactions stood in each other's way and the database gave up this one: done again, it goes through."""


class DamagedDatabase(DatabaseError):
    """The file contradicts itself: the disk, the memory or another program changed it."""

    code = "damaged"


class ReadOnlyDatabase(DatabaseError):
    """The database can be read but not written."""

    code = "read-only"
