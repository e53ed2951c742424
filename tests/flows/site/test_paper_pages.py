"""The words of an abstract that speak of topics, as the page of a paper marks them."""

from flows.site.paper_pages import mark
from warehouse.answers.papers import Span

TEXT = "Robots walk on ice"


def span(topic_id: str, start: int, end: int, surface: str | None = None) -> Span:
    return Span(topic_id, "abstract", start, end, surface or TEXT[start:end], "alias")


def test_a_text_is_parted_where_spans_begin_and_end_and_those_over_each_other_count_both() -> None:
    spans = [span("robots", 0, 6), span("gait", 0, 11), span("gait", 7, 11), span("ice", 15, 18)]
    assert mark(TEXT, [*spans, span("odd", 0, 6, "Rabbit")]) == (
        ("Robots", ("gait", "robots")),
        (" ", ("gait",)),
        ("walk", ("gait",)),
        (" on ", ()),
        ("ice", ("ice",)),
    )
    assert mark(TEXT, []) == ((TEXT, ()),)
    assert mark(None, []) == ()
