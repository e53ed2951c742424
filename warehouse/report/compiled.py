"""Templates as they were compiled before: compiling them takes longer than a small page."""

from contextlib import suppress

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class _CompiledTemplates(FileSystemBytecodeCache):
    """Kept in the folder that Jinja makes for each user; where none can be written, not kept."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates() -> FileSystemBytecodeCache | None:
    """Return the place of compiled templates; None without a folder that is this user's alone."""
    try:
        return _CompiledTemplates()
    except (OSError, RuntimeError):
        return None
