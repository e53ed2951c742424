"""The servers of arXiv, and how often they are asked."""

from flows.sources.arxiv import RETRY_POLICY, ArxivAddresses
from flows.sources.retrying_client import RetryingClient


def test_the_services_of_arxiv_itself_are_three_servers() -> None:
    assert ArxivAddresses.of("https://export.arxiv.org/") == ArxivAddresses(
        "https://export.arxiv.org/api/query",
        "https://rss.arxiv.org",
        "https://oaipmh.arxiv.org/oai",
    )


def test_one_server_may_stand_in_for_all_of_them() -> None:
    assert ArxivAddresses.of("http://127.0.0.1:8000") == ArxivAddresses(
        "http://127.0.0.1:8000/api/query", "http://127.0.0.1:8000", "http://127.0.0.1:8000/oai2"
    )


def test_arxiv_is_asked_at_most_once_in_three_seconds() -> None:
    assert RETRY_POLICY.gap_seconds == 3
    assert RetryingClient(RETRY_POLICY).retry_policy.read_seconds >= 120
