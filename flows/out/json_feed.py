"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from flows.out.feed_values import Channel, Item, say_instant, say_updated
from warehouse.visible import visible


def write_json_feed(channel: Channel) -> bytes:
    """Return the feed as JSON."""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": visible(channel.title),
        "description": visible(channel.subtitle),
        "language": "en",
        "authors": [{"name": "paperstrata"}],
    }
    if own := channel.address(".json"):
        document |= {"home_page_url": channel.site_address, "feed_url": own}
    document["items"] = [_item(item) for item in channel.items]
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.item_id,
        **({"url": item.url} if item.url else {}),
        "title": visible(item.title),
        "content_html": visible(str(item.content)),
        "date_published": say_instant(item.published_at),
        "date_modified": say_updated(item),
        "tags": list(item.tags),
    }
