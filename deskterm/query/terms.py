"""What may stand after the colon: from the text of a value to an operator and raw values, without knowing any field.

What the values mean for a field of a certain type is left to `deskterm.query.readings` and `deskterm.query.instants`.

| written          | operator    | values     |   | written         | operator                      | values   |
| ---------------- | ----------- | ---------- | - | --------------- | ----------------------------- | -------- |
| `new` `"a b"`    | EQ          | one        |   | `new,assigned`  | IN                            | all      |
| `<4` `<=4`       | LT, LE      | one        |   | `1,3..4,none`   | one condition each, OR        |          |
| `>4` `>=4`       | GT, GE      | one        |   | `vpn*` `"a b"*` | LIKE                          | one      |
| `1..2`           | BETWEEN     | low, high  |   | `none`          | EMPTY                         | nothing  |
| `1..` `1..*`     | GE          | one        |   | `any` `*`       | PRESENT                       | nothing  |
| `..2` `*..2`     | LE          | one        |   | `"none"`        | EQ: quotes make it plain text | one      |

There is no "not equal": negation is the `-` before the field, and only that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from deskterm.errors import BadQuery

MAX_STARS = 4
"""Wildcards in one value: a database matches `*a*a*a…` in time that grows with every further star."""


class Op(StrEnum):
    """How a field is compared with the values of a test."""

    EQ = "eq"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    BETWEEN = "between"
    """Both ends belong to it."""
    IN = "in"
    LIKE = "like"
    EMPTY = "empty"
    PRESENT = "present"


_COMPARISONS = {"<=": Op.LE, ">=": Op.GE, "<": Op.LT, ">": Op.GT}


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it was written; where it stood does not count when two are compared."""

    text: str
    """Without the quotation marks and their escapes."""
    quoted: bool = False
    """Quoted text is never a keyword, and its stars are only stars."""
    column: int = field(default=1, compare=False, kw_only=True)
    length: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Condition:
    """An operator and its raw values, not yet tied to a field."""

    op: Op
    values: tuple[Value, ...] = ()


def brief(text: str) -> str:
    """Quote a piece of a query for a message, cut to a length that fits one line."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def read_quoted(text: str, at: int) -> tuple[str, int]:
    r"""Read the quoted words that open at offset `at`; `\"` and `\\` stand for `"` and `\`, other backslashes for themselves.

    Returns:
        The words, and the offset behind the closing quotation mark.

    Raises:
        BadQuery: they are never closed, or there is nothing between them.
    """
    opened, parts = at, []
    at += 1
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
            at += 1
        parts.append(text[at])
        at += 1
    if at == len(text):
        raise BadQuery('this quotation mark is never closed; add " where the words end', column=opened + 1)
    words = "".join(parts)
    if not words.strip():
        raise BadQuery("there is nothing between the quotation marks; for an empty field write none", column=opened + 1)
    return words, at + 1


def read_value(text: str, at: int, end: int) -> tuple[Condition, ...]:
    """Read what follows a colon, `text[at:end]`: one condition, or several of which one must hold.

    Raises:
        BadQuery: a part is missing, misplaced or more than one thing at once.
    """
    conditions = []
    while True:
        condition, at = _item(text, at, end)
        conditions.append(condition)
        if at == end:
            break
        if text[at] != ",":
            raise BadQuery("put a space or a comma after the closing quotation mark", column=at + 1)
        at += 1
    if len(conditions) > 1 and all(condition.op is Op.EQ for condition in conditions):
        return (Condition(Op.IN, tuple(condition.values[0] for condition in conditions)),)
    return tuple(conditions)


def _item(text: str, at: int, end: int) -> tuple[Condition, int]:
    if at == end or text[at] == ",":
        raise BadQuery("a value is missing here; write one, or remove the comma", column=at + 1)
    if text[at] == "!":
        raise BadQuery("put the ! before the field, as in !state:closed, or quote the value", column=at + 1)
    sign = next((sign for sign in _COMPARISONS if text.startswith(sign, at, end)), None)
    start = at
    value, at = _endpoint(text, at + len(sign or ""), end)
    ranged = text.startswith("..", at, end)
    if sign:
        if ranged:
            raise BadQuery(f"use either {sign} or a range with .., not both", column=at + 1)
        return Condition(_COMPARISONS[sign], (_bound(value, sign, at),)), at
    if ranged:
        high, at = _endpoint(text, at + 2, end)
        if text.startswith("..", at, end):
            raise BadQuery("a range has two ends; remove one of the ..", column=at + 1)
        return _range(value, high, start), at
    if value is None:
        raise BadQuery("a value is missing here; write one", column=start + 1)
    if value.quoted and text.startswith("*", at, end):
        return Condition(Op.LIKE, (value,)), at + 1
    return _single(value), at


def _endpoint(text: str, at: int, end: int) -> tuple[Value | None, int]:
    start = at
    if at < end and text[at] == '"':
        words, at = read_quoted(text, at)
        return Value(words, True, column=start + 1, length=at - start), at
    while at < end and text[at] not in ',"' and not text.startswith("..", at, end):
        at += 1
    if at < end and text[at] == '"' and at > start:
        raise BadQuery("a quotation mark inside a word; put the whole value in quotation marks", column=at + 1)
    return (Value(text[start:at], column=start + 1, length=at - start) if at > start else None), at


def _bound(value: Value | None, sign: str, at: int) -> Value:
    if value is None:
        raise BadQuery(f"{sign} needs a value after it, as in {sign}4h", column=at + 1)
    if not value.quoted and (value.text in ("none", "any") or "*" in value.text or value.text[0] in "<>=!"):
        raise BadQuery(f"{brief(value.text)} cannot be compared; write a number, a time or a duration", column=value.column)
    return value


def _range(low: Value | None, high: Value | None, start: int) -> Condition:
    ends = [None if end is None or end == Value("*") else _bound(end, "..", start) for end in (low, high)]
    match ends:
        case [Value() as first, Value() as last]:
            return Condition(Op.BETWEEN, (first, last))
        case [Value() as first, None]:
            return Condition(Op.GE, (first,))
        case [None, Value() as last]:
            return Condition(Op.LE, (last,))
    raise BadQuery("a range needs a value on at least one side of the .., as in 1..2", column=start + 1)


def _single(value: Value) -> Condition:
    if value.quoted:
        return Condition(Op.EQ, (value,))
    if value.text == "none":
        return Condition(Op.EMPTY)
    if value.text == "any" or not value.text.strip("*"):
        return Condition(Op.PRESENT)
    if "*" not in value.text:
        return Condition(Op.EQ, (value,))
    if value.text.count("*") > MAX_STARS:
        raise BadQuery(f"a value may hold {MAX_STARS} stars at most; use fewer", column=value.column)
    return Condition(Op.LIKE, (value,))


def like_pieces(value: Value) -> tuple[str, ...]:
    """Split the value of a LIKE at its stars: `vpn*gate` is `("vpn", "gate")`, `"a b"*` is `("a b", "")`."""
    return (value.text, "") if value.quoted else tuple(value.text.split("*"))
