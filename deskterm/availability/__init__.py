"""Availability management: what was up, for how long, whose fault it was, and what may be expected."""
