"""The words of the relations between CIs and services, and the kinds that stand in the dependency graph."""

from __future__ import annotations

DEPENDS_ON, RUNS_ON, PART_OF, USES = "depends-on", "runs-on", "part-of", "uses"
CONNECTS_TO, BACKS_UP = "connects-to", "backs-up"

BY_HAND = (DEPENDS_ON, RUNS_ON, PART_OF, CONNECTS_TO, BACKS_UP, USES)
"""The relations that people make between CIs and services."""
NODES = ("ci", "service")
"""The kinds that stand in the dependency graph."""
