"""From the tree of a query back to its one canonical text: `parse(show(tree), flags) == tree` for whatever `parse` returns.

Canonical means implicit AND, `-` for NOT, `OR` in words, parentheses only where they are needed, quotation marks only where
they were written or are needed. A group on a field comes back as one test per value. The text can be longer than what was
typed; only where it outgrows the language's limit (`syntax.MAX_LENGTH`) will it not be read again.
"""

from __future__ import annotations

from itertools import pairwise
from typing import assert_never

from deskterm.query.syntax import OPERATORS, SIGNS, And, Flag, Node, Not, Or, Test, Words, field_end
from deskterm.query.terms import Op, Value

_COMPARED = {Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}


def show(node: Node) -> str:
    """Write the tree as text; everything (`And()`) is the empty text."""
    if isinstance(node, Or):
        return _any(node)
    if isinstance(node, And):
        return " ".join(_part(part) for part in node.parts)
    return _part(node)


def quote(text: str) -> str:
    r"""Put text in quotation marks, with `\` and `"` escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def show_value(value: Value) -> str:
    """Write one value as it can stand after a colon or in a list."""
    return quote(value.text) if value.quoted or not _is_plain_value(value.text) else value.text


def _any(node: Or) -> str:
    return _list(node) or " OR ".join(show(part) or "*" for part in node.parts)


def _part(node: Node) -> str:
    match node:
        case And(parts=()):
            return "*"
        case And():
            return f"({show(node)})"
        case Or():
            return _list(node) or f"({_any(node)})"
        case Not(part=part):
            return f"-{_part(part)}"
        case Flag(name=name):
            return name
        case Words(text=text, phrase=phrase, prefix=prefix):
            plain = not phrase and _is_plain_word(text)
            return (text if plain else quote(text)) + ("*" if prefix else "")
        case Test():
            return f"{node.field}:{_condition(node)}"
    assert_never(node)


def _list(node: Or) -> str | None:
    """Write tests of one field as a comma list, where reading that gives the same tests back."""
    tests = [part for part in node.parts if isinstance(part, Test) and part.op is not Op.IN]
    if len(tests) < len(node.parts) or any(a.field != b.field for a, b in pairwise(tests)):
        return None
    if all(test.op is Op.EQ for test in tests):
        return None
    return f"{tests[0].field}:{','.join(_condition(test) for test in tests)}"


def _condition(test: Test) -> str:
    values = [show_value(value) for value in test.values]
    match test.op:
        case Op.EMPTY:
            return "none"
        case Op.PRESENT:
            return "any"
        case Op.BETWEEN:
            return "..".join(values)
        case Op.LIKE:
            # Unquoted, the stars are part of the text; behind quotation marks the only one is left out of it.
            return values[0] + "*" if test.values[0].quoted else test.values[0].text
        case Op.EQ | Op.IN:
            return ",".join(values)
        case _:
            return _COMPARED[test.op] + values[0]


def _is_plain_value(text: str) -> bool:
    if not text or text in ("none", "any") or text[0] in "<>!":
        return False
    return ".." not in text and not any(character.isspace() or character in '(),"*' for character in text)


def _is_plain_word(text: str) -> bool:
    if not text or text in OPERATORS or text[0] in SIGNS + ":" or field_end(text, 0, len(text)) is not None:
        return False
    return not any(character.isspace() or character in '()"*' for character in text)
