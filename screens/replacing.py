"""Work of which only the newest counts: what a group was doing is cancelled when it begins to do something else."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker


def replace_work(node: DOMNode, steps: Callable[[], Coroutine[Any, Any, None]], group: str) -> Worker[None]:
    """Begin steps in the place of what the group was doing.

    Args:
        node: Whose work it is; it ends with it.
        steps: Called when its turn comes. Not yet a coroutine: one that was replaced before its turn would be missed.
        group: Names the work.
    """
    worker: Worker[None] = node.run_worker(steps, group=group, exclusive=True)
    return worker
