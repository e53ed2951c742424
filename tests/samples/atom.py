"""Samples of the format atom, with text of our own."""

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
 xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/abc</id>
  <title>arXiv Query: search_query=all:small</title>
  <updated>2026-04-12T22:09:26Z</updated>
  <opensearch:itemsPerPage>2</opensearch:itemsPerPage>
  <opensearch:totalResults>5</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
"""

ENTRY = """  <entry>
    <id>http://arxiv.org/abs/hep-th/9901001v2</id>
    <title>Small Things &amp;
  Their Number</title>
    <updated>2026-04-01T00:00:00Z</updated>
    <link href="https://arxiv.org/abs/hep-th/9901001v2" rel="alternate" type="text/html"/>
    <summary>  We count $a &lt; b$ small things.
</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="hep-th" scheme="http://arxiv.org/schemas/atom"/>
    <published>1999-01-01T10:00:00Z</published>
    <arxiv:comment>12 pages</arxiv:comment>
    <arxiv:primary_category term="hep-th"/>
    <author><name>Ada Lovelace</name><arxiv:affiliation>Home</arxiv:affiliation></author>
    <author><name>Alan Turing</name></author>
  </entry>
"""

ERROR = """  <entry>
    <id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id>
    <title>Error</title>
    <summary>incorrect id format for abc</summary>
    <author><name>arXiv api core</name></author>
  </entry>
"""
