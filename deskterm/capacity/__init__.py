"""Capacity management: what is used, when it will be full, and how many people the desk needs."""
