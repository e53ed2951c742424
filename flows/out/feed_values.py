"""A feed that others read, as values: what Atom and JSON Feed both say."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from markupsafe import Markup


@dataclass(frozen=True)
class Item:
    """One entry; times are naive UTC. ``item_id`` never changes, whatever else does."""

    item_id: str
    title: str
    content: Markup
    published_at: datetime
    updated_at: datetime
    url: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    """One feed of entries; ``name`` is that of its files, without suffix."""

    name: str
    channel_id: str
    title: str
    subtitle: str
    updated_at: datetime
    items: tuple[Item, ...]
    site_address: str = ""
    """Where the site is served that the feed is part of; empty where it is not."""

    def address(self, suffix: str) -> str | None:
        """Return where one of its files is served; None where it is not."""
        return f"{self.site_address}feeds/{self.name}{suffix}" if self.site_address else None


def say_instant(instant: datetime) -> str:
    """Return an instant as RFC 3339 has it, to the second."""
    return f"{instant.isoformat(timespec='seconds')}Z"


def say_updated(item: Item) -> str:
    """Return when an entry changed, in RFC 3339, another instant for each entry of a feed.

    One publication changes many entries in the same second, and readers and validators take those
    for one. The fraction of the second is made of the id: it stays while the second does.
    """
    digits = int(sha256(item.item_id.encode()).hexdigest()[:12], 16) % 1_000_000
    return f"{item.updated_at.isoformat(timespec='seconds')}.{digits:06}Z"
