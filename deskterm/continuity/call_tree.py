"""Who calls whom when a plan is invoked: one line a person, those whom they call indented below them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from deskterm.errors import InvalidInput

INDENT = 2
EXAMPLE = "Grace Okafor, crisis lead, +49 30 555 100\n  Tarık Özdemir, directory, +49 30 555 101"  # noqa: RUF001
MOST = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One person of a call tree."""

    depth: int
    """0 begins the calls."""
    name: str
    role: str
    phone: str


def read_calls(text: str) -> tuple[Call, ...]:
    """Return a call tree from its text: `name, role, phone` a line, two blanks deeper than whoever calls them.

    Raises:
        InvalidInput: it says which line is wrong.
    """
    found: list[Call] = []
    for place, line in enumerate(text.expandtabs(INDENT).splitlines(), 1):
        if not line.strip():
            continue
        blanks = len(line) - len(line.lstrip(" "))
        depth = blanks // INDENT
        deepest = found[-1].depth + 1 if found else 0
        if blanks % INDENT or depth > deepest:
            raise _wrong(f"line {place}: indent by two blanks those whom the line above calls")
        name, _, rest = line.strip().partition(",")
        role, _, phone = rest.rpartition(",")
        if not name.strip():
            raise _wrong(f"line {place} names nobody; write: name, role, phone")
        found.append(Call(depth, name.strip(), role.strip(), phone.strip()))
    if len(found) > MOST:
        raise _wrong(f"a call tree has at most {MOST} people")
    return tuple(found)


def _wrong(message: str) -> InvalidInput:
    return InvalidInput(f"call_tree: {message}", fields={"call_tree": message})
