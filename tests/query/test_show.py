"""Canonical text: the table of forms, and parse(show(tree)) == tree for generated queries and generated trees."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deskterm.errors import BadQuery
from deskterm.query import And, Flag, Node, Not, Op, Or, Test, Value, Words, parse, show
from deskterm.query.syntax import MAX_LENGTH

FLAGS = frozenset({"me", "mine", "unassigned", "breached", "at-risk"})


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("", ""),
        ("  ", ""),
        ("*", ""),
        ("* vpn", "vpn"),
        ("vpn OR *", "vpn OR *"),
        ("-*", "-*"),
        ("STATE:open", "state:open"),
        ("NOT state:open", "-state:open"),
        ("!state:open", "-state:open"),
        ("a AND b AND c", "a b c"),
        ("(a b) c", "a b c"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("(a OR b) c", "(a OR b) c"),
        ("a OR b c", "a OR b c"),
        ("-(a b)", "-(a b)"),
        ("state:(new OR held)", "state:new OR state:held"),
        ("state:(new OR held) vpn", "(state:new OR state:held) vpn"),
        ("state:new,held vpn", "state:new,held vpn"),
        ("priority:1,3..4,none vpn", "priority:1,3..4,none vpn"),
        ("priority:(1,2 OR >4)", "priority:1,2 OR priority:>4"),
        ("-team:none,dns*", "-team:none,dns*"),
        ("due:1h.. created:..2026-11-01", "due:>=1h created:<=2026-11-01"),
        ("team:*", "team:any"),
        ('team:"Network ops"*', 'team:"Network ops"*'),
        ('team:"none"', 'team:"none"'),
        (r'path:"C:\temp" CORP\ada', r'path:"C:\\temp" CORP\ada'),
        (r'"say \"hi\""*', r'"say \"hi\""*'),
        ("10:30 größe:12 Straße", "10:30 größe:12 Straße"),
    ],
)
def test_canonical_text(typed: str, canonical: str) -> None:
    tree = parse(typed, FLAGS)
    assert show(tree) == canonical
    assert parse(canonical, FLAGS) == tree


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Words("two words"), '"two words"'),
        (Words("AND"), '"AND"'),
        (Words("-x"), '"-x"'),
        (Words("a:b"), '"a:b"'),
        (Test("team", Op.EQ, (Value("a, b"),)), 'team:"a, b"'),
        (Test("team", Op.EQ, (Value("none"),)), 'team:"none"'),
        (Test("team", Op.IN, (Value("<4"), Value("1..2"))), 'team:"<4","1..2"'),
    ],
)
def test_text_that_a_program_put_in_a_tree_is_quoted(tree: Node, text: str) -> None:
    assert show(tree) == text
    parse(text)


PIECES = st.sampled_from(
    [
        *["state:", "due:", "größe:", "a:(", "(", ")", "(", ")", " ", " ", " ", " OR ", " AND ", " NOT ", "-", "!", '"'],
        *["new", "vpn", "mine", "at-risk", "or", "none", "any", "*", "..", "1", "2026-11-01", "now-1h", "4h", "<", ">="],
        *[",", ":", "=", ".", "\\", "\\\\", '\\"', '"a b"', "ü", "\u3000", "\n"],
    ]
)


@settings(max_examples=1500)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_every_query_that_is_read_comes_back(text: str) -> None:
    try:
        tree = parse(text, FLAGS)
    except BadQuery:
        return
    canonical = show(tree)
    assert parse(canonical, FLAGS) == tree
    assert show(parse(canonical, FLAGS)) == canonical


BARE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters='()"*,:'), min_size=1)
QUOTED = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(lambda text: bool(text.strip()))
FIELDS = st.from_regex(r"[a-z][a-z0-9_.-]{0,8}", fullmatch=True)
PLAIN = BARE.filter(lambda text: text[0] not in "<>=!." and ".." not in text and text not in ("none", "any"))
VALUES = PLAIN.map(Value) | QUOTED.map(lambda text: Value(text, True))
BOUNDS = VALUES.filter(lambda value: not value.text.endswith("."))
WORDS = BARE.filter(lambda text: text[0] not in "-!" and text.upper() not in ("AND", "OR", "NOT") and text not in FLAGS)
STARRED = PLAIN.map(lambda text: Value(text + "*")) | QUOTED.map(lambda text: Value(text, True))
TESTS = st.one_of(
    st.builds(Test, FIELDS, st.sampled_from([Op.EQ, Op.LT, Op.LE, Op.GT, Op.GE]), st.tuples(BOUNDS)),
    st.builds(Test, FIELDS, st.just(Op.BETWEEN), st.tuples(BOUNDS, BOUNDS)),
    st.builds(Test, FIELDS, st.just(Op.IN), st.lists(VALUES, min_size=2, max_size=4).map(tuple)),
    st.builds(Test, FIELDS, st.just(Op.LIKE), st.tuples(STARRED)),
    st.builds(Test, FIELDS, st.sampled_from([Op.EMPTY, Op.PRESENT])),
)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    TESTS,
    st.sampled_from(sorted(FLAGS)).map(Flag),
    st.builds(Words, WORDS, st.just(False), st.booleans()),
    st.builds(Words, QUOTED, st.just(True), st.booleans()),
    st.just(And()),
)


def _and(parts: list[Node]) -> Node:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _or(parts: list[Node]) -> Node:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def _branches(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=4)
    return st.one_of(nodes.map(Not), several.map(_and), several.map(_or))


@settings(max_examples=600)
@given(st.recursive(LEAVES, _branches, max_leaves=15))
def test_every_normal_tree_survives_its_text(tree: Node) -> None:
    text = show(tree)
    assume(len(text) <= MAX_LENGTH)
    assert parse(text, FLAGS) == tree
