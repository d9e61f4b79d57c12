"""Feeds, the formats of agencies, collections in SGML, and shapes of JSON."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quotekit.batch.reading import ReadOptions, read_items
from quotekit.batch.records import Failure, Record

FERRY = "The ferry to Oro stops on Monday, the harbour master said."
SPRING = "“It will run again in spring,” she said."


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def records(name: str, content: str, **options: Any) -> list[Record]:
    Path(name).write_text(content, encoding="utf-8")
    items = list(read_items(name, ReadOptions(**options)))
    assert all(isinstance(item, Record) for item in items), items
    return [item for item in items if isinstance(item, Record)]


RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="c" xmlns:dc="d"><channel><title>The Brill Echo</title><language>en-GB</language>
<item><title>Ferry &amp;amp; pier</title><link>https://echo.example.org/1</link><dc:creator>Ann Lee</dc:creator>
<pubDate>Mon, 03 Jun 2019 10:00:00 GMT</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{FERRY}</p><p>{SPRING}</p>]]></content:encoded></item>
<item><title>Rain</title><description>It rained.</description></item></channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Brill Echo</title>
<entry><title>Ferry</title><link rel="self" href="x"/><link href="https://echo.example.org/1"/>
<author><name>Ann Lee</name></author><published>2019-06-03T10:00:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{FERRY}</p><p>{SPRING}</p></div></content></entry>
</feed>"""


@pytest.mark.parametrize("name", ["a.xml", "a.rss", "a"])
def test_rss(name: str) -> None:
    first, second = records(name, RSS)
    assert (first.text, first.date, first.id) == (f"{FERRY}\n\n{SPRING}", date(2019, 6, 3), f"{name}#1")
    assert first.about == {
        "title": "Ferry & pier",
        "outlet": "The Brill Echo",
        "author": "Ann Lee",
        "url": "https://echo.example.org/1",
        "language": "en-GB",
    }
    assert second.text == "It rained."


def test_atom() -> None:
    (record,) = records("a.atom", ATOM)
    assert (record.text, record.date) == (f"{FERRY}\n\n{SPRING}", date(2019, 6, 3))
    assert record.about == {
        "title": "Ferry",
        "outlet": "The Brill Echo",
        "author": "Ann Lee",
        "url": "https://echo.example.org/1",
        "language": "en",
    }


def test_nitf() -> None:
    (record,) = records(
        "a.xml",
        f"""<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "http://example.org/nitf.dtd">
<nitf><head><title>ferry</title><docdata><date.issue norm="20190603T100000Z"/></docdata>
<pubdata name="The Brill Echo"/></head><body><body.head><hedline><hl1>Ferry to Oro stops</hl1></hedline>
<byline>By <person>Ann Lee</person></byline></body.head>
<body.content><p>The ferry to <location>Oro</location> stops on Monday,
the harbour master said.</p><p>{SPRING}</p></body.content></body></nitf>""",
    )
    assert (record.text, record.date) == (f"{FERRY}\n\n{SPRING}", date(2019, 6, 3))
    assert record.about == {"title": "Ferry to Oro stops", "outlet": "The Brill Echo", "author": "Ann Lee"}


def test_newsml() -> None:
    (record,) = records(
        "a.xml",
        f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="en"><itemMeta>
<provider literal="BE"><name>The Brill Echo</name></provider><versionCreated>2019-06-03T10:00:00Z</versionCreated>
</itemMeta><contentMeta><creator><name>Ann Lee</name></creator><headline>Ferry to Oro stops</headline>
<language tag="en-GB"/></contentMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>
<p>{FERRY}</p><p>{SPRING}</p></body></html></inlineXML></contentSet></newsItem>""",
    )
    assert (record.text, record.date) == (f"{FERRY}\n\n{SPRING}", date(2019, 6, 3))
    assert record.about == {
        "title": "Ferry to Oro stops",
        "outlet": "The Brill Echo",
        "author": "Ann Lee",
        "language": "en-GB",
    }


def test_gigaword() -> None:
    first, second = records(
        "a",
        f"""<DOC id="BRL_ENG_20190603.0001" type="story" >
<HEADLINE>
Ferry to Oro
stops
</HEADLINE>
<DATELINE>
BRILL, June 3
</DATELINE>
<TEXT>
<P>
The ferry to Oro stops on Monday,
the harbour master said.
</P>
<P>
{SPRING}
</P>
</TEXT>
</DOC>
<DOC id="BRL_ENG_20190604.0001" type="other" ><TEXT>Rain &amp; snow.</TEXT></DOC>
""",
    )
    assert (first.id, first.date) == ("BRL_ENG_20190603.0001", date(2019, 6, 3))
    assert (first.text, first.about) == (f"{FERRY}\n\n{SPRING}", {"title": "Ferry to Oro stops"})
    assert second.text == "Rain & snow."


def test_reuters() -> None:
    (record,) = records(
        "a.sgm",
        """<!DOCTYPE lewis SYSTEM "lewis.dtd">
<REUTERS TOPICS="YES" NEWID="1">
<DATE> 3-JUN-1987 15:01:01.79</DATE><TEXT>&#2;
<TITLE>FERRY TO ORO STOPS</TITLE><DATELINE>    BRILL, June 3 - </DATELINE><BODY>The ferry
stops, it said.
    It will run again.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>""",
    )
    assert (record.date, record.about) == (date(1987, 6, 3), {"title": "FERRY TO ORO STOPS"})
    assert record.text.startswith("The ferry stops, it said.\n\nIt will run again.")


def test_entities_of_a_feed_are_not_expanded() -> None:
    Path("secret").write_text("secret")
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    start = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{bomb}<!ENTITY s SYSTEM "secret">]>'
    Path("a.rss").write_text(
        f"{start}<rss><channel><item><description>It. &e9; &s;</description></item></channel></rss>"
    )
    (item,) = read_items("a.rss")
    assert isinstance(item, Failure) or ("secret" not in item.text and len(item.text) < 1000)


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ({"status": "ok", "articles": [{"text": FERRY}, {"text": SPRING}]}, {}),
        ({"response": {"status": "ok", "results": [{"fields": {"body": FERRY}}, {"fields": {"body": SPRING}}]}},
         {"text_field": "fields.body"}),
        ({"text": {"0": FERRY, "1": SPRING}, "id": {"0": 1, "1": 2}}, {}),
        ({"columns": ["id", "text"], "index": [0, 1], "data": [[1, FERRY], [2, SPRING]]}, {}),
        ({"schema": {"fields": [{"name": "text"}]}, "data": [{"text": FERRY}, {"text": SPRING}]}, {}),
        ([{"uri": "x", "body_xhtml": f"<p>{FERRY}</p>"}, {"body_text": SPRING}], {}),
    ],
)  # fmt: skip
def test_lists_of_articles_in_json(content: Any, options: dict[str, Any]) -> None:
    assert [record.text for record in records("a.json", json.dumps(content), **options)] == [FERRY, SPRING]


def test_a_list_of_texts_is_paragraphs() -> None:
    (record,) = records("a.json", json.dumps({"text": [FERRY, SPRING], "tags": [{"a": 1}]}))
    assert (record.text, record.id) == (f"{FERRY}\n\n{SPRING}", "a.json")


def test_dotted_names() -> None:
    row = {"fields": {"body": FERRY, "byline": "Ann Lee"}, "meta": {"id": 7, "day": "2019-06-03"}}
    (record,) = records("a.jsonl", json.dumps(row), text_field="fields.body", id_field="meta.id", date_field="meta.day")
    assert (record.text, record.id, record.date) == (FERRY, "7", date(2019, 6, 3))
    assert record.fields == {"fields": {"byline": "Ann Lee"}, "meta": {"day": "2019-06-03"}}


def test_metadata_of_rows_and_front_matter() -> None:
    (row,) = records("a.csv", "text,Headline,newspaper,link\nIt rained.,Rain,Echo,https://example.org\n")
    assert row.about == {"title": "Rain", "outlet": "Echo", "url": "https://example.org"}
    (page,) = records("a.md", '---\ntitle: "Rain"\ndate: 2019-06-03\nauthor: Ann Lee\n---\n\nIt rained.\n')
    assert (page.text, page.date) == ("It rained.\n", date(2019, 6, 3))
    assert page.about == {"title": "Rain", "author": "Ann Lee"}
