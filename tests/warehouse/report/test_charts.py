"""What a chart of shares says of each period."""

from datetime import date

import polars as pl

from warehouse.report.charts import SHARES, draw_shares


def test_a_period_that_no_baseline_reaches_is_drawn_as_not_compared():
    rows = [
        ("daily", "Agents", date(2025, 1, 6), 0.1, 0.0, 0.2, 1, False, True),
        ("daily", "Agents", date(2025, 1, 13), 0.5, 0.4, 0.6, 1, True, True),
        ("daily", "Agents", date(2025, 6, 2), 0.1, 0.0, 0.2, 2, False, False),
        ("daily", "Agents", date(2025, 6, 9), 0.1, 0.0, 0.2, None, None, False),
    ]
    chart = draw_shares(pl.DataFrame(rows, schema=SHARES, orient="row"), "week").to_dict()
    (drawn,) = chart["datasets"].values()
    assert [row["state"] for row in drawn] == ["usual", "rising", "not compared", "not compared"]
