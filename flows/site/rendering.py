"""Templates to pages: everything that comes from outside is escaped, and steers nothing."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from flows.site import addresses
from flows.site.grains import name_period, period, periods, say_periods
from flows.site.lives import tell_course
from warehouse.answers.question import show_sql
from warehouse.counted import say_count, say_usual
from warehouse.report.compiled import compiled_templates
from warehouse.report.rendering import as_shown
from warehouse.trend_values import Burst
from warehouse.visible import visible

_MENU: Final = (
    ("rising", "Rising", "index.html"),
    ("topics", "Topics", "topics/index.html"),
    ("climbing", "Climbing", "climbing.html"),
    ("new", "New", "new.html"),
    ("days", "Days", "days/index.html"),
    ("ledger", "Ledger", "ledger.html"),
    ("search", "Search", "search.html"),
)
"""The section, what it is called, and its page."""


@cache
def environment() -> Environment:
    """Return the templates of ``templates/`` with what they may call."""
    made = Environment(
        loader=PackageLoader("flows", "site/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
        bytecode_cache=compiled_templates(),
        auto_reload=False,
    )
    made.filters |= {
        "day": say_day,
        "time": say_time,
        "pct": say_share,
        "num": say_number,
        "expected": say_expected,
        "named": name_period,
        "age": say_age,
        "period": period,
        "periods": periods,
        "plural": say_count,
        "course": lambda life: Markup(tell_course(life, say_day)),  # noqa: S704 - ours
        "say_periods": say_periods,
        "link": safe_link,
        "marked": show_marked,
    }
    made.globals |= {
        "paper_page": addresses.paper_page,
        "topic_page": addresses.topic_page,
        "day_page": addresses.day_page,
        "sql_of": show_question,
        "sql_of_rise": ask_of_rise,
        "sql_of_papers": ask_of_papers,
        "menu": show_menu,
    }
    return made


def render(template: str, root: str, **values: Any) -> str:
    """Return a page; ``root`` leads from its folder to that of the site, as in ``../``."""
    page: str = environment().get_template(template).render(root=root, **values)
    # lone halves of pairs cannot be written
    return page.encode("utf-8", "replace").decode()


@cache
def digest_code() -> str:
    """Return a digest of what pages are made with: templates, style, code, and the questions."""
    digest = sha256()
    room, asked = files("flows") / "site", files("warehouse")
    folders = (
        room,
        room / "templates",
        room / "assets",
        asked / "answers",
        asked / "queries",
        # phrases that were found once are kept
        files("transforms") / "topics",
    )
    for folder in folders:
        for path in sorted(folder.iterdir(), key=lambda one: one.name):
            if path.is_file() and not path.name.endswith(".pyc"):
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def say_day(value: date | None) -> Any:
    """Return a date for people, with the date for machines around it."""
    if value is None:
        return "unknown"
    machine, person = value.isoformat()[:10], f"{value.day} {value:%b %Y}"
    return Markup(f'<time datetime="{machine}">{person}</time>')  # noqa: S704 - digits of a date


def say_time(value: datetime | None) -> Any:
    """Return an instant for people, to the minute, in UTC."""
    if value is None:
        return "at an unknown time"
    machine, person = value.isoformat(timespec="seconds"), f"{value.day} {value:%b %Y, %H:%M}"
    return Markup(f'<time datetime="{machine}Z">{person} UTC</time>')  # noqa: S704 - digits


@cache
def show_menu(root: str, section: str) -> Markup:
    """Return the menu, with the entry of a section as the current one."""
    entries = (
        f'<a href="{root}{path}"{" aria-current=page" if name == section else ""}>{said}</a>'
        for name, said, path in _MENU
    )
    return Markup("\n".join(entries))  # noqa: S704 - all of it is ours


def show_marked(pieces: Iterable[tuple[str, tuple[str, ...]]]) -> Markup:
    """Return a text in stretches, each with the ids of the topics that it speaks of."""
    parts = []
    for text, topics in pieces:
        shown_text = escape(visible(text))
        said = escape(f"speaks of {', '.join(topics)}")
        parts.append(f'<mark title="{said}">{shown_text}</mark>' if topics else str(shown_text))
    return Markup("".join(parts))  # noqa: S704 - every part is escaped


def show_question(text: str, of: str) -> Markup:
    """Return the question behind the numbers above it, as a person may run it."""
    return Markup(  # noqa: S704 - both are escaped
        f'<details class="sql"><summary><b>SQL</b> of {escape(visible(of))}'
        f'</summary><pre tabindex="0"><code>{escape(visible(text))}</code></pre></details>'
    )


def ask_of_rise(burst: Burst) -> str:
    """Return the question which other topics the papers of a burst are about."""
    days = {"first": burst.compared_from, "start": burst.start, "last": burst.last_day}
    asked = {"feed": burst.feed_id, "topic": burst.topic_id}
    return show_sql("queries/burst_neighbours", **asked, **days)


def ask_of_papers(burst: Burst) -> str:
    """Return the question for the papers of a burst with most votes."""
    days = {"first": burst.start, "last": burst.last_day}
    asked = {"feed": burst.feed_id, "topic": burst.topic_id}
    return show_sql("queries/topic_papers", **asked, **days, limit=len(burst.evidence))


def shown(value: Any) -> Any:
    """Return a value as people read it: the usual one is a plain text, and told first."""
    if value.__class__ is str and value.isprintable():
        return value
    return as_shown(value)


def say_share(value: float | None, digits: int = 1) -> str:
    """Return a share of 0..1 in percent."""
    return "unknown" if value is None else f"{value:.{digits}%}"


def say_number(value: float | None, digits: int = 0) -> str:
    """Return a number with its thousands apart."""
    return "unknown" if value is None else f"{value:,.{digits}f}"


def say_expected(value: float | None) -> str:
    """Return what is usual or expected."""
    return "unknown" if value is None else say_usual(value)


def say_age(days: int) -> str:
    """Return an age, as in ``6 votes are usual ...``."""
    return "on the first day" if days == 0 else f"at an age of {say_count(days, 'day')}"


def safe_link(address: str | None) -> str | None:
    """Return an address of others if it leads to the web, with all that is no address escaped."""
    if address is None or not address.lower().startswith(("https://", "http://")):
        return None
    return quote(address, safe=":/?#[]@!$&'()*+,;=%~")
