"""The page for users says what is so: every example on it is read, and its limits are the parser's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deskterm.errors import BadQuery
from deskterm.query import Test, instants, parse
from deskterm.query.syntax import MAX_DEPTH, MAX_LENGTH, MAX_TERMS

PAGE = (Path(__file__).parents[2] / "docs" / "query.md").read_text(encoding="utf-8")
EXAMPLES = [example for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for example in re.findall(r"`([^`]+)`", row)]


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 40


@pytest.mark.parametrize("example", [*EXAMPLES, *re.findall(r"^ {4}(\S.*)$", PAGE, re.MULTILINE)])
def test_every_example_is_read(example: str) -> None:
    tree = parse(example)
    if isinstance(tree, Test) and tree.field in ("created", "updated", "due"):
        future = tree.field == "due"
        instants(tree.op, tree.values, now=10**9, tz="UTC", direction="future" if future else "past")


@pytest.mark.parametrize("refused", ["state: open", "(vpn", '"vpn', "Re: printer", "v*n"])
def test_the_usual_causes_are_refused(refused: str) -> None:
    with pytest.raises(BadQuery):
        parse(refused)


def test_the_limits_are_the_parser_s() -> None:
    limits = f"at most {MAX_LENGTH:,} characters, {MAX_TERMS} words and values, and parentheses and negations nested {MAX_DEPTH}"
    assert limits in PAGE
