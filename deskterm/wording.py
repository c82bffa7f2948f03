"""The grammar of messages: small helpers so that a sentence made from data reads like one that was written."""

from __future__ import annotations


def with_article(noun: str) -> str:
    """Return a noun with its indefinite article: an incident, a team."""
    return f"{'an' if noun[:1].casefold() in 'aeio' else 'a'} {noun}"
