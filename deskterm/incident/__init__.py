"""Incident management: restore the service quickly, and keep the record honest."""
