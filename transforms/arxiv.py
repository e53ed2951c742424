"""What an arXiv id and a DOI look like, as regular expressions for Python and Polars alike.

Readers find ids with them, the schema checks ids by them, and conforming takes ids apart.
"""

_MONTH = r"(?:0[1-9]|1[0-2])"
_FOUR_DIGITS = r"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_FIVE_DIGITS = rf"(?:[1-9][0-9]{{4}}|0{_FOUR_DIGITS})"

NEW_ID = (
    # five digits since January 2015, four before: 2503.0213 is a 2503.02130 that was once a number
    rf"(?:(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4]){_MONTH})\.{_FOUR_DIGITS}"
    rf"|(?:1[5-9]|[2-9][0-9]){_MONTH}\.{_FIVE_DIGITS})"
)
"""An id of April 2007 or later, without its version: 2503.02130. Papers are counted from 1."""

MONTH_OF_ID = r"^([0-9]{2})([0-9]{2})\.[0-9]"
"""Year within its century and month in which a paper with such an id was submitted."""

SUBJECT_CLASS = r"\.[A-Z]{2}"
"""What an old id may show behind its archive, and is no part of it: math.GT/0309136."""

ARCHIVE = (
    r"(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg"
    r"|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th"
    r"|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con)"
)
"""The archives that arXiv had before April 2007; no other stands before an old number."""

OLD_NUMBER = (
    rf"(?:910[7-9]|911[0-2]|(?:9[2-9]|0[0-6]){_MONTH}|070[1-3])"
    r"(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])"
)
"""What stands behind the archive in an id of August 1991 to March 2007: hep-th/9901001."""

VERSION = r"v(\d+)"
"""What stands at the end of an id: which version of the paper it means."""

DOI = r"10\.\d{4,9}/[\x21-\x7e]+"
"""A DOI without its resolver: 10.1145/3292500.3330701. It has no case: we write small letters."""
