"""An agreement that is new, or covers something else than before, reaches what is open at once."""

from __future__ import annotations

from deskterm.doctor import examine
from tests.desks import Cast


def test_a_new_agreement_reaches_open_records_at_once(any_cast: Cast) -> None:
    theirs, other = any_cast.incident(requester="Hank Scorpio"), any_cast.incident()
    any_cast.ada.create("agreement", {"name": "Globex", "customer": "Globex", "calendar": "Office", "valid_from": "2020-01-01"})
    any_cast.ada.create(
        "target", {"agreement": "Globex", "metric": "resolution", "amount_seconds": "2h", "unit": "business-hours"}
    )

    def judged(number: str) -> list[str]:
        return [one.agreement for one in any_cast.ada.show(number).clocks if one.metric == "resolution"]

    assert (judged(theirs), judged(other)) == (["Globex"], ["Standard"])
    any_cast.ada.edit("SLA-00002", {"customer": "Acme"})
    assert (judged(theirs), judged(other)) == (["Standard"], ["Globex"])
    assert examine(any_cast.database, clock=any_cast.clock) == []
