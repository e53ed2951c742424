"""Parameters of saved queries, as people write them."""

import pytest

from warehouse.saved import Value, read_value


@pytest.mark.parametrize(
    ("text", "value"),
    [("15", 15), ("null", None), ("'15'", "15"), ("2503.02130", "2503.02130"), ("0.5", 0.5)],
)
def test_a_parameter_is_json_or_a_text_and_no_id_loses_its_last_zero(
    text: str, value: Value
) -> None:
    assert read_value(text) == value
