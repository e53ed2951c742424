"""arXiv ids, DOIs, links and categories in every spelling that sources have for them.

An id stays text and keeps its archive and version (conforming takes the version off). arXiv's own
DOI is an arXiv id; any other DOI, written ``doi:10...`` in lower case, is the id of what has none
of arXiv.
"""

import re
from collections.abc import Iterable

from transforms.arxiv import ARCHIVE, DOI, NEW_ID, OLD_NUMBER, SUBJECT_CLASS, VERSION
from transforms.parse.entry import Misfit
from transforms.parse.readers.markup import unescape

_OLD = rf"{ARCHIVE}(?:{SUBJECT_CLASS})?/{OLD_NUMBER}"
_VERSION = r"(?:v[1-9]\d{0,2})?"
_NEW_ID = re.compile(NEW_ID + _VERSION)
_ANY_ID = re.compile(rf"(?:{NEW_ID}|{_OLD}){_VERSION}")
_NAMED = re.compile(
    rf"(?:oai:arxiv\.org:|arxiv:\s?)?((?-i:(?:{NEW_ID}|{_OLD}){_VERSION}))(?:\s\[[\w.-]{{2,20}}\])?",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?<![\w.-])(?:https?://)?([\w-]+(?:\.[\w-]+)+)(?::\d{1,5})?/(\S*)", re.IGNORECASE
)
_ARXIV_PATH = re.compile(rf"(?:abs|pdf|html|format|ps|src|e-print)/({_ANY_ID.pattern})")
_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_DOI_LABEL = re.compile(r"(?:(?:info|urn)[:/])?doi(?::\s*|/|\s+)", re.IGNORECASE)
_DOI = re.compile(DOI)
_ESCAPED = re.compile(r"%([2-7][0-9a-f])", re.IGNORECASE)
_ARXIV_DOI = "10.48550/arxiv."
"""What the DOIs begin with that arXiv gives to its own papers."""
_CLASS_OF_DOI = re.compile(r"^([a-z-]+)\.[a-z]{2}(?=/)")
_PAPER_HOSTS = ("huggingface.co", "hf.co")
"""Whose pages of papers are named by arXiv ids, beside arXiv's own."""
_PAPER_PATH = re.compile(rf"(?:api/|[a-z]{{2}}/)?papers/({_NEW_ID.pattern})(?:\.md)?")
_NO_PAPERS = frozenset(
    (
        *("api", "blog", "blogs", "news", "post", "posts", "forum", "forums", "discuss"),
        *("discussion", "discussions", "comments", "user", "users", "event", "events", "job"),
        *("jobs", "issue", "issues", "tag", "tags", "category", "search", "datasets", "models"),
        *("spaces", "wiki"),
    )
)
"""Parts of a path of a declared host that name other things than papers."""
_PAPER_PAGE = re.compile(rf"/papers/({_NEW_ID.pattern})")
_IS_DOI = re.compile(r"(?:^|[/:\s])10\.\d{4,9}/")
_SUBJECT_CLASS = re.compile(rf"{SUBJECT_CLASS}(?=/)")
_CATEGORY = re.compile(
    r"[a-z]+(?:-[a-z]+)?\.[A-Za-z-]{2,20}|(?:astro|math|quant)-ph|cond-mat|gr-qc"
    r"|hep-(?:ex|lat|ph|th)|nucl-(?:ex|th)"
)
_CODE = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)\s*$")
_LONGEST = 300
_DRESSED = re.compile(
    r"\[[^\[\]]*\]\(\s*<?(https?://[^\s()<>]+)>?(?:\s+\"[^\"]*\")?\s*\)|<(https?://[^\s<>]+)>"
    r"|=HYPERLINK\(\s*\"(https?://[^\s\"]+)\"[^()]*\)"
    r"|<a\s[^<>]*?href\s*=\s*[\"'](https?://[^\s\"'<>]+)[\"'][^<>]*>[^<>]*</a>",
    re.IGNORECASE,
)
"""A link as notes, pages and sheets have it."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def arxiv_id(text: str | None, link_hosts: frozenset[str] = frozenset()) -> str | None:
    """Return the arXiv id that a text is or links to, with its version; None where it is none.

    A link counts where its host is arXiv's, Hugging Face's, or one of ``link_hosts`` (in lower
    case, without ``www.``): any other site may number its pages like arXiv.
    """
    if text is None or len(text) > _LONGEST:
        return None
    text = _UNSEEN.sub("", unescape(text)).strip()
    doi = _doi(text)
    if doi and doi.startswith(_ARXIV_DOI):
        text = _CLASS_OF_DOI.sub(r"\1", doi.removeprefix(_ARXIV_DOI))
    named = _NAMED.fullmatch(text)
    found = named[1] if named else _linked_id(text, link_hosts)
    # the class is no part of the id: math.GT/0309136 is math/0309136
    return _SUBJECT_CLASS.sub("", found) if found else None


def bare_link(text: str) -> str:
    """Return the link alone, out of Markdown, HTML, a formula of Excel or angle brackets."""
    found = _DRESSED.fullmatch(text[:_LONGEST].strip())
    return next(filter(None, found.groups()), text) if found else text


def is_arxiv_link(text: str) -> bool:
    """Tell whether a text claims to be an arXiv id or a link to arXiv, readable or not."""
    doi = _doi(text[:_LONGEST])
    if doi:
        return doi.startswith(_ARXIV_DOI)
    link = _LINK.fullmatch(text[:_LONGEST].strip())
    if link:
        return _is_arxiv_host(link[1])
    return text.strip().lower().startswith(("arxiv:", "oai:arxiv"))


def doi_id(text: str | None) -> str | None:
    """Return the DOI that a text is or links to, as ``doi:10...`` in lower case; None where it is
    none, or arXiv's own.

    A link counts where it leads to doi.org.
    """
    doi = None if text is None or len(text) > _LONGEST else _doi(text)
    return None if doi is None or doi.startswith(_ARXIV_DOI) else f"doi:{doi}"


def is_elsewhere(text: str) -> bool:
    """Tell whether a text is a link or a DOI that has nothing to do with arXiv ids."""
    text = text.strip()
    if is_arxiv_link(text):
        return False
    return bool(re.match(r"[a-z]{2,10}://", text, re.IGNORECASE) or _IS_DOI.search(text[:_LONGEST]))


def base_id(identifier: str) -> str:
    """Return an arXiv id without its version."""
    return re.sub(f"{VERSION}$", "", identifier)


def agreed_id(
    position: int,
    texts: Iterable[str | None],
    misfits: list[Misfit],
    link_hosts: frozenset[str] = frozenset(),
) -> str | None:
    """Return the one id that the texts name, with a version where one of them has it.

    Texts that name two papers are noted as a misfit, and so is one that should be an arXiv id and
    cannot be read; what has nothing to do with arXiv is passed over. Where no text has to do with
    arXiv, the id is the one DOI among them.
    """
    shown = [bare_link(text) for text in texts if text]
    ids = [found for text in shown if (found := arxiv_id(text, link_hosts))]
    if len({base_id(found) for found in ids}) > 1:
        reason = f"source_id is ambiguous: {' and '.join(dict.fromkeys(ids))}"[:200]
        misfits.append(Misfit(position, "source_id", "ambiguous", reason, shown[0][:200]))
        return None
    if ids:
        return max(ids, key=len)
    # kept as it is, so that the schema shows what was wrong with it
    unread = next((text.strip()[:_LONGEST] for text in shown if is_arxiv_link(text)), None)
    return unread or _agreed_doi(position, shown, misfits)


def categories(text: str) -> list[str]:
    """Return category codes from a text: ``cs.LG stat.ML``, or ``Subjects: Learning (cs.LG); ...``.

    A subject without a code stays as it is named.
    """
    text = re.sub(r"^\s*(?:Subjects?|Categories)\s*:", "", text, flags=re.IGNORECASE).strip()
    if re.search(r"[;,|]", text):
        parts = re.split(r"[;,|]", text)
    elif "(" in text:
        parts = [text]
    else:
        parts = text.split()
    named = (part.strip() for part in parts)
    codes = (code[1] if (code := _CODE.search(part)) else part for part in named if part)
    return list(dict.fromkeys(codes))


def is_category(text: str) -> bool:
    """Tell whether a text is the code of an arXiv category, such as ``cs.LG`` or ``hep-th``."""
    return _CATEGORY.fullmatch(text) is not None


def _agreed_doi(position: int, shown: list[str], misfits: list[Misfit]) -> str | None:
    """Return the one DOI among texts; two of them are two works, and none is the id."""
    if not all(map(is_elsewhere, shown)):
        return None
    dois = list(dict.fromkeys(filter(None, map(doi_id, shown))))
    if len(dois) > 1:
        reason = f"the entry names several DOIs, so none is its id: {' and '.join(dois)}"[:200]
        misfits.append(Misfit(position, "link", "ambiguous", reason, shown[0][:200]))
    return dois[0] if len(dois) == 1 else None


def _doi(text: str) -> str | None:
    """Return the DOI that a text is, in lower case; a link may have a query, and be escaped."""
    text = text.strip()
    text = _DOI_LABEL.sub("", text, count=1) if _DOI_LABEL.match(text) else text
    resolver = _RESOLVER.match(text)
    if resolver:
        path = re.split(r"[?#]", text[resolver.end() :], maxsplit=1)[0]
        text = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), path).rstrip("/")
    # a DOI at the end of a sentence: no DOI ends in such a sign
    text = text.rstrip(".,;")
    return text.lower() if _DOI.fullmatch(text) else None


def _linked_id(text: str, link_hosts: frozenset[str]) -> str | None:
    page = _PAPER_PAGE.fullmatch(text)
    if page:
        return page[1]
    link = _LINK.fullmatch(text)
    if not link or _IS_DOI.search(text):
        return None
    path = re.split(r"[?#]", link[2], maxsplit=1)[0].rstrip("/")
    path = re.sub(r"\.pdf$", "", path, flags=re.IGNORECASE)
    if _is_arxiv_host(link[1]):
        found = _ARXIV_PATH.fullmatch(path)
        return found[1] if found else None
    host = link[1].lower().removeprefix("www.")
    if host not in _PAPER_HOSTS and host not in link_hosts:
        return None
    found = _PAPER_PATH.fullmatch(path) if host in _PAPER_HOSTS else _ARXIV_PATH.fullmatch(path)
    if found or host not in link_hosts:
        return found[1] if found else None
    *above, last = path.split("/")
    is_paper = _NO_PAPERS.isdisjoint(part.lower() for part in above)
    return last if is_paper and _NEW_ID.fullmatch(last) else None


def _is_arxiv_host(host: str) -> bool:
    host = host.lower()
    return host in ("arxiv.org", "xxx.lanl.gov") or host.endswith(".arxiv.org")
