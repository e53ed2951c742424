"""The virtual environment of the peers: their packages ask for other versions than ours."""

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.processes import CHECKOUT

_HERE = Path(__file__).parent
SCRIPTS = {
    "bare": "bare.py",
    "dbt-duckdb": "dbt_peer.py",
    "dlt": "dlt_peer.py",
    "sqlite-utils": "sqlite_utils_peer.py",
}


def make_environment(folder: Path) -> Path:
    """Return the interpreter of the environment in a folder; it is made where there is none."""
    interpreter = folder / "bin" / "python"
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        # groups of dependencies came with pip 25.1
        subprocess.run([*install, "--upgrade", "pip>=25.1"], check=True)
        subprocess.run([*install, "--group", f"{CHECKOUT / 'pyproject.toml'}:peers"], check=True)
    return interpreter


def peer(interpreter: Path, name: str, captures: Path, warehouse: Path) -> list[str]:
    """Return the command by which a peer fills a new warehouse."""
    return [str(interpreter), str(_HERE / SCRIPTS[name]), str(captures), str(warehouse)]
