"""The taxonomy file, read."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from config.settings import ConfigError


def read_taxonomy(overlay: Path | None) -> dict[str, Any]:
    """Return topics.yaml of the overlay folder, else the shipped one.

    Raises:
        ConfigError: it is no YAML, or not a mapping.
    """
    laid_over = overlay / "topics.yaml" if overlay else None
    path = laid_over if laid_over and laid_over.exists() else files("config") / "topics.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - safe
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: it is not a mapping")
    return document
