"""What screens say to the application, and it to them. They know each other by these alone."""

from __future__ import annotations

from textual.message import Message


class DeskChanged(Message, bubble=False):
    """Records changed: by this person, a colleague or the desk itself. Sent to every screen that is shown."""

    def __init__(
        self, ids: frozenset[int] = frozenset(), kinds: frozenset[str] = frozenset(), *, everything: bool = False
    ) -> None:
        super().__init__()
        self.ids = ids
        """Row ids of the records."""
        self.kinds = kinds
        """Their kinds."""
        self.everything = everything
        """More may have changed than is named: read all of it again."""

    def concerns(self, kinds: frozenset[str]) -> bool:
        """Whether a screen that shows records of these kinds has to read again."""
        return self.everything or bool(self.kinds & kinds)


class Go(Message):
    """Lead to a place of the console: a name of `screens.places`."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place


class OpenRecord(Message):
    """Open one record."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number


class OpenQueue(Message):
    """Show a list in the queue: what a tile, a badge or a saved view stands for."""

    def __init__(self, query: str, *, kinds: tuple[str, ...] = (), title: str = "") -> None:
        super().__init__()
        self.query = query
        self.kinds = kinds
        """Kinds to list; empty means those of the queue."""
        self.title = title


class ListKind(Message):
    """List the records of one kind, whichever it is."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind


class NewRecord(Message):
    """Open the form for something new; without a kind the person is asked which."""

    def __init__(self, kind: str = "", values: dict[str, object] | None = None) -> None:
        super().__init__()
        self.kind = kind
        self.values = values or {}
        """What the form starts with."""


class EditRecord(Message):
    """Open the form of a record."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number


class DatabaseTrouble(Message):
    """The database did not answer, or does again: an empty sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence
