"""Labels and annotations as they come from outside: text of bounded length that every database can keep, or refused."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator
from pydantic import Field as Bound

from deskterm.exchange.faults import brief

LONGEST_NAME = 255
LONGEST_LABEL = 4_096
LONGEST_ANNOTATION = 50_000
MOST_LABELS = 200
"""Characters and entries: ten times what any sound source sends."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def stored_text(value: object, limit: int) -> str:
    """Return a text as it is kept: exactly as it was received.

    Raises:
        ValueError: it is no text, too long, or holds what no database can keep.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("must be text")
    if len(value) > limit:
        raise ValueError(f"is {len(value):,} characters long, at most {limit:,} fit")
    found = _UNSTORABLE.search(value)
    if found is not None:
        what = "a NUL character" if found[0] == "\x00" else "half a character (a lone surrogate)"
        raise ValueError(f"holds {what}, which no database can store: {brief(value)}")
    return value


def _name(value: object) -> str:
    text = stored_text(value, LONGEST_NAME)
    if not text:
        raise ValueError("has no name")
    return text


Name = Annotated[str, BeforeValidator(_name)]
Label = Annotated[str, BeforeValidator(lambda value: stored_text(value, LONGEST_LABEL))]
Annotation = Annotated[str, BeforeValidator(lambda value: stored_text(value, LONGEST_ANNOTATION))]
Labels = Annotated[dict[Name, Label], Bound(max_length=MOST_LABELS)]
Annotations = Annotated[dict[Name, Annotation], Bound(max_length=MOST_LABELS)]
