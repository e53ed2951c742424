"""XML that is hostile, XML that is almost well formed, and HTML as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import MarkupError
from transforms.parse.readers.markup import (
    children,
    is_recorded,
    plain_text,
    read_recorded,
    read_xml,
    records,
    source_of,
    text_of,
)

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]><a>&a9;</a>',
        f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]><a b="&a9;"/>',
        '<!DOCTYPE a [<!ENTITY x "small">]><a b="&x;"/>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        f"<!DOCTYPE a [<!ATTLIST b {' '.join(f'c{n} CDATA {n!r}' for n in range(60_000))}>]><a/>",
        "<a>" * 300 + "</a>" * 300,
        "<a><b></a>",
        "<a",
        "<a/><a/>",
        "<a>" + "<b/>" * 4_000_001 + "</a>",
        "<a>" + "<b c='' d='' e=''/>" * 1_000_001 + "</a>",
        "<a>" + "x" * 10_500_000 + "</a>",
    ],
    ids=lambda body: body[:40],
)
@pytest.mark.timeout(60)
def test_what_may_not_be_read_is_refused_with_a_reason(body: str) -> None:
    with pytest.raises(MarkupError, match="XML"):
        read_xml(body.encode())


@pytest.mark.timeout(60)
def test_many_attributes_and_names_take_no_longer_than_they_should() -> None:
    read_xml(b"<a " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>")
    read_xml(b"<a>" + b"".join(b"<a%d/>" % n for n in range(100_000)) + b"</a>")


def test_namespaces_that_every_record_would_repeat_are_refused() -> None:
    names = " ".join(f'xmlns:n{n}="http://n/{n}"' for n in range(200))
    with pytest.raises(MarkupError, match="namespaces"):
        records(read_xml(f"<a {names}><b/></a>".encode()).root, "b")


@pytest.mark.parametrize("namespace", [f'n="{"u" * 3_000}"', f'{"n" * 3_000}="u"'])
def test_a_long_namespace_that_every_record_or_name_would_repeat_is_refused(namespace: str) -> None:
    root = read_xml(f"<a xmlns:{namespace}><b/></a>".encode()).root
    for read in (lambda: records(root, "b"), lambda: children(root)):
        with pytest.raises(MarkupError, match="namespaces"):
            read()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<a>Questions & Answers</a>", "Questions & Answers"),
        ("<a>caf&eacute;&nbsp;x</a>", "café\u00a0x"),
        ("<a>one\x0btwo</a>", "one two"),
        ("<a>one&#11;two</a>", "one two"),
        ("<a>&unheard; &lt;</a>", "&unheard; <"),
        ("<a><![CDATA[R&D]]> & <![CDATA[<b>]]></a>", "R&D & <b>"),
        ("<a>a & <![CDATA[b]]</a>", None),
    ],
)
def test_small_faults_are_put_right_where_there_is_no_doubt(body: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(MarkupError):
            read_xml(body.encode())
        return
    reply = read_xml(body.encode())
    assert text_of([reply.root]) == text
    assert reply.repaired


def test_a_document_without_fault_is_read_as_it_is_in_any_encoding() -> None:
    assert read_xml(b"\xef\xbb\xbf\n<a>\xc3\xa9</a>").root.text == "é"
    assert (
        read_xml('<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("latin-1")).root.text
        == "é"
    )
    assert read_xml('<?xml version="1.0"?><a>é</a>'.encode("utf-16")).root.text == "é"


def test_bytes_in_another_encoding_than_they_say_are_refused() -> None:
    with pytest.raises(MarkupError, match="not XML"):
        read_xml("<a>é</a>".encode("latin-1"))


def test_names_are_those_of_the_usual_prefixes() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="http://arxiv.org/schemas/atom"'
        ' xmlns:y="http://unheard"><x:comment/><y:thing/><!-- no --><entry>1</entry></feed>'
    )
    root = read_xml(body.encode()).root
    assert list(children(root)) == ["arxiv:comment", "other:thing", "entry"]
    assert next(map(source_of, records(root, "entry"))).endswith(">1</entry>")


def test_a_recorded_answer_is_known_by_the_xml_in_it() -> None:
    recorded = {"url": "http://x", "status_code": 400, "body": " <?xml version='1.0'?><a>é</a>"}
    assert is_recorded(recorded)
    reply = read_recorded(recorded)
    assert (reply.root.text, reply.url, reply.status_code) == ("é", "http://x", 400)
    assert not is_recorded({"body": "Rate exceeded."})
    assert not is_recorded(["<a/>"])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a<br/>b", "a\nb"),
        ("<b>Upvotes:</b> 3", "Upvotes: 3"),
        ("if x<y and z>w, a <b and c> d", "if x<y and z>w, a <b and c> d"),
        ('<a href="u" rel=x>link</a> &amp; &lt;p&gt; &#233;', "link & <p> é"),
        ("$\\eta&lt;4$", "$\\eta<4$"),
        ("&#xD800; &#99999999999;", "\ufffd &#99999999999;"),
    ],
)
def test_html_is_read_as_text_and_formulas_stay(html: str, text: str) -> None:
    assert plain_text(html).strip() == text


@given(st.text(alphabet=st.sampled_from("<>/&;#!-[]p b=\"'x"), max_size=300))
def test_any_markup_has_an_answer(text: str) -> None:
    plain_text(text)
    try:
        read_xml(f"<a>{text}</a>".encode())
    except MarkupError as error:
        assert "XML" in str(error)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "<p x=", "&", "&#", "<![CDATA[", "</", " "])
def test_reading_markup_takes_time_in_proportion_to_its_length(piece: str) -> None:
    text = piece * (600_000 // len(piece))
    plain_text(text)
    with pytest.raises(MarkupError):
        read_xml(f"<a>{text}</a><".encode())
