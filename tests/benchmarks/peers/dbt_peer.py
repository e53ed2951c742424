"""dbt with its adapter of DuckDB. ``python dbt_peer.py CAPTURES WAREHOUSE``."""

import os
import sys
import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner


def build(captures: str, warehouse: str) -> bool:
    """Fill a new warehouse; tell whether all went well."""
    os.environ |= {"PEER_WAREHOUSE": warehouse, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    project = str(Path(__file__).with_name("dbt"))
    with tempfile.TemporaryDirectory() as folder:
        flags = ["--quiet", "--project-dir", project, "--profiles-dir", project]
        places = ["--target-path", f"{folder}/target", "--log-path", f"{folder}/logs"]
        given = ["--vars", f"captures: {captures}/*/*/*.json"]
        result = dbtRunner().invoke(["run", *flags, *places, *given])
    return bool(result.success)


if __name__ == "__main__":
    sys.exit(not build(*sys.argv[1:3]))
