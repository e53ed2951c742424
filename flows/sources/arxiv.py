"""The servers of arXiv: their addresses, and how often they may be asked."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flows.sources.rate_limit import RetryPolicy

RETRY_POLICY = RetryPolicy(
    tries=6,
    backoff_seconds=3.0,
    gap_seconds=3.0,  # https://info.arxiv.org/help/api/tou.html: one request every three seconds
    read_seconds=120.0,  # a cold OAI page takes up to 90 s before its first byte
)


@dataclass(frozen=True)
class ArxivAddresses:
    """Where the services are: the query API, the announcements (before /rss), OAI-PMH."""

    query: str
    announcements: str
    harvest: str

    @classmethod
    def of(cls, endpoint: str) -> "ArxivAddresses":
        """Return the services of arXiv itself, or of one server that stands in for all of them."""
        endpoint = endpoint.rstrip("/")
        query = f"{endpoint}/api/query"
        if urlsplit(endpoint).hostname in {"export.arxiv.org", "arxiv.org"}:
            # export.arxiv.org/oai2 redirects there since March 2025.
            return cls(query, "https://rss.arxiv.org", "https://oaipmh.arxiv.org/oai")
        return cls(query, endpoint, f"{endpoint}/oai2")
