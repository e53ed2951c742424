"""The errors of the warehouse, one family::

    WarehouseError
    ├── NotPublishedError (also a FileNotFoundError)   there is no published file: ingest something
    ├── LockedError                                    another writer is at work: wait for it
    ├── HeldError                                      another program writes to the published file
    ├── NoLocksError                                   the file system of the home has no locks
    ├── PathError                                      DuckDB cannot use a folder of that name here
    ├── UnprovenError                                  a work file is not what was checked
    ├── DamagedError                                   the published file cannot be read: rebuild
    ├── SchemaError                                    it is of another version of the project
    ├── LossError                                      captures or decisions are gone
    └── FrameError                                     the query of a check gives no usable answer

What DuckDB itself raises is an error of ours, where nothing here says otherwise.
"""


class WarehouseError(Exception):
    """Any error of the warehouse; the message is fit to be shown to who runs a command."""


class NotPublishedError(WarehouseError, FileNotFoundError):
    """There is no published warehouse yet: ingest something, or run the demo."""


class LockedError(WarehouseError):
    """Another writer is at work; the message says who. Wait for it, or look whether it hangs."""


class HeldError(WarehouseError):
    """Another program holds the published file open for writing. Close it there."""


class NoLocksError(WarehouseError):
    """The file system of a home offers no locks. Choose a home on a local disk."""


class PathError(WarehouseError):
    """DuckDB cannot use a folder of that name on this system. Choose another one."""


class UnprovenError(WarehouseError):
    """A work file does not hold what was checked, as after a full disk: it is not published."""


class DamagedError(WarehouseError):
    """The published file cannot be read. ``paperstrata rebuild`` makes it anew."""


class SchemaError(WarehouseError):
    """Another version of the project made the published file; the message says what to do."""


class LossError(WarehouseError):
    """What landed is gone, so that a publication would hold less than the one before.

    The message names what is missing. Restore it from a backup, or accept the loss with
    ``paperstrata rebuild --accept-loss``.
    """


class FrameError(WarehouseError):
    """The query of a check fails, or gives no usable answer. The check counts as broken."""
