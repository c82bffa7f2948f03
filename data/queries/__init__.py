"""Statements, built once at module level."""
