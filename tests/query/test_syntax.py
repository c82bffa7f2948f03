"""The grammar: what each form becomes, what is refused and where the error points, and how large a query may be."""

from __future__ import annotations

import pytest

from deskterm.errors import BadQuery
from deskterm.query import And, Flag, Node, Not, Op, Or, Test, Value, Words, parse

FLAGS = frozenset({"me", "mine", "unassigned", "breached", "at-risk"})


def eq(field: str, text: str) -> Test:
    return Test(field, Op.EQ, (Value(text),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", And()),
        (" \t\n", And()),
        ("*", And()),
        ("vpn", Words("vpn")),
        ("Zürich", Words("Zürich")),
        ("vpn*", Words("vpn", prefix=True)),
        ('"exact words"', Words("exact words", phrase=True)),
        ('"exact wo"*', Words("exact wo", phrase=True, prefix=True)),
        (r'"a \"b\" c:\d"', Words(r'a "b" c:\d', phrase=True)),
        ("INC-20412", Words("INC-20412")),
        ("10:30", Words("10:30")),
        ("mine", Flag("mine")),
        ("at-risk", Flag("at-risk")),
        ('"mine"', Words("mine", phrase=True)),
        ("Mine", Words("Mine")),
        ("mine*", Words("mine", prefix=True)),
        ("state:open", eq("state", "open")),
        ("State:Open", eq("state", "Open")),
        ("größe:12", eq("größe", "12")),
        ("attributes.os-name:debian", eq("attributes.os-name", "debian")),
        ("at:2026-11-01T14:00", eq("at", "2026-11-01T14:00")),
        ('team:"Network ops"', Test("team", Op.EQ, (Value("Network ops", True),))),
        ("-tag:noise", Not(eq("tag", "noise"))),
        ("!tag:noise", Not(eq("tag", "noise"))),
        ("NOT tag:noise", Not(eq("tag", "noise"))),
        ("--vpn", Not(Not(Words("vpn")))),
        ("-breached", Not(Flag("breached"))),
        ("-(a b)", Not(And((Words("a"), Words("b"))))),
        ("a b", And((Words("a"), Words("b")))),
        ("a AND b", And((Words("a"), Words("b")))),
        ("a OR b", Or((Words("a"), Words("b")))),
        ("a OR b c", Or((Words("a"), And((Words("b"), Words("c")))))),
        ("(a OR b) c", And((Or((Words("a"), Words("b"))), Words("c")))),
        ("NOT a b", And((Not(Words("a")), Words("b")))),
        ("a(b)c", And((Words("a"), Words("b"), Words("c")))),
        ("printer does not print", And(tuple(map(Words, ["printer", "does", "not", "print"])))),
        ("state:(new OR held)", Or((eq("state", "new"), eq("state", "held")))),
        ("tag:(vpn -noise)", And((eq("tag", "vpn"), Not(eq("tag", "noise"))))),
        ("tag:((a OR b) NOT c) x", And((Or((eq("tag", "a"), eq("tag", "b"))), Not(eq("tag", "c")), Words("x")))),
        ("assignee:(me OR none)", Or((eq("assignee", "me"), Test("assignee", Op.EMPTY)))),
        ("team:none,dns", Or((Test("team", Op.EMPTY), eq("team", "dns")))),
        ("state:new,held", Test("state", Op.IN, (Value("new"), Value("held")))),
    ],
)
def test_forms(text: str, tree: Node) -> None:
    assert parse(text, FLAGS) == tree


def test_the_example_of_the_interface_is_read_whole() -> None:
    text = 'state:open priority:1..2 team:network -tag:noise due:<4h created:>=2026-11-01 "exact words"'
    assert parse(text, FLAGS) == And(
        (
            eq("state", "open"),
            Test("priority", Op.BETWEEN, (Value("1"), Value("2"))),
            eq("team", "network"),
            Not(eq("tag", "noise")),
            Test("due", Op.LT, (Value("4h"),)),
            Test("created", Op.GE, (Value("2026-11-01"),)),
            Words("exact words", phrase=True),
        )
    )


def test_a_word_is_a_flag_only_where_it_is_declared() -> None:
    assert parse("mine") == Words("mine")


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("(a", 1, "never closed"),
        ("a (b (c)", 3, "never closed"),
        ("(", 1, "never closed"),
        ("state:(new", 7, "never closed"),
        ("a)", 2, "no ( for this )"),
        (")", 1, "no ( for this )"),
        ("a ()", 3, "nothing between"),
        ("state:()", 7, "nothing between"),
        ('vpn "exact', 5, "never closed"),
        ('team:"Net', 6, "never closed"),
        ('x "a\\"', 3, "never closed"),
        ('""', 1, "nothing between the quotation marks"),
        ('team:" "', 6, "write none"),
        ("a AND", 3, "AND needs something after"),
        ("a OR", 3, "OR needs something after"),
        ("a AND OR b", 3, "AND needs something after"),
        ("(a OR) b", 4, "OR needs something after"),
        ("a NOT", 3, "NOT needs something after"),
        ("OR a", 1, "OR needs something before"),
        ("(AND a)", 2, "AND needs something before"),
        ("a -", 3, "- needs something after"),
        ("(-)", 2, "- needs something after"),
        ("- a", 1, "right before"),
        ("! (a)", 1, "right before"),
        ("-OR", 1, "- needs something after"),
        ("vpn state:", 11, "right after the colon"),
        ("state: open", 7, "right after the colon"),
        ("state: (new)", 7, "right after the colon"),
        ("state :open", 7, "right before the colon"),
        ("state:new,", 11, "value is missing"),
        ("state:,new", 7, "value is missing"),
        ("state:new,,held", 11, "value is missing"),
        ("state:!new", 7, "before the field"),
        ("due:<", 6, "needs a value"),
        ("due:>=,4h", 7, "needs a value"),
        ("due:..", 5, "at least one side"),
        ("due:*..*", 5, "at least one side"),
        ("due:1..2..3", 9, "two ends"),
        ("due:<1..2", 7, "not both"),
        ("due:<none", 6, "cannot be compared"),
        ("due:1..v*", 8, "cannot be compared"),
        ("name:*a*b*c*d*", 6, "4 stars"),
        ('name:ab"c d"', 8, "whole value"),
        ('name:"c d"e', 11, "closing quotation mark"),
        ('vpn ab"c d"', 7, "space before"),
        ('vpn "c d"e', 10, "space after"),
        ("vpn v*n", 6, "star can only end"),
        ("*vpn", 1, "star can only end"),
        ("state:(new team:x)", 12, "close state:("),
        ("state:open or state:new", 12, "OR in capitals"),
        ("breached And mine", 10, "AND in capitals"),
        ("not state:open", 1, "NOT in capitals"),
        ("vpn a\0b", 6, "U+0000"),
        ('"a\ud800b"', 3, "U+D800"),
    ],
)
def test_refusals_point_at_the_place(text: str, column: int, says: str) -> None:
    with pytest.raises(BadQuery) as refusal:
        parse(text, FLAGS)
    assert says in refusal.value.message
    assert refusal.value.column == column


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a" * 4_001, 4_001),
        (" ".join(["a"] * 201), 401),
        ("id:" + ",".join(["1"] * 201), 4),
        ("id:(" + " ".join(["1"] * 201) + ")", 405),
        ("(" * 51 + "a" + ")" * 51, 51),
        ("-" * 51 + "a", 51),
        ("NOT " * 51 + "a", 201),
        ("-(" * 25 + "-(a" + ")" * 26, 51),
        ("x:(" + "(" * 50 + "a" + ")" * 51, 53),
        ("(" * 4_000, 51),
    ],
    ids=["characters", "words", "values", "values-in-group", "parentheses", "minuses", "nots", "mixed", "group", "flood"],
)
def test_larger_than_allowed(text: str, column: int) -> None:
    with pytest.raises(BadQuery, match=r"at most (4000|200|50) ") as refusal:
        parse(text)
    assert refusal.value.column == column


@pytest.mark.parametrize(
    "text",
    [
        "a" * 4_000,
        " ".join(["a"] * 200),
        "id:" + ",".join(["1"] * 200),
        "(" * 50 + "a" + ")" * 50,
        "-" * 50 + "a",
        " ".join(["((a))"] * 200),
    ],
    ids=["characters", "words", "values", "parentheses", "minuses", "shallow"],
)
def test_as_large_as_allowed(text: str) -> None:
    parse(text)


def test_every_node_and_value_knows_its_place() -> None:
    text = 'vpn* -(state:new,"on hold"  OR mine) due:>=now-1h'
    tree = parse(text, FLAGS)

    def at(node: Node | Value) -> str:
        return text[node.column - 1 : node.column - 1 + node.length]

    assert isinstance(tree, And)
    words, negation, due = tree.parts
    assert isinstance(negation, Not)
    assert isinstance(negation.part, Or)
    state, mine = negation.part.parts
    assert isinstance(state, Test)
    assert isinstance(due, Test)
    places = [at(node) for node in (tree, words, negation, negation.part, state, mine, due)]
    assert places == [
        text,
        "vpn*",
        '-(state:new,"on hold"  OR mine)',
        'state:new,"on hold"  OR mine',
        'state:new,"on hold"',
        "mine",
        "due:>=now-1h",
    ]
    assert [at(value) for value in (*state.values, *due.values)] == ["new", '"on hold"', "now-1h"]


def test_tests_of_a_group_point_at_the_field_and_their_values_at_themselves() -> None:
    tree = parse("vpn state:(new OR held)")
    assert isinstance(tree, And)
    either = tree.parts[1]
    assert isinstance(either, Or)
    assert [part.column for part in either.parts] == [5, 5]
    assert [part.values[0].column for part in either.parts if isinstance(part, Test)] == [12, 19]
