"""Build records: what a release was built of, which library items, by whom and when. A finished one stands for good.

Finishing reads every file again first, outside the transaction; what the library then says of them is part of the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from data.queries import release as q
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound, WorkflowRefused
from deskterm.fields import long_text
from deskterm.journal import Entry, What
from deskterm.records import resolve, store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.release import gates, library
from deskterm.release.item_rules import IN

OPEN, COMPLETE, ABANDONED = "open", "complete", "abandoned"
NOTE = long_text(4_000)


def of(unit: Unit, release_id: int) -> list[Any]:
    """Return the rows of a release's builds, the oldest first."""
    return list(unit.connection.execute(q.BUILDS, {"release": release_id}))


def newest_complete(unit: Unit, release_id: int) -> Any | None:
    """Return the row of the newest build that is complete."""
    return next((row for row in reversed(of(unit, release_id)) if row.state == COMPLETE), None)


def begin(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Open the first build record."""
    _open(unit, draft)


def again(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Open the next build record, of the same items as the last."""
    draft.reason = str(inputs["reason"])
    _open(unit, draft)


def _open(unit: Unit, draft: Draft) -> None:
    """Open a build record unless one is open; it begins with what the last one was made of, as the library has it now."""
    there = of(unit, draft.id)
    if any(row.state == OPEN for row in there):
        return
    position = len(there) + 1
    row = {
        "release_id": draft.id, "position": position, "state": OPEN, "started_by": unit.actor.login, "started_at": unit.at,
    }  # fmt: skip
    unit.connection.execute(q.NEW_BUILD, row)
    opened = of(unit, draft.id)[-1]
    if there:
        items = [one.item_id for one in unit.connection.execute(q.BUILT, {"build": there[-1].id}) if one.state == "in-library"]
        _add(unit, opened.id, items)
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, "build", new=position, text=f"build {position} opened"))


def abandon_open(unit: Unit, draft: Draft, why: str) -> None:
    """End the open build of a release, if it has one."""
    for row in of(unit, draft.id):
        if row.state == OPEN:
            _end(unit, draft, row, ABANDONED, why)


def add(desk: Desk, number: str, items: Sequence[str]) -> None:
    """Put library items into the open build of a release.

    Raises:
        InvalidInput: an item is not in the library, or in the build already; all of them are named.
        WorkflowRefused: no build is open.
    """
    with desk.refusals(number), desk.unit("add to build") as unit:
        draft, build = _writable(unit, number, opening=True)
        there = {row.item_id for row in unit.connection.execute(q.BUILT, {"build": build.id})}
        wanted, wrong = _resolved(unit, items)
        rows = {row.id: row for row in unit.connection.execute(q.ITEMS_BY_ID, {"ids": wanted or [0]})}
        for key in wanted:
            row = rows[key]
            if row.state != IN:
                wrong[row.number] = f"{row.number} {row.title} is {row.state.replace('-', ' ')}, not in the library"
            elif key in there:
                wrong[row.number] = f"{row.number} is in the build already"
        if wrong:
            raise InvalidInput("; ".join(wrong.values()), fields=wrong)
        _add(unit, build.id, wanted)
        said = ", ".join(f"{rows[key].number} {rows[key].title} {rows[key].item_version}" for key in wanted)
        _journal(unit, draft, f"build {build.position}: added {said}")


def drop(desk: Desk, number: str, items: Sequence[str]) -> None:
    """Take library items out of the open build of a release.

    Raises:
        InvalidInput: an item is not in the build.
    """
    with desk.refusals(number), desk.unit("drop from build") as unit:
        draft, build = _writable(unit, number)
        there = {row.item_id: row for row in unit.connection.execute(q.BUILT, {"build": build.id})}
        wanted, wrong = _resolved(unit, items)
        wrong |= {str(key): f"item {key} is not in build {build.position}" for key in wanted if key not in there}
        if wrong:
            raise InvalidInput("; ".join(wrong.values()), fields=wrong)
        for key in wanted:
            unit.connection.execute(q.DROP_BUILD_ITEM, {"build": build.id, "item": key})
        _journal(unit, draft, f"build {build.position}: dropped {', '.join(there[key].number for key in wanted)}")


def finish(desk: Desk, number: str, note: str = "") -> str:
    """Read the files of the open build again, and finish it: from here on its record stands.

    Returns:
        The digest over what it was made of.

    Raises:
        WorkflowRefused: no build is open, its items do not make a release of this type, or a file is not what the library
            recorded; everything that is wrong is named.
    """
    said = _clean(note)
    with desk.database.read() as connection:
        found = resolve.by_number(connection, number)
        rows = connection.execute(q.BUILDS, {"release": found.id}).all()
        open_build = next((row.id for row in rows if row.state == OPEN), 0)
        items = connection.execute(q.BUILT, {"build": open_build}).all()
    library.verify(desk, [row.number for row in items])
    with desk.refusals(number), desk.unit("finish build") as unit:
        draft, build = _writable(unit, number)
        built = unit.connection.execute(q.BUILT, {"build": build.id}).all()
        wrong = [*_type_faults(unit, draft, built), *(fault for row in built if (fault := _file_fault(row)))]
        if wrong:
            raise WorkflowRefused(f"build {build.position} is not finished: {'; '.join(wrong)}", fields={"build": wrong[0]})
        for row in built:
            unit.connection.execute(q.ITEM_VERIFIED, {"build": build.id, "item": row.item_id, "when": unit.at})
        return _end(unit, draft, build, COMPLETE, said)


def abandon(desk: Desk, number: str, note: str = "") -> None:
    """End the open build of a release without a result; another one begins with the action build or rebuild.

    Raises:
        WorkflowRefused: no build is open.
    """
    said = _clean(note)
    with desk.refusals(number), desk.unit("abandon build") as unit:
        draft, build = _writable(unit, number)
        _end(unit, draft, build, ABANDONED, said)
        if draft.state == "building":
            _open(unit, draft)


def digest(rows: Sequence[Any]) -> str:
    """Return the SHA-256 over number, name, version, hash and size of every item, in the order of their numbers."""
    lines = sorted(f"{row.number}\t{row.name}\t{row.item_version}\t{row.sha256}\t{row.size_bytes}" for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _end(unit: Unit, draft: Draft, build: Any, end: str, said: str) -> str:
    rows = unit.connection.execute(q.BUILT, {"build": build.id}).all()
    digested = digest(rows)
    unit.connection.execute(
        q.FINISH_BUILD,
        {
            "build": build.id, "end": end, "by": unit.actor.login, "when": unit.at, "count": len(rows), "sum": digested,
            "said": said or None,
        },
    )  # fmt: skip
    words = f"build {build.position} {end}, {len(rows)} item{'' if len(rows) == 1 else 's'}, digest {digested[:16]}"
    _journal(unit, draft, f"{words}: {said}" if said else words)
    return digested


def _type_faults(unit: Unit, draft: Draft, built: Sequence[Any]) -> tuple[str, ...]:
    """Return why the items do not make a release of its type."""
    parts = [gates.Part(row.number, row.name, row.item_version, row.sha256, row.unit_id) for row in built]
    key = draft.get("unit")
    newest: dict[str, gates.Part] = {}
    for row in unit.connection.execute(q.MASTERS, {"unit": key or 0}):
        newest[row.title] = gates.Part(row.number, row.title, row.item_version, row.sha256, row.unit_id)
    before = {row.name: row.sha256 for row in unit.connection.execute(q.LAST_BUILT, {"unit": key or 0, "own": draft.id})}
    return gates.build_faults(str(draft.get("type")), parts, list(newest.values()), before, key)


def _file_fault(row: Any) -> str:
    if row.state != IN:
        return f"{row.number} {row.name} is {row.state.replace('-', ' ')}, not in the library any more"
    if row.library_sha256 != row.sha256:
        return f"{row.number} {row.name} has another file than when it was added"
    return "" if row.integrity == "verified" else f"{row.number} {row.name}: its file is {row.integrity}"


def _writable(unit: Unit, number: str, *, opening: bool = False) -> tuple[Draft, Any]:
    """Return a release, held for writing, and its open build.

    Args:
        unit: the unit of work.
        number: the release.
        opening: open one where it is being built and none is, as after an undo.

    Raises:
        WorkflowRefused: there is none.
    """
    draft = fetch(unit, number)
    unit.require("act", draft.kind)
    if opening and draft.state == "building":
        _open(unit, draft)
    build = next((row for row in of(unit, draft.id) if row.state == OPEN), None)
    if build is None or draft.state != "building":
        how = {"planning": "take the action build", "building": "add an item to begin one"}.get(
            draft.state, "take the action rebuild"
        )
        raise WorkflowRefused(f"no build of {draft.number} is open while it is {draft.state.replace('-', ' ')}; {how} first")
    return draft, build


def fetch(unit: Unit, number: str) -> Draft:
    """Load a release for writing.

    Raises:
        NotFound: there is none by this number.
    """
    draft = writing.fetch(unit, number)
    if draft.kind.name != "release":
        raise NotFound(f"{draft.number} is a {draft.kind.title.lower()}, not a release; list them with: deskterm list release")
    return draft


def _resolved(unit: Unit, items: Sequence[str]) -> tuple[list[int], dict[str, str]]:
    """Return the ids of library items, and what is wrong with the words that name none."""
    found: dict[int, None] = {}
    wrong: dict[str, str] = {}
    for word in items:
        try:
            found[resolve.one_of(unit.connection, word, ("definitive-item",))] = None
        except ValueError as problem:
            wrong[word] = str(problem)
    if not items:
        wrong["items"] = "name at least one library item"
    return list(found), wrong


def _add(unit: Unit, build_id: int, items: Sequence[int]) -> None:
    if not items:
        return
    rows = unit.connection.execute(q.ITEMS_BY_ID, {"ids": list(items)}).all()
    unit.connection.execute(
        q.NEW_BUILD_ITEMS,
        [
            {
                "build_id": build_id, "item_id": row.id, "number": row.number, "name": row.title,
                "item_version": row.item_version, "sha256": row.sha256, "size_bytes": row.size_bytes,
            }
            for row in rows
        ],
    )  # fmt: skip


def _journal(unit: Unit, draft: Draft, text: str) -> None:
    unit.journal(Entry(draft.id, draft.version, What.NOTE, text=text))
    store.touch(unit, draft)


def _clean(text: str) -> str:
    try:
        return str(NOTE.parse(text)) if text else ""
    except ValueError as problem:
        raise InvalidInput(f"the note {problem}", fields={"note": str(problem)}) from None
