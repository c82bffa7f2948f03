"""Whether forecasts have anything to do: asked every hour, so it costs next to nothing and loads no arithmetic."""

from __future__ import annotations

from sqlalchemy import Connection

from data.queries import capacity as q

DAY_SECONDS = 86_400
EVERY_SECONDS = DAY_SECONDS - 3600
"""A resource is forecast once a day; an hour's grace keeps a job that runs a little early from skipping a day."""
GIVEN_UP_SECONDS = 7 * DAY_SECONDS
"""A day without samples is waited for so long."""


def forecast(connection: Connection, now: int) -> bool:
    """Return whether a resource with samples was not forecast today."""
    return connection.execute(q.UNTOLD, {"since": now - EVERY_SECONDS}).first() is not None


def score(connection: Connection, now: int) -> bool:
    """Return whether a day that was foretold is over and has samples, or is given up."""
    asked = {"until": now - DAY_SECONDS, "given_up": now - GIVEN_UP_SECONDS}
    return connection.execute(q.SCORABLE, asked).first() is not None
