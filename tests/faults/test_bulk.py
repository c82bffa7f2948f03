"""Fault 5: a bulk edit of 200 of which 3 refuse, and a crash halfway through one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from data.tables.core import journal, record
from deskterm.desk import acting, editing
from deskterm.doctor import examine
from deskterm.errors import InvalidInput
from tests.desks import Cast
from tests.faults.test_writing_together import location_of
from tests.processes import processes

MANY = 200


def _incidents(cast: Cast) -> list[str]:
    return [cast.incident() for _ in range(MANY)]


def _touched(cast: Cast) -> int:
    with cast.database.read() as connection:
        return len(connection.execute(select(journal.c.seq).where(journal.c.what.in_(("field", "state")))).all())


def test_the_preview_names_the_three_that_refuse_and_the_act_keeps_all_or_none(any_cast: Cast) -> None:
    numbers = _incidents(any_cast)
    bob = any_cast.as_("bob")
    done = {"code": "solved", "solution": "Nothing to see."}
    stubborn = {numbers[i] for i in (7, 99, 150)}
    for number in stubborn:
        bob.act(number, "cancel", {"reason": "Logged twice."})
    before = _touched(any_cast)
    preview = bob.bulk(numbers, "resolve", acting("resolve", done), preview=True)
    assert {one.number for one in preview if not one.ok} == stubborn
    assert all("resolve is not possible while cancelled" in one.message for one in preview if not one.ok)
    assert _touched(any_cast) == before
    with pytest.raises(InvalidInput, match="3 of 200 refuse, nothing was changed") as refused:
        bob.bulk(numbers, "resolve", acting("resolve", done))
    assert refused.value.fields.keys() == stubborn
    assert _touched(any_cast) == before
    willing = [number for number in numbers if number not in stubborn]
    assert all(one.ok for one in bob.bulk(willing, "resolve", acting("resolve", done)))
    assert examine(any_cast.database, clock=any_cast.clock) == []


CRASHES = """
import os, signal, sys
from deskterm.bootstrap import open_desk
from deskterm.desk import editing
from deskterm.records import writing

numbers = sys.argv[2].split(",")
edit, done = writing.edit, []
def one(unit, draft, values, **options):
    if len(done) == len(numbers) // 2:
        print("dying", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(draft.number)
    return edit(unit, draft, values, **options)
writing.edit = one
open_desk(sys.argv[1], "bob").bulk(numbers, "edit", editing({"category": "network"}))
"""


def test_a_crash_halfway_changes_none(any_cast: Cast) -> None:
    numbers = _incidents(any_cast)
    before = _touched(any_cast)
    with processes(("-c", CRASHES, location_of(any_cast), ",".join(numbers))) as [console]:
        assert console.line() == "dying"
        console.finish()
    assert _touched(any_cast) == before
    with any_cast.database.read() as connection:
        versions = connection.execute(select(record.c.version).where(record.c.kind == "incident")).scalars()
        assert set(versions) == {1}
    assert all(one.ok for one in any_cast.as_("bob").bulk(numbers, "edit", editing({"category": "network"})))
    assert examine(any_cast.database, clock=any_cast.clock) == []
