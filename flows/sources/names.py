"""The names of the sources, which of them know past days, and the answers that are final."""

NAMES = (
    "hf-date",
    "hf-week",
    "hf-month",
    "hf-trending",
    "hf-page",
    "arxiv-query",
    "arxiv-rss",
    "arxiv-atom",
    "arxiv-oai",
)

SHOW_ONLY_NOW = frozenset({"hf-trending", "arxiv-rss", "arxiv-atom"})
"""Their addresses name no day: what they show is what they show today."""

NO_SUCH_LIST = frozenset({400, 404, 410, 422})
"""The statuses of an answer that says that there is no such list: another look would get it too."""


def answers_for_past_days(source: str) -> bool:
    """Tell whether a source can be asked for the list of a day that is over."""
    return source not in SHOW_ONLY_NOW
