"""The query language of the filter, saved views, command line and reports, without a database.

`parse` makes a tree of a text, `show` a text of a tree, `complete` helps while typing; `readings` and `instants` say what the
values of a test mean for a type of field. Which fields there are, and SQL, is left to the compiler.
"""

from __future__ import annotations

from deskterm.query.complete import Completion, Suggestion, ValueType, Vocabulary, complete
from deskterm.query.instants import Direction, Stretch, instant, instants
from deskterm.query.readings import (
    Interval,
    Reference,
    choices,
    duration,
    intervals,
    number,
    reference,
    truth,
    whole,
)
from deskterm.query.show import quote, show, show_value
from deskterm.query.syntax import And, Flag, Node, Not, Or, Test, Words, parse
from deskterm.query.terms import Op, Value, like_pieces

__all__ = [
    "And",
    "Completion",
    "Direction",
    "Flag",
    "Interval",
    "Node",
    "Not",
    "Op",
    "Or",
    "Reference",
    "Stretch",
    "Suggestion",
    "Test",
    "Value",
    "ValueType",
    "Vocabulary",
    "Words",
    "choices",
    "complete",
    "duration",
    "instant",
    "instants",
    "intervals",
    "like_pieces",
    "number",
    "parse",
    "quote",
    "reference",
    "show",
    "show_value",
    "truth",
    "whole",
]
