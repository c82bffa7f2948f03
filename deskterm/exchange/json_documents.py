"""A file of JSON: one document, several on lines of their own or one after the other. Bounded in size and in depth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from deskterm.errors import InvalidInput
from deskterm.exchange.importing import Job
from deskterm.exchange.source import Source

LARGEST_JSON = 64 << 20
"""Bytes: documents are read whole. A day's messages of a large site are a tenth of it."""

_BLANK = re.compile(r"[\s\x1e]*")
_NEXT = re.compile(r"\n(?=[{\[])")
"""Where reading goes on after a broken document: at the next one that begins a line."""


def read_text(job: Job, purpose: str, part: Source | None = None) -> str | None:
    """Return a whole file as text; None where it is none, which is a fault of the job.

    Args:
        job: the import.
        purpose: what the file holds, for the message.
        part: one file of the folder that is imported; its faults name it.

    Raises:
        InvalidInput: it is too large.
    """
    source = part or job.source
    if source.size > LARGEST_JSON:
        said = f"{source.name} is {source.size >> 20:,} MiB large; of {purpose} at most {LARGEST_JSON >> 20} MiB are read at once"
        raise InvalidInput(f"{said}: split it", fields={"path": "too large"})
    content = source.file.read(LARGEST_JSON + 1)
    if source.progress:
        source.progress(len(content), max(source.size, len(content)))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        job.faults.add(
            line,
            "" if part is None else part.name,
            f"holds bytes that are not UTF-8 text, the first at byte {problem.start + 1} of the file",
        )
        return None


def documents(job: Job, text: str, name: str = "") -> Iterator[tuple[int, object]]:
    """Yield every document with the line it begins on; one that is broken is a fault, and the next is tried.

    Args:
        job: the import.
        text: the file.
        name: of the file in a folder; its faults name it.
    """
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    at = line = counted = 0
    while True:
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        line += text.count("\n", counted, at)
        counted = at
        if at >= len(text):
            return
        try:
            document, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as problem:
            job.faults.add(
                line + 1 + text.count("\n", at, problem.pos), name, f"is not JSON: {problem.msg} at column {problem.colno}"
            )
        except RecursionError:
            job.faults.add(line + 1, name, "is nested too deeply")
        except ValueError as problem:
            job.faults.add(line + 1, name, f"is not JSON: {problem}")
        else:
            yield line + 1, document
            continue
        following = _NEXT.search(text, at)
        if following is None:
            return
        at = following.end()


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no value of JSON")
