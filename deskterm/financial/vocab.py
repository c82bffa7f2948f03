"""The words of financial management."""

from __future__ import annotations

ELEMENTS = ("hardware", "software", "people", "accommodation", "external", "transfer")
"""Elements of cost."""
DRIVERS = ("fixed", "incidents", "requests", "contacts", "cis", "direct-cost")
"""What decides who bears how much: the shares as they stand, or what each service had of something in the month."""
METHODS = ("cost", "cost-plus", "unit", "free")
"""How a price is made; a going rate or a market price is a price for each unit."""
BASES = ("users", "incidents", "requests", "contacts", "shares")
"""By what a service is divided among customers."""
STEPS = ("year", "quarter", "month")
"""How long a period of a business case is."""
