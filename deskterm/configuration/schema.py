"""What the configuration tells about itself, ready to be read: how a node fares and why, and what its failure would do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A CI or a service, named."""

    id: int
    kind: str
    number: str
    title: str
    status: str
    """Its status in the records."""
    state: str
    """up, degraded or down."""


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One need of a node and how it stands."""

    relation: str
    group: str
    need: int
    up: int
    members: tuple[NodeLine, ...]
    soft: bool
    is_spof: bool
    """The next member that fails brings the owner down."""
    is_short: bool
    """More are needed than there are."""

    @property
    def redundancy(self) -> str:
        """How it stands, in a few characters."""
        return f"{self.up}/{len(self.members)} up"


@dataclass(frozen=True, slots=True)
class EffectLine:
    """What a failure does to one node."""

    node: NodeLine
    breaks: bool
    """It would break; otherwise it could be degraded."""
    path: tuple[NodeLine, ...]
    """From what failed to the node."""
    redundancy: str
    """How the need stands afterwards through which it is hit: `1/3 up`."""
    needed: int
    relation: str
    group: str

    @property
    def depth(self) -> int:
        """How many relations lie between."""
        return len(self.path) - 1


@dataclass(frozen=True, slots=True)
class Impact:
    """What the failure of a node would do now."""

    node: NodeLine
    at: int
    effects: tuple[EffectLine, ...]
    """Those that break first, each group nearest first."""
    truncated: bool
    circles: tuple[tuple[NodeLine, ...], ...]
    """Nodes among them that need one another in a circle."""
    is_needed: bool = True
    """Something needs it, whether it would fare worse or not."""

    @property
    def breaks(self) -> tuple[EffectLine, ...]:
        """What would break."""
        return tuple(one for one in self.effects if one.breaks)

    @property
    def degrades(self) -> tuple[EffectLine, ...]:
        """What could be degraded."""
        return tuple(one for one in self.effects if not one.breaks)

    @property
    def services(self) -> tuple[EffectLine, ...]:
        """The services among them."""
        return tuple(one for one in self.effects if one.node.kind == "service")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a node fares and why."""

    node: NodeLine
    at: int
    reasons: tuple[str, ...]
    """What is known of it by itself."""
    causes: tuple[tuple[NodeLine, ...], ...]
    """The paths by which failures of others reach it, from what failed to itself."""
    needs: tuple[NeedLine, ...]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """One row of the CI browser's tree."""

    key: str
    """Its place: the keys of all above it and its own, so that a CI may stand in several."""
    title: str
    number: str = ""
    """The record it stands for; nothing for a heading such as a location."""
    kind: str = ""
    state: str = ""
    """up, degraded or down; nothing for a heading."""
    status: str = ""
    """The status in the records where it says something, such as in-stock."""
    note: str = ""
    """How the redundancy below it stands, such as 2/3 up."""
    marks: tuple[str, ...] = ()
    """What should not be missed: SPOF now, circle, short."""
    how: str = ""
    """By which relation it stands here, and in which group."""
    opens: bool = True
    """There is something below it."""


@dataclass(frozen=True, slots=True)
class BranchPage:
    """What stands directly below a row, or a page of it."""

    rows: tuple[Branch, ...]
    more: str = ""
    """Where the next page begins; nothing where this is the last."""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A record that is about a CI or a service."""

    kind: str
    number: str
    title: str
    state: str
    priority: int | None
    is_open: bool
    how: str = ""
