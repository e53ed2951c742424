"""Templates to pages: everything that comes from outside is escaped here, and steers nothing."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from warehouse.report.compiled import compiled_templates
from warehouse.visible import visible


def render(template: str, **values: Any) -> str:
    """Return a page of a template in ``templates/``; a value that it lacks is an error."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("warehouse", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=as_shown,
        bytecode_cache=compiled_templates(),
        auto_reload=False,
    )


def as_shown(value: Any) -> Any:
    """Return a value as people read it: None is empty, a number has its thousands apart."""
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return visible(str(value))
