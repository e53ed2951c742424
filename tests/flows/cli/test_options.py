"""The types of options."""

from flows.cli.options import EndType


def test_a_date_means_the_whole_of_that_day() -> None:
    end = EndType().convert("2025-06-30", None, None)
    assert str(end) == "2025-06-30 23:59:59.999999"
    assert str(EndType().convert("2025-06-30T12:00:00Z", None, None)) == "2025-06-30 12:00:00"
