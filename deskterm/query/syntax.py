r"""The query language's grammar: from the text a person types to a tree of frozen nodes, each knowing where it stood.

    query   = [any]
    any     = all { "OR" all }
    all     = part { ["AND"] part }
    part    = ("NOT" | "-" | "!") part | "(" any ")" | field ":" value | field ":(" any ")" | flag | word | '"' words '"'

AND binds tighter than OR. Operators are capitals only, as in Lucene, because tickets are full of `and`, `or` and `not`;
one in small letters beside a test or a flag is refused rather than searched for, since that is never what was meant. Names
of fields are read in any case. Outside quotation marks a backslash is a backslash: `CORP\maria` needs no quoting.

What a value means (`deskterm.query.terms`) and whether a field exists is left to others. Reading takes time linear in the
length of the text: every character is looked at a fixed number of times, and nothing is ever tried twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn, TypeAlias

from deskterm.errors import BadQuery
from deskterm.query.terms import Op, Value, read_quoted, read_value

MAX_LENGTH = 4_000
MAX_TERMS = 200
MAX_DEPTH = 50
OPERATORS = frozenset({"AND", "OR", "NOT"})
SIGNS = "-!"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stood in the text; it does not count when two trees are compared."""

    column: int = field(default=1, compare=False, kw_only=True)
    """Counted from 1."""
    length: int = field(default=0, compare=False, kw_only=True)
    """In characters; 0 for a node that a program made."""


@dataclass(frozen=True, slots=True)
class And(Place):
    """All parts hold; with no parts it is everything, which is what an empty query and `*` mean."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Or(Place):
    """At least one of two or more parts holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Place):
    """The part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Words(Place):
    """Full text: a word, or with `phrase` the exact words in this order; with `prefix` the last one may go on."""

    text: str
    phrase: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Flag(Place):
    """A bare keyword that the desk declared, such as `breached`."""

    name: str


@dataclass(frozen=True, slots=True)
class Test(Place):
    """A field compared with values. Its place begins at the field's name, in `state:(new OR held)` for both tests."""

    __test__ = False  # pytest collects classes of this name otherwise

    field: str
    op: Op
    values: tuple[Value, ...] = ()


Node: TypeAlias = And | Or | Not | Words | Flag | Test


def parse(text: str, flags: frozenset[str] = frozenset()) -> Node:
    """Read a query.

    Args:
        text: what the person typed, at most `MAX_LENGTH` characters.
        flags: the bare words that are keywords here and not full text.

    Raises:
        BadQuery: it is not understood, or larger than `MAX_LENGTH`, `MAX_TERMS` or `MAX_DEPTH`.
    """
    if len(text) > MAX_LENGTH:
        raise BadQuery(f"a query has at most {MAX_LENGTH} characters; shorten it", column=MAX_LENGTH + 1)
    for at, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise BadQuery(f"no record can hold the character U+{ord(character):04X}; remove it", column=at + 1)
    return _Parser(text, flags).query()


def field_end(text: str, at: int, end: int) -> int | None:
    """Return the offset of the colon if `text[at:end]` opens with a field's name and a colon."""
    if at == end or not text[at].isalpha():
        return None
    while at < end and (text[at].isalnum() or text[at] in "_-."):
        at += 1
    return at if at < end and text[at] == ":" else None


class _Token(NamedTuple):
    kind: str  # ( ) sign text AND OR NOT
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        start = at
        if text[at].isspace():
            at += 1
        elif text[at] in "()" or text[at] in SIGNS:
            at += 1
            found.append(_Token(text[start] if text[start] in "()" else "sign", start, at))
        else:
            at = _text_end(text, at)
            word = text[start:at]
            found.append(_Token(word if word in OPERATORS else "text", start, at))
    return found


def _text_end(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace() and text[at] not in "()":
        at = read_quoted(text, at)[1] if text[at] == '"' else at + 1
    return at


_START = _Token("start", 0, 0)


class _Parser:
    """Recursive descent over the tokens; the only state is the position, the counts and the field of an open group."""

    def __init__(self, text: str, flags: frozenset[str]) -> None:
        self._text, self._flags = text, flags
        self._tokens = _tokens(text)
        self._at = self._depth = self._terms = 0
        self._group: _Token | None = None

    def query(self) -> Node:
        if not self._tokens:
            return And()
        node = self._any(_START)
        if self._at < len(self._tokens):
            self._missing(self._tokens[self._at], _START)
        return node

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _any(self, after: _Token) -> Node:
        parts = [self._all(after)]
        while (token := self._peek()) and token.kind == "OR":
            self._at += 1
            parts.append(self._all(token))
        return _joined(Or, parts)

    def _all(self, after: _Token) -> Node:
        parts = [self._part(after)]
        while (token := self._peek()) and token.kind not in ("OR", ")"):
            if token.kind == "AND":
                self._at += 1
            parts.append(self._part(token if token.kind == "AND" else _START))
        return _joined(And, parts)

    def _part(self, after: _Token) -> Node:
        token = self._peek()
        if token is None or token.kind in ("AND", "OR", ")"):
            self._missing(token, after)
        self._at += 1
        if token.kind == "text":
            return self._term(token)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadQuery(f"a query nests at most {MAX_DEPTH} deep; make it simpler", column=token.start + 1)
        node = self._bracket(token) if token.kind == "(" else self._negated(token)
        self._depth -= 1
        return node

    def _missing(self, token: _Token | None, after: _Token) -> NoReturn:
        if after.kind not in ("start", "("):
            name = self._text[after.start : after.end]
            raise BadQuery(f"{name} needs something after it; write it, or quote the {name}", column=after.start + 1)
        if token is None:
            raise BadQuery("this parenthesis is never closed; add ) where it ends", column=after.start + 1)
        if token.kind != ")":
            name = token.kind
            raise BadQuery(f"{name} needs something before it; write it, or quote the {name}", column=token.start + 1)
        if after.kind == "(":
            raise BadQuery("there is nothing between the parentheses; fill or remove them", column=after.start + 1)
        raise BadQuery("there is no ( for this ); remove it", column=token.start + 1)

    def _bracket(self, opened: _Token) -> Node:
        node = self._any(opened)
        if self._peek() is None:
            self._missing(None, opened)
        self._at += 1
        return node

    def _negated(self, sign: _Token) -> Node:
        following = self._peek()
        if sign.kind == "sign" and following and following.start != sign.end:
            name = self._text[sign.start]
            raise BadQuery(f"put {name} right before what it negates, or quote it", column=sign.start + 1)
        part = self._part(sign)
        return Not(part, column=sign.start + 1, length=self._tokens[self._at - 1].end - sign.start)

    def _term(self, token: _Token) -> Node:
        colon = field_end(self._text, token.start, token.end)
        if self._group:
            if colon is not None:
                name = self._text[self._group.start : self._group.end]
                raise BadQuery(f"close {name}:( with ) before another field, or quote this", column=token.start + 1)
            return self._test(self._group, token.start, token.end)
        if colon is None:
            return self._word(token)
        name_token = _Token("field", token.start, colon)
        if colon + 1 < token.end:
            return self._test(name_token, colon + 1, token.end)
        following = self._peek()
        if following is None or following.kind != "(" or following.start != token.end:
            raise BadQuery("a value is missing; write it right after the colon, as in state:open", column=token.end + 1)
        self._group = name_token
        node = self._part(name_token)
        self._group = None
        return node

    def _test(self, name: _Token, start: int, end: int) -> Node:
        place = {"column": name.start + 1, "length": end - name.start}
        field_name = self._text[name.start : name.end].lower()
        tests: list[Node] = []
        for condition in read_value(self._text, start, end):
            self._count(max(1, len(condition.values)), start)
            tests.append(Test(field_name, condition.op, condition.values, **place))
        return _joined(Or, tests)

    def _word(self, token: _Token) -> Node:
        self._count(1, token.start)
        at, word = token.start + 1, self._text[token.start : token.end]
        place = {"column": at, "length": len(word)}
        if word[0] == '"':
            words, closed = read_quoted(word, 0)
            if word[closed:] not in ("", "*"):
                raise BadQuery("put a space after the closing quotation mark", column=at + closed)
            return Words(words, True, closed < len(word), **place)
        if word == "*":
            return And((), **place)
        if word in self._flags:
            return Flag(word, **place)
        if word[0] == ":":
            raise BadQuery("the field's name goes right before the colon; add it, or quote the word", column=at)
        if '"' in word:
            raise BadQuery("a quotation mark inside a word; put a space before it", column=at + word.index('"'))
        if "*" in word[:-1]:
            raise BadQuery("a star can only end a word, as in print*; quote the word", column=at + word.index("*"))
        return Words(word.removesuffix("*"), False, word[-1] == "*", **place)

    def _count(self, terms: int, start: int) -> None:
        self._terms += terms
        if self._terms > MAX_TERMS:
            raise BadQuery(f"a query has at most {MAX_TERMS} words and values; use fewer", column=start + 1)


def _joined(kind: type[And] | type[Or], parts: Sequence[Node]) -> Node:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    if kind is And:
        _refuse_small_operators(flat)
    if len(flat) == 1:
        return flat[0]
    column = parts[0].column
    return kind(tuple(flat), column=column, length=max(part.column + part.length for part in parts) - column)


def _refuse_small_operators(parts: Sequence[Node]) -> None:
    for at, part in enumerate(parts):
        if isinstance(part, Words) and not (part.phrase or part.prefix) and part.text.upper() in OPERATORS:
            beside = parts[max(0, at - 1) : at + 2]
            if any(not isinstance(node, Words) for node in beside):
                name = part.text.upper()
                raise BadQuery(f"write {name} in capitals, or in quotation marks to search for it", column=part.column)
