"""A name that is to be erased, in the spellings that captures have for it, and tables with it."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.redact.names import Names

NAME = "Zoë Quillfeather"
NAMES = Names([NAME])

SPELLINGS = (
    "zoë  quillfeather",
    "ZOE\u0308\n\tQUILLFEATHER",
    "Zo\\u00eb Quillfeather",
    "Zo\\u00EB\\nQuillfeather",
    "Zoe\\u0308 Quillfeather",
    "\\u005ao\\\\u00eb Quillfeather",
    "Zo&euml;&nbsp;Quillfeather",
    "Zo&#235; Quillfeather",
    "Z&#x6F;&#xEB;&#10;Quillfeather",
    "Zo&amp;euml; Quillfeather",
    "Zo\\u0026euml; Quillfeather",
    'Zo\\"e Quillfeather',
    'Zo\\\\\\"{e} Quillfeather',
    "Zo%C3%AB+Quillfeather",
    "Zo\u00adë\u2009Quill\u200bfeather",
    "Zo\ufe0fë Quill\U000e0061feat\U000e0101her",
    "Zo\\ufe0fë Quill\\udb40\\udc61feather",
    "Zoë Quill&#xe0061;feat&#65039;her",
    "Zoë+Quill%F3%A0%81%A1feather",
    "ZoÃ« Quillfeather",
    "ZOÃ\u2039 QUILLFEATHER",
    "Zo\\u00c3\\u00ab Quillfeather",
    "Ｚｏë Ｑｕｉｌｌｆｅａｔｈｅｒ",
)


def parquet(**columns: pa.Array) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()
