"""Samples of the format arxiv_rss, with text of our own."""

RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 version="2.0"><channel>
 <title>cs.LG updates on arXiv.org</title>
 <lastBuildDate>Thu, 18 Sep 2025 04:00:02 +0000</lastBuildDate>
 <pubDate>Thu, 18 Sep 2025 00:00:00 -0400</pubDate>
 <skipDays><day>Sunday</day><day>Saturday</day></skipDays>
 <item>
  <title>Small Things: Counted</title>
  <link>https://arxiv.org/abs/2509.13332</link>
  <description>arXiv:2509.13332v1 Announce Type: new
Abstract: We count $a &lt; b$ small things.</description>
  <guid isPermaLink="false">oai:arXiv.org:2509.13332v1</guid>
  <category>cs.LG</category><category>stat.ML</category>
  <pubDate>Thu, 18 Sep 2025 00:00:00 -0400</pubDate>
  <arxiv:announce_type>new</arxiv:announce_type>
  <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
  <dc:creator>Ada Lovelace, Alan Turing</dc:creator>
 </item>
 <item>
  <title>Old Things, Revised</title>
  <link>https://arxiv.org/abs/2302.02913</link>
  <description>arXiv:2302.02913v3 Announce Type: replace-cross
Abstract: Revised.</description>
  <guid isPermaLink="false">oai:arXiv.org:2302.02913v3</guid>
  <category>cs.LG</category>
  <pubDate>Thu, 18 Sep 2025 00:00:00 -0400</pubDate>
  <arxiv:announce_type>replace-cross</arxiv:announce_type>
  <dc:creator>Grace Hopper</dc:creator>
 </item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:arxiv="http://arxiv.org/schemas/atom">
 <id>http://rss.arxiv.org/atom/cs.LG</id><title>cs.LG updates on arXiv.org</title>
 <updated>2025-09-18T04:00:02.9+00:00</updated>
 <entry><id>oai:arXiv.org:2509.13332v1</id><title>Small Things: Counted</title>
  <updated>2025-09-18T04:00:02.9+00:00</updated>
  <link href="https://arxiv.org/abs/2509.13332" rel="alternate" type="text/html"/>
  <summary>arXiv:2509.13332v1 Announce Type: new
Abstract: We count $a &lt; b$ small things.</summary>
  <category term="cs.LG"/><category term="stat.ML"/>
  <published>2025-09-18T00:00:00-04:00</published>
  <arxiv:announce_type>new</arxiv:announce_type>
  <dc:creator>Ada Lovelace, Alan Turing</dc:creator></entry></feed>"""

RDF = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://arxiv.org/"><title>hep-ex updates on arXiv.org</title>
<dc:date>2018-05-23T20:30:00-05:00</dc:date></channel>
<item rdf:about="http://arxiv.org/abs/1805.08875">
<title>Small Things (and Others). (arXiv:1805.08875v1 [hep-ex])</title>
<link>http://arxiv.org/abs/1805.08875</link>
<description rdf:parseType="Literal">&lt;p&gt;We count $a&amp;lt;b$ small
things.
&lt;/p&gt;</description>
<dc:creator> &lt;a href="http://arxiv.org/find/x"&gt;Ada Lovelace&lt;/a&gt; (SMALL
Collaboration), &lt;a href="http://arxiv.org/find/y"&gt;Alan Turing&lt;/a&gt;</dc:creator>
</item>
<item rdf:about="http://arxiv.org/abs/hep-th/9901001">
<title>Is It Small? (arXiv:hep-th/9901001v3 [nucl-th] UPDATED)</title>
<link>http://arxiv.org/abs/hep-th/9901001</link>
<description>x</description><dc:creator>A. Roe</dc:creator></item>
</rdf:RDF>"""
