"""Near names, for a name that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches

import click


def not_there(kind: str, name: str, known: Iterable[str]) -> click.UsageError:
    """Return the usage error for a name that is not there, with the near ones or all of few."""
    names = sorted(known)
    near = near_names(name, names) or (names if len(names) <= 8 else [])
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return click.UsageError(f"there is no {kind} {name!r}{hint}")


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """Return at most three names that are like one, the nearest first."""
    return get_close_matches(name.lower(), list(known), n=3, cutoff=0.5)


class NamingGroup(click.Group):
    """Verbs of which a mistyped one is told with those that it may have been."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that the first argument names."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            raise not_there("verb", name, self.list_commands(ctx))
        return super().resolve_command(ctx, args)
