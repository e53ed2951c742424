"""Files of ours without names."""

import json
from pathlib import Path

from flows.admin.erasure_files import erase_file
from transforms.redact.names import ERASED, Names

NAME = "Zoë Quillfeather"
NAMES = Names([NAME])


def test_a_file_of_ours_is_rewritten_and_one_without_the_name_is_not(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    path.write_text(json.dumps({"parameters": json.dumps({"paths": [f"/a/{NAME}/b"]})}) + "\n")
    assert erase_file(path, NAMES).occurrences == 1
    assert json.loads(json.loads(path.read_text())["parameters"]) == {"paths": [f"/a/{ERASED}/b"]}
    written = path.stat().st_ino
    assert erase_file(path, NAMES).occurrences == 0
    assert path.stat().st_ino == written
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
