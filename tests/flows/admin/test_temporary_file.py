"""Where a warehouse is built that is compared and thrown away."""

import os
from pathlib import Path

import pytest

from flows.admin.rebuild import temporary_file
from flows.workspace import Workspace


def test_a_home_that_cannot_be_written_is_compared_in_the_folder_for_temporary_files(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with temporary_file(Workspace.open(home)) as path:
        assert path.parent.parent == home
    home.chmod(0o500)
    if os.access(home, os.W_OK):
        pytest.skip("who may do everything, as root, can write anywhere")
    with temporary_file(Workspace.open(home)) as path:
        assert path.parent.exists()
        assert home not in path.parents
    assert not path.parent.exists()
