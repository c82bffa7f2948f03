"""Core tables, one module per process. Importing this package declares the whole schema on `data.base.metadata`."""

from data.tables import (
    alert,
    availability,
    capacity,
    change,
    configuration,
    core,
    discovery,
    incident,
    people,
    problem,
    release,
    service_desk,
    service_level,
    watching,
)

__all__ = [
    "alert",
    "availability",
    "capacity",
    "change",
    "configuration",
    "core",
    "discovery",
    "incident",
    "people",
    "problem",
    "release",
    "service_desk",
    "service_level",
    "watching",
]
