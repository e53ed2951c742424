"""A page: where it lies, its template, and the values that it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flows.site.rendering import render
from flows.site.store import Store
from warehouse.answers.lists import Stamp


@dataclass(frozen=True)
class Site:
    """What all pages of one site share: what they stand on, and whether it is of a past instant."""

    stamp: Stamp
    past: str | None = None
    """The past instant, as ``--as-of`` takes it; None: the newest state."""

    @property
    def is_past(self) -> bool:
        """Whether it is of a past instant."""
        return self.past is not None


@dataclass(frozen=True)
class Page:
    """A page; ``values`` are frozen, so that their text tells whether it changed."""

    path: str
    template: str
    title: str
    section: str
    """The entry of the menu that it belongs to."""
    values: Mapping[str, Any]
    digest: str | None = None
    """Of its content, where that is known without the values."""
    is_stamped: bool = False
    """Whether it changes with every publication, since it tells of it."""

    def put(self, store: Store, site: Site) -> bool:
        """Write it where its content changed; tell whether it did.

        The stamp at its foot is of the publication that changed it last.
        """
        digest = self.digest or sha256(repr(self.values).encode("utf-8", "replace")).hexdigest()
        if self.is_stamped:
            digest += sha256(repr(site.stamp).encode()).hexdigest()
        return store.write(self.path, digest, lambda: self._render(site))

    def _render(self, site: Site) -> str:
        root = "../" * self.path.count("/")
        return render(
            self.template,
            root,
            title=self.title,
            section=self.section,
            site=site,
            is_stamped=self.is_stamped,
            **self.values,
        )
