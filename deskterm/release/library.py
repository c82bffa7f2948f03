"""The definitive software library as people use it: deposit a file, verify what lies there, find what does not belong.

Files are copied and read outside any transaction, however long that takes; what came of it is then written in one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from data.engine import Database
from data.queries import release as q
from data.tables.release import library_check
from data.upsert import upsert
from deskterm import desk_settings
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound, WorkflowRefused
from deskterm.records import resolve, writing
from deskterm.records.draft import Draft
from deskterm.records.schema import Receipt
from deskterm.records.unit import Unit
from deskterm.release.behalf import on_behalf
from deskterm.release.item_rules import IN
from deskterm.release.library_store import DROP_BOX, Found, Incoming, LibraryStore, LibraryUnusable, plain_name
from deskterm.release.schema import Verification

BATCH = 100
FIXED_AGENT = "DESKTERM_FIXED_AGENT"
"""Set by the line that let an SSH key in: who it is."""
Told = Callable[[int, int], None]


def store_of(database: Database, connection: Connection) -> LibraryStore:
    """Return the folder of a desk's library: the setting's, else one beside the desk's own file.

    Raises:
        LibraryUnusable: the desk lives in a server and nobody set the folder.
    """
    folder = desk_settings.load(connection).library_folder
    if folder:
        return LibraryStore(Path(folder))
    if database.path is None:
        raise LibraryUnusable(
            "this desk has no library folder yet; set library_folder in the desk settings to one all consoles see"
        )
    return LibraryStore(database.path.with_name(f"{database.path.name}.library"))


def library(desk: Desk) -> LibraryStore:
    """Return the folder of a desk's library."""
    with desk.database.read() as connection:
        return store_of(desk.database, connection)


def source_of(folder: LibraryStore, file: str | Path) -> Path:
    """Return the file that a person may deposit under this name.

    Whoever came in by a key of their own sees nothing of this machine but the library's drop box: they name a file in it, by its
    plain name. Everybody else names a file of theirs; a way back up in it is refused, so that what is named is meant.

    Raises:
        InvalidInput: the path leads elsewhere.
    """
    text = str(file)
    if os.environ.get(FIXED_AGENT):
        return folder.folder / DROP_BOX / plain_name(text)
    if ".." in Path(text).parts:
        raise InvalidInput(f"{text!r} leads up with '..'; name the file by its whole path", fields={"file": "leads up"})
    return Path(os.path.expanduser(text))


def deposit(desk: Desk, number: str, file: str | Path, *, told: Told | None = None) -> Receipt:
    """Copy the file of a proposed item into the library and record its hash and size.

    Args:
        desk: the desk, as whoever deposits.
        number: the item.
        file: where it lies, on the machine this runs on.
        told: called with the bytes copied and those there are.

    Raises:
        InvalidInput: the file or its name is refused.
        LibraryUnusable: the library's folder cannot be used.
        WorkflowRefused: the item is in the library already.
    """
    _may_deposit(desk, number)
    folder = library(desk)
    with folder.incoming(source_of(folder, file), told) as arrived:
        with desk.refusals(number), desk.unit("deposit") as unit:
            draft = fetch(unit, number)
            before = draft.get("path")
            _take(unit, draft, arrived)
        if before and before != draft.get("path"):
            _remove(desk, str(before))
        return Receipt(draft.number, draft.version, draft.state, unit.id, draft.id)


def _may_deposit(desk: Desk, number: str) -> None:
    """Refuse before a large file is copied for nothing."""
    with desk.refusals(number), desk.unit("deposit", keep=False) as unit:
        draft = fetch(unit, number)
        unit.require("act", draft.kind)
        draft.kind.workflow.check(draft.kind.workflow.action("deposit"), draft.state, draft.old)


def _take(unit: Unit, draft: Draft, arrived: Incoming) -> None:
    draft.kind.workflow.check(draft.kind.workflow.action("deposit"), draft.state, draft.old)
    if draft.get("sha256") == arrived.sha256:
        raise WorkflowRefused(f"{draft.number} has this very file already")
    place = arrived.keep(draft.number)
    draft.new.update(path=place, sha256=arrived.sha256, size_bytes=arrived.size_bytes)
    writing.act(unit, draft, "deposit", {})
    keep_check(unit, draft.id, Found("verified", f"{place}, {arrived.size_bytes:,} bytes"))


def _remove(desk: Desk, place: str) -> None:
    """Remove the file that another one took the place of; the item was only proposed, nothing was built of it."""
    (library(desk).folder / place).unlink(missing_ok=True)


def fetch(unit: Unit, number: str) -> Draft:
    """Load a library item for writing.

    Raises:
        NotFound: there is none by this number.
    """
    draft = writing.fetch(unit, number)
    if draft.kind.name != "definitive-item":
        raise NotFound(f"{draft.number} is no library item; list them with: deskterm list definitive-item")
    return draft


def verify(
    desk: Desk, numbers: Sequence[str] | None = None, *, told: Callable[[int, int], None] | None = None
) -> tuple[Verification, ...]:
    """Read the files of items again and record what differs from before; every item that has a file, if none is named.

    Args:
        desk: the desk, as whoever verifies.
        numbers: which items.
        told: called with how many are read and how many there are.

    Raises:
        NotFound: a number is no library item's.
    """
    folder = library(desk)
    with desk.database.read() as connection:
        rows = _rows(connection, numbers)
    found: list[Verification] = []
    for done, row in enumerate(rows, 1):
        result = folder.check(row.path, row.sha256, row.size_bytes)
        with desk.refusals(row.number), desk.unit("verify library") as unit:
            draft = fetch(unit, row.number)
            unit.require("read", draft.kind)
            if draft.get("sha256") == row.sha256:
                record_check(unit, draft, result)
        found.append(Verification(row.number, row.title, row.item_version, result.result, result.detail, desk.now()))
        if told is not None:
            told(done, len(rows))
    return tuple(found)


def _rows(connection: Connection, numbers: Sequence[str] | None) -> list[Any]:
    if numbers is None:
        return list(stored(connection))
    rows: list[Any] = []
    for number in dict.fromkeys(numbers):
        one = resolve.by_number(connection, number)
        if one.kind != "definitive-item":
            raise NotFound(f"{one.number} is no library item; list them with: deskterm list definitive-item")
        row = connection.execute(q.ITEMS_BY_ID, {"ids": [one.id]}).one()
        if not row.path:
            raise InvalidInput(f"{row.number} has no file yet; deposit one first", fields={"path": "no file"})
        rows.append(row)
    return rows


def stored(connection: Connection) -> Iterable[Any]:
    """Yield every item that has a file, in pages."""
    after = 0
    while rows := connection.execute(q.STORED_AFTER, {"after": after, "limit": BATCH}).all():
        yield from rows
        after = rows[-1].id


def record_check(unit: Unit, draft: Draft, found: Found) -> bool:
    """Note what reading a file again found: in the record where it is news, always in the list of checks."""
    note = None if found.result == "verified" else found.detail[:400]
    news = (draft.get("integrity"), draft.get("integrity_note")) != (found.result, note)
    if news and draft.state in ("proposed", IN, "archived"):
        draft.new.update(integrity=found.result, integrity_note=note)
        draft.reason = "verified"
        with on_behalf(unit):  # whoever may read the library may look whether it is whole
            writing.act(unit, draft, "note-integrity", {})
    keep_check(unit, draft.id, found)
    return news


def keep_check(unit: Unit, item_id: int, found: Found) -> None:
    """Remember when the file of an item was last read, and what came of it."""
    row = {
        "item_id": item_id, "checked_at": unit.at, "result": found.result, "detail": found.detail[:400],
        "checked_by": unit.actor.login,
    }  # fmt: skip
    changes = {name: value for name, value in row.items() if name != "item_id"}
    unit.connection.execute(upsert(unit.dialect, library_check, row, keys=["item_id"], changes=changes))


def strays(desk: Desk) -> tuple[str, ...]:
    """Return what lies in the library's folder and is no file of any item."""
    with desk.database.read() as connection:
        known = frozenset(connection.execute(q.PLACES).scalars())
    return tuple(library(desk).strays(known))
