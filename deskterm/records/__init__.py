"""Records of any kind: loading, writing, journal, links, undo, lists. What a kind declares decides; no kind is known by name."""
