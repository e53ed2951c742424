"""What ``trends --topic`` prints of the life of a topic."""

from typing import TYPE_CHECKING

from flows.cli.output import say_wrapped

if TYPE_CHECKING:
    from warehouse.trend_details import Life


def print_life(life: "Life") -> None:
    """Print when a topic was seen first, and what a curve through its months tells."""
    from flows.site.lives import tell_course

    months = "1 month" if life.months == 1 else f"{life.months} months"
    say_wrapped(
        f"  life in {life.feed_id}: first seen {life.first_seen}; {life.papers} of {life.observed}"
        f" papers in {months}, {life.first_month:%Y-%m} to {life.last_month:%Y-%m}:"
        f" {tell_course(life)}"
    )
