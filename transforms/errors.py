"""The errors of the transforms, one family::

    TransformError               anything below; a ValueError: the input is at fault, not the code
    ├── UnknownFormatError       no known format fits a body: the file is refused with this reason
    ├── EncodingError            bytes cannot be unpacked, or are no text
    ├── MarkupError              bytes are no XML that may be read
    ├── ParquetError             bytes are no Parquet, or a table much larger than they are
    ├── TableError               a feed declares its tables wrongly: mend feeds.toml
    ├── TaxonomyError            topics contradict each other: mend topics.yaml
    ├── UnreadableError          a body is in no encoding that can be rewritten: it stays as it is
    └── UnfitNameError           a name to erase is too short: give it in full

A parser raises none of them: what it cannot read it notes in its ``Parsed``.
"""


class TransformError(ValueError):
    """An input that a transform cannot use; the message is fit to be shown to who gave it."""


class UnknownFormatError(TransformError):
    """No known format fits a body. The message says what it looks like; the file is refused."""


class EncodingError(TransformError):
    """Bytes cannot be unpacked or are no text. Recognising turns it into UnknownFormatError."""


class MarkupError(TransformError):
    """Bytes are no XML that may be read. Recognising turns it into UnknownFormatError."""


class ParquetError(TransformError):
    """Bytes are no Parquet, or a table much larger than they are.

    Recognising turns it into UnknownFormatError.
    """


class TableError(TransformError):
    """A feed declares its tables wrongly. The message names the field: mend it in feeds.toml."""


class TaxonomyError(TransformError):
    """Topics contradict each other. The message names topic and field: mend them in topics.yaml."""


class UnreadableError(TransformError):
    """A body is in no encoding that can be rewritten. Names in it cannot be erased: it stays."""


class UnfitNameError(TransformError):
    """A name cannot be looked for: it is too short, or no name at all. Give it in full."""
