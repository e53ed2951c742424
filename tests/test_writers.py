"""Two writers started at once: one works, the other waits or is told; nothing is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows.admin.verify import verify
from flows.workspace import Workspace
from tests.conftest import EXAMPLES
from tests.histories import make_history
from tests.runs import LAYOUT, digests_of, ingest_files
from tests.written import write_captures

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0 if EXAMPLES else 300)]

_CHECKOUT = Path(__file__).parents[1]


def start(
    home: Path, captures: list[Path], wait_seconds: int, folder: Path
) -> subprocess.Popen[str]:
    """Start an ingest of its own process, which waits so long for another writer."""
    overlay = folder / f"config-{wait_seconds}"
    overlay.mkdir(exist_ok=True)
    (overlay / "settings.toml").write_text(f"lock_wait_seconds = {wait_seconds}\n")
    paths = [str(path) for path in captures]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows.cli.main",
            "--home",
            home,
            "ingest",
            *paths,
            "--layout",
            LAYOUT,
            "--json",
        ],
        cwd=_CHECKOUT,
        env={"PATH": "", "PAPERSTRATA_CONFIG": str(overlay)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("wait_seconds", [0, 120])
def test_two_writers_at_once_lose_nothing(tmp_path: Path, wait_seconds: int) -> None:
    captures = write_captures(tmp_path / "captures", make_history(9, days=8, papers=6))
    halves = captures[::2], captures[1::2]
    alone, home = tmp_path / "alone", tmp_path / "home"
    for _ in range(EXAMPLES or 1):
        runs = [start(home, half, wait_seconds, tmp_path) for half in halves]
        ended = [(run.communicate(), run.returncode) for run in runs]
        # 1 where entries are rejected, as in this history
        codes = sorted(code for _, code in ended)
        assert codes == [1, 1] or (codes == [1, 4] and wait_seconds == 0), ended
        for (said, told), code in ended:
            if code == 4:
                assert said == ""
                assert "ingest" in told
            else:
                counts = json.loads(said)["captures"]
                assert counts["loaded"] + counts["held"] == len(captures) // 2
        if codes == [1, 4]:
            # who was told tries again
            (again,) = [half for half, (_, code) in zip(halves, ended, strict=True) if code == 4]
            run = start(home, again, wait_seconds, tmp_path)
            run.communicate()
            assert run.returncode == 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PAPERSTRATA_CONFIG", str(tmp_path / f"config-{wait_seconds}"))
            if not alone.exists():
                ingest_files(alone, captures)
            assert digests_of(home) == digests_of(alone)
            assert verify(Workspace.open(home)).equal
        home = tmp_path / f"home-{len(list(tmp_path.iterdir()))}"
