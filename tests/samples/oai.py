"""Samples of the format oai, with text of our own."""

DC = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
 <dc:title>Small Things and
  Their Number</dc:title>
 <dc:creator>Lovelace, Ada</dc:creator>
 <dc:creator>von Turing, A.</dc:creator>
 <dc:creator>Society of Counters</dc:creator>
 <dc:subject>Mathematics - Combinatorics</dc:subject>
 <dc:subject>05C80, 05C15</dc:subject>
 <dc:description>Comment: 12 pages</dc:description>
 <dc:description>  We count small things.
</dc:description>
 <dc:date>2003-06-18</dc:date>
 <dc:date>2017-11-17</dc:date>
 <dc:type>text</dc:type>
 <dc:identifier>http://arxiv.org/abs/math/0306266</dc:identifier>
 <dc:identifier>Journal of Small Things 14 (2005) 439</dc:identifier>
 <dc:identifier>doi:10.1017/S0963548305006826</dc:identifier>
</oai_dc:dc>"""

ARXIV = """<arXiv xmlns="http://arxiv.org/OAI/arXiv/">
 <id>math/0306266</id><created>2003-06-18</created><updated>2017-11-17</updated>
 <authors>
  <author><keyname>Lovelace</keyname><forenames>Ada</forenames><suffix>Jr</suffix></author>
  <author><keyname>Society of Counters</keyname></author>
 </authors>
 <title>Small Things</title><categories>math.CO cs.DM</categories>
 <doi>10.1017/S0963548305006826</doi><abstract> We count small things. </abstract>
</arXiv>"""

RAW = """<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
 <id>math/0306266</id><submitter>Ada Lovelace</submitter>
 <version version="v1"><date>Wed, 18 Jun 2003 08:00:00 GMT</date><size>9kb</size></version>
 <version version="v10"><date>Fri, 17 Nov 2017 08:00:00 GMT</date><size>9kb</size></version>
 <version version="v2"><date>Thu, 19 Jun 2003 08:00:00 GMT</date><size>9kb</size></version>
 <title>Small Things</title><authors>Ada Lovelace (1), A. Turing ((1) Home)</authors>
 <categories>math.CO cs.DM</categories><abstract>  We count small things.  </abstract>
</arXivRaw>"""

DELETED = (
    '<record><header status="deleted"><identifier>oai:arXiv.org:math/0306267</identifier>'
    "<datestamp>2017-11-17</datestamp></header></record>"
)


def record(metadata: str, identifier: str = "math/0306266") -> str:
    """Return a record with its header."""
    return (
        f"<record><header><identifier>oai:arXiv.org:{identifier}</identifier>"
        "<datestamp>2017-11-17</datestamp><setSpec>math:math:CO</setSpec><setSpec>cs</setSpec>"
        f"</header><metadata>{metadata}</metadata></record>"
    )


def listing(*records: str, token: str = "<resumptionToken/>") -> str:
    """Return a ListRecords reply."""
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        "<responseDate>2023-01-25T18:45:11Z</responseDate><request verb='ListRecords'>u</request>"
        f"<ListRecords>{''.join(records)}{token}</ListRecords></OAI-PMH>"
    )
