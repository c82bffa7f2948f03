"""The demo desk: a service provider and its four customers, lived through for a quarter up to now. Texts, plans, their making."""

from deskterm.demo.place import prepare

__all__ = ["prepare"]
