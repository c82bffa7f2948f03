"""Reusable terminal widgets: fed by values, speaking in messages, knowing nothing of the desk's services."""
