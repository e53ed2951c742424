"""The errors of the warehouse, one family::

    WarehouseError
    ├── NotPublishedError (also a FileNotFoundError)   there is no published file: ingest something
    ├── LockedError                                    another writer is at work: wait for it
    ├── UnprovenError                                  a work file is not what was checked
    └── FrameError                                     the query of a check gives no usable answer

What DuckDB itself raises is an error of ours, where nothing here says otherwise.
"""


class WarehouseError(Exception):
    """Any error of the warehouse; the message is fit to be shown to who runs a command."""


class NotPublishedError(WarehouseError, FileNotFoundError):
    """There is no published warehouse yet: ingest something, or run the demo."""


class LockedError(WarehouseError):
    """Another writer is at work; the message says who. Wait for it, or look whether it hangs."""


class UnprovenError(WarehouseError):
    """A work file does not hold what was checked, as after a full disk: it is not published."""


class FrameError(WarehouseError):
    """The query of a check fails, or gives no usable answer. The check counts as broken."""
