"""The desk: what it knows and does, without a screen."""

__version__ = "0.1.0"
