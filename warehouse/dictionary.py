"""The data dictionary, generated from the comments inside the database.

``python -m warehouse.dictionary`` writes it anew; a test holds the file against the database.
"""

from pathlib import Path

import duckdb

from warehouse.migrate import migrate, read_query

FILE = Path(__file__).with_name("DICTIONARY.md")
_HEAD = """# The data dictionary

Generated from the comments inside the database by `python -m warehouse.dictionary`.
`raw` holds facts as captures showed them, `core` what is derived from them, `mart` what people
query, `ops` what the pipeline did and said. All times are UTC. Missing is null.
"""


def write_dictionary() -> str:
    """Return the dictionary as Markdown."""
    with duckdb.connect() as connection:
        migrate(connection)
        rows = connection.execute(read_query("described_columns")).fetchall()
    lines = [_HEAD]
    current = None
    for schema, table, table_comment, column, data_type, comment in rows:
        if (schema, table) != current:
            current = (schema, table)
            lines += [f"\n## {schema}.{table}\n", f"{table_comment}.\n"]
            lines += ["| column | type | meaning |", "|---|---|---|"]
        lines.append(f"| {column} | {data_type} | {comment} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(write_dictionary(), encoding="utf-8")
