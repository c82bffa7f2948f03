"""Holidays of a country and region: written out when the calendar is saved, refused by what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.errors import InvalidInput
from deskterm.service_level.public_holidays import written_out
from tests.desks import OFFICE, Cast


def test_a_calendar_has_the_holidays_of_a_country_and_a_region_and_its_own(any_cast: Cast) -> None:
    asked = {"country": "DE", "region": "BB", "years": [2026], "2026-12-24": "closed at noon"}
    number = any_cast.ada.create("calendar", {**OFFICE, "name": "Brandenburg", "holidays": asked}).number
    kept = any_cast.ada.show(number).values["holidays"]
    assert kept["2026-10-31"] == "Reformationstag", "a holiday in Brandenburg"
    assert kept["2026-12-24"] == "closed at noon"
    assert "country" not in kept, "written out: a later edition of the package moves nothing"
    any_cast.ada.edit(number, {"holidays": {"country": "DE", "region": "BE", "years": [2026], "language": "en_US"}})
    berlin = any_cast.ada.show(number).values["holidays"]
    assert "2026-10-31" not in berlin
    assert berlin["2026-03-08"].endswith("Women's Day")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"country": "XX", "years": [2026]}, "unknown country 'XX'"),
        ({"country": ["DE"], "years": [2026]}, "unknown country"),
        ({"country": "DE", "region": "ZZ", "years": [2026]}, "DE has BB, BE, BW"),
        ({"country": "DE", "years": [2026], "language": "xx"}, "DE has de, en_US"),
        ({"country": "DE"}, "a list of up to 30"),
        ({"country": "DE", "years": []}, "a list of up to 30"),
        ({"country": "DE", "years": [2026, True]}, "a list of up to 30"),
        ({"country": "DE", "years": [999_999]}, "from 1990 to 2100"),
    ],
)
def test_what_is_no_country_region_language_or_year_is_refused(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        written_out(asked)
    assert refused.value.fields.keys() == {"holidays"}


def test_a_day_of_its_own_that_is_none_is_refused_by_the_calendar(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="is not a date"):
        cast.ada.create("calendar", {**OFFICE, "name": "Odd", "holidays": {"country": "DE", "years": [2026], "soon": "closed"}})
