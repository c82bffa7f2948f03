"""Change management: every change to a CI is asked for, judged, approved, scheduled, done, reviewed; and its cost is known."""
