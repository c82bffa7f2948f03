"""Work behind a screen: begun beside what else is done, or in the place of what its group was doing.

It is handed over as a function, not as a coroutine: one that is dropped before its turn would be missed.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker


def begin_work(
    node: DOMNode,
    steps: Callable[[], Coroutine[Any, Any, object]],
    *,
    group: str = "default",
    name: str = "",
    exit_on_error: bool = True,
) -> None:
    """Begin steps beside what else the group is doing.

    Args:
        node: Whose work it is; it ends with it.
        steps: Called when its turn comes.
        group: Names what it belongs to.
        name: Names the work.
        exit_on_error: A fault of it ends the console, with an id.
    """
    work: Callable[[], Any] = steps
    node.run_worker(work, group=group, name=name, exit_on_error=exit_on_error)


def replace_work(node: DOMNode, steps: Callable[[], Coroutine[Any, Any, None]], group: str) -> Worker[None]:
    """Begin steps in the place of what the group was doing.

    Args:
        node: Whose work it is; it ends with it.
        steps: Called when its turn comes.
        group: Names the work.
    """
    worker: Worker[None] = node.run_worker(steps, group=group, exclusive=True)
    return worker
