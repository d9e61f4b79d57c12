"""Exports of news databases: each article one record, with what its labels say, and no label in its text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quotekit.batch.reading import read_items
from quotekit.batch.reading.documents.pdf import text_of_pages
from quotekit.batch.reading.exports import articles_of_export
from quotekit.batch.records import Record

NEXIS = """\
\ufeff                               1 of 2 DOCUMENTS


                              The Brill Echo (Oro)

                             March 12, 2010 Friday
                                  Edition 1;
                                National Edition

Ferry to Oro stops
for the winter

BYLINE: ANN LEE, TRANSPORT EDITOR

SECTION: NEWS; Pg. 4

LENGTH: 42 words

DATELINE: BRILL

The ferry to Oro stops on Monday, the harbour
master said. "We have no choice," Bo Stone said.

It will run again in spring.

GRAPHIC: The ferry in the harbour of Brill

LOAD-DATE: March 12, 2010

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper


                     Copyright 2010 Brill Echo Media Ltd.
                              All Rights Reserved


                               2 of 2 DOCUMENTS


             Copyright 2005 Lisk Wire
                All Rights Reserved
                        Lisk Wire

                    April 2, 2005 Saturday 10:15 AM GMT

HEADLINE: Talks go on

LENGTH: 20 words

BODY:
   The talks will go on, Cara Dean said on Saturday.

LOAD-DATE: April 3, 2005
"""

UNI = """\
Page 1 of 9
User Name: Ann Lee
Date and Time: Monday, June 10, 2019 9:00:00 AM
Documents (2)
1. Ferry to Oro stops
2. Talks go on

Ferry to Oro stops
The Brill Echo (Oro)
June 3, 2019 Monday
National Edition

Copyright 2019 Brill Echo Media Ltd. All Rights Reserved

Section: NEWS; Pg. 4
Length:\u00a042 words
Byline: Ann Lee
Body

The ferry to Oro stops on Monday, the harbour master said.

It will run again in spring.

Classification

Language: ENGLISH
Publication-Type: Newspaper
Load-Date: June 3, 2019

End of Document

Talks go on
Lisk Wire
4 June 2019

Copyright 2019 Lisk Wire

Length: 20 words

Body

The talks will go on, Cara Dean said.

Load-Date: June 5, 2019

End of Document
"""

FACTIVA = """\
HD
Ferry to Oro stops
BY\tBy Ann Lee
WC
42 words
PD
3 June 2019
SN
The Brill Echo
SC
BRILLE
LA
English
CY
Copyright 2019. Brill Echo Media Ltd.
LP
The ferry to Oro stops on Monday, the harbour master said.
TD
It will run again in spring.
NS
gtrans : Transport
AN
Document BRILLE0020190603ef6300001
Talks go on
By Cara Dean
20 words
4 June 2019
06:15 GMT
Lisk Wire
LISKW
English
(c) 2019 Lisk Wire
The talks will go on, the minister said.
Document LISKW00020190604ef6400002
"""

PROQUEST = """\
____________________________________________________________

Report Information from ProQuest

____________________________________________________________

Ferry to Oro stops

Author: Lee, Ann

Publication info: Brill Echo ; Brill, Oro. 03 June 2019: 4.

Abstract: None available.

Links: https://search.example.org/link

Full text: The ferry to Oro stops on Monday, the harbour master said.

It will run again in spring.

Subject: Ferries; Harbours

Title: Ferry to Oro stops

Publication title: The Brill Echo; Brill, Oro

Section: News

Publication date: Jun 3, 2019

Language of publication: English

Document URL: https://search.example.org/docview/1

____________________________________________________________

Talks go on

Full text: The talks will go on, Cara Dean said.

Title: Talks go on

Publication title: Lisk Wire

Publication date: Jun 4, 2019
"""

FERRY = "The ferry to Oro stops on Monday, the harbour master said."
SPRING = "It will run again in spring."
TALKS = "The talks will go on, Cara Dean said."


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def records(name: str, content: str) -> list[Record]:
    Path(name).write_text(content, encoding="utf-8")
    items = list(read_items(name))
    assert all(isinstance(item, Record) for item in items), items
    return [item for item in items if isinstance(item, Record)]


def test_nexis() -> None:
    first, second = records("a.txt", NEXIS)
    assert (first.id, second.id) == ("a.txt#1", "a.txt#2")
    assert first.text == (
        'The ferry to Oro stops on Monday, the harbour master said. "We have no choice," Bo Stone said.\n\n' + SPRING
    )
    assert first.about == {
        "title": "Ferry to Oro stops for the winter",
        "outlet": "The Brill Echo (Oro)",
        "author": "ANN LEE, TRANSPORT EDITOR",
        "language": "English",
    }
    assert (first.date, first.fields) == (date(2010, 3, 12), {"section": "NEWS; Pg. 4", "length": "42 words"})
    assert (second.text, second.date) == ("The talks will go on, Cara Dean said on Saturday.", date(2005, 4, 2))
    assert second.about == {"title": "Talks go on", "outlet": "Lisk Wire"}


def test_nexis_uni() -> None:
    first, second = records("a.txt", UNI)
    assert first.text == f"{FERRY}\n\n{SPRING}"
    assert first.about == {
        "title": "Ferry to Oro stops",
        "outlet": "The Brill Echo (Oro)",
        "author": "Ann Lee",
        "language": "English",
    }
    assert (first.date, first.fields) == (date(2019, 6, 3), {"section": "NEWS; Pg. 4", "length": "42 words"})
    assert (second.text, second.date) == (TALKS, date(2019, 6, 4))
    assert second.about == {"title": "Talks go on", "outlet": "Lisk Wire"}


def test_factiva() -> None:
    first, second = records("a.txt", FACTIVA)
    assert first.text == f"{FERRY}\n\n{SPRING}"
    assert first.about == {
        "title": "Ferry to Oro stops",
        "outlet": "The Brill Echo",
        "author": "Ann Lee",
        "language": "English",
    }
    assert (first.date, first.fields) == (date(2019, 6, 3), {"length": "42 words"})
    assert (second.text, second.date) == ("The talks will go on, the minister said.", date(2019, 6, 4))
    assert second.about == {
        "title": "Talks go on",
        "outlet": "Lisk Wire",
        "author": "Cara Dean",
        "language": "English",
    }


def test_factiva_page() -> None:
    first, _, rest = FACTIVA.partition("AN\n")
    rows = "".join(f"<tr><td><b>{line}</b></td></tr>" for line in first.splitlines())
    number, *second = rest.splitlines()
    page = (
        f"<html><body><div class='article enArticle'><table>{rows}<tr><td>AN</td><td>{number}</td></tr></table></div>"
        f"<div class='article enArticle'>{''.join(f'<p class=articleParagraph>{line}</p>' for line in second)}</div>"
        "</body></html>"
    )
    texts = [record.text for record in records("a.html", page)]
    assert texts == [f"{FERRY}\n\n{SPRING}", "The talks will go on, the minister said."]


def test_proquest() -> None:
    first, second = records("a.txt", PROQUEST)
    assert first.text == f"{FERRY}\n\n{SPRING}"
    assert first.about == {
        "title": "Ferry to Oro stops",
        "outlet": "The Brill Echo; Brill, Oro",
        "author": "Lee, Ann",
        "url": "https://search.example.org/docview/1",
        "language": "English",
    }
    assert (first.date, first.fields) == (date(2019, 6, 3), {"section": "News"})
    assert (second.text, second.about["title"]) == (TALKS, "Talks go on")


def test_nexis_page() -> None:
    blocks = [block for block in NEXIS.split("\n\n") if block.strip()]
    page = "".join(f"<div class=c0><p class=c1><span class=c2>{block.strip()}</span></p></div>" for block in blocks)
    first, second = records("a.html", f"<!DOCTYPE html><html><body>{page}</body></html>")
    assert first.text.endswith(SPRING)
    assert (first.about["title"], second.about["title"]) == ("Ferry to Oro stops for the winter", "Talks go on")


def test_europresse() -> None:
    one = (
        "<article><header><div><span class='DocPublicationName'>The Brill Echo, no. 312</span>"
        "<span class='DocHeader'>News, Monday, June 3, 2019 42 words, p. 4</span></div>"
        "<div class='titreArticle'><p class='rdp__articletitle'>Ferry to Oro stops</p></div>"
        "<p class='sm-margin-bottomNews'>Ann Lee</p></header>"
        f"<section><div class='docOcurrContainer'><p>{FERRY}</p><p>{SPRING}</p></div></section>"
        "<p>© 2019 Brill Echo. All rights reserved.</p></article>"
    )
    first, second = records("a.html", f"<html><body>{one}{one.replace('Ferry', 'Boat')}</body></html>")
    assert first.text == f"{FERRY}\n\n{SPRING}"
    assert first.about == {"title": "Ferry to Oro stops", "outlet": "The Brill Echo", "author": "Ann Lee"}
    assert first.date == date(2019, 6, 3)
    assert second.about["title"] == "Boat to Oro stops"


@pytest.mark.parametrize(
    "text", ["The end.\n\nEnd of Document\n", "Body\n\nIt rained.", "1 of 2 documents\n\nIt rained."]
)
def test_other_texts_are_no_export(text: str) -> None:
    (record,) = records("a.txt", text)
    assert record.text == text


def test_paragraphs_that_look_like_labels_are_text() -> None:
    first, _ = records("a.txt", NEXIS.replace("It will run again", "CITY: It will run again"))
    assert first.text.endswith("CITY: It will run again in spring.")
    first, _ = records("a.txt", NEXIS.replace("LOAD-DATE: March", "CITY: BRILL (90%); ORO (70%)\n\nLOAD-DATE: March"))
    assert first.text.endswith(SPRING)


def test_a_text_without_a_length_has_one_title() -> None:
    (record,) = records(
        "a.txt", f"1 of 1 DOCUMENT\n\nLisk Wire\n\nMay 3, 2005\n\nTalks go on\n\n{TALKS}\n\n{SPRING}\n\n© 2005 Wire"
    )
    assert (record.text, record.about) == (f"{TALKS}\n\n{SPRING}", {"title": "Talks go on", "outlet": "Lisk Wire"})


def test_a_date_that_is_not_understood_is_noticed() -> None:
    first, _ = records("a.txt", FACTIVA.replace("3 June 2019\nSN", "3/6/2019\nSN"))
    assert (first.date, first.notes) == (None, ("date",))


def test_factiva_rich_text() -> None:
    rows = [("HD", "Ferry to Oro stops"), ("PD", "3 June 2019"), ("SN", "Echo"), ("LP", FERRY), ("TD", SPRING)]
    cells = "".join(f"\\trowd\\intbl {code}\\cell {value}\\cell\\row\n" for code, value in rows)
    (record,) = records("a.rtf", r"{\rtf1\ansi " + cells + r"\pard Document BRILLE0020190603ef6300001\par}")
    assert (record.text, record.date) == (f"{FERRY}\n\n{SPRING}", date(2019, 6, 3))
    assert record.about == {"title": "Ferry to Oro stops", "outlet": "Echo"}


def nexis_part(number: int, *blocks: str) -> str:
    """A document of an HTML page of LexisNexis: a division for each block, in comments that hide XML."""
    divisions = "".join(f"<BR><DIV CLASS='c0'><P CLASS='c1'><SPAN>{block}</SPAN></P>\n</DIV>\n" for block in blocks)
    start = f"<!-- Hide XML section from browser\n<DOC NUMBER={number}>\n<DOCFULL> -->"
    return f"{start}{divisions}<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->\n"


def test_titles_of_pages_may_have_line_breaks() -> None:
    ferry = nexis_part(
        1, "1 of 2 DOCUMENTS", "The Brill Times", "<b>June</b> 12, 1995, CITY EDITION",
        "Ferry to Oro<BR>stops for winter", "BYLINE: By ANN LEE", "LENGTH: 42 words",
        f"{FERRY}<br>It is old.</span></p><p><span>{SPRING}", "LANGUAGE: ENGLISH", "Copyright 1995 Brill Times",
    )  # fmt: skip
    wire = nexis_part(
        2, "2 of 2 DOCUMENTS", "Lisk Wire -- English", "March 12, 2013 Tuesday 5:01 AM GMT", "Talks go on",
        "LENGTH: 20 words", "DATELINE: BRILL, March 12 2013", TALKS, "acd/jj", "LANGUAGE: ENGLISH",
    )  # fmt: skip
    first, second = records("a.html", f"<HTML><BODY>\n{ferry}{wire}</BODY></HTML>")
    assert (first.about["title"], first.date) == ("Ferry to Oro stops for winter", date(1995, 6, 12))
    assert first.text == f"{FERRY} It is old.\n\n{SPRING}"
    assert (second.about["outlet"], second.text) == ("Lisk Wire -- English", f"{TALKS}\n\nacd/jj")


SHOWN = """\
<div class="article enArticle"><p><div>News</div><div id="hd"><span class='enHeadline'>Ferry to Oro stops
</span></div><div class="author">By Ann Lee</div><div>42 words</div><div>3 June 2019</div><div>06:15</div>
<div>The Brill Echo</div><div>BRILLE</div><div>4</div><div>English</div><div>© 2019 Brill Echo Media Ltd.</div></p>
<p class="articleParagraph">{}</p><p class="articleParagraph">{}</p><p>Document BRILLE0020190603ef6300001</p></div>
"""


def test_section_above_a_title_of_factiva() -> None:
    page = f"<html><body>{SHOWN.format(FERRY, SPRING)}</body></html>"
    (record,) = records("a.html", page)
    assert record.text == f"{FERRY}\n\n{SPRING}"
    assert record.about == {
        "title": "Ferry to Oro stops", "outlet": "The Brill Echo", "author": "Ann Lee", "language": "English",
    }  # fmt: skip
    assert record.fields == {"section": "News", "length": "42 words"}
    (second,) = records("b.html", page.replace('<div class="author">By Ann Lee</div>', ""))
    assert (second.about["title"], "author" in second.about) == ("Ferry to Oro stops", False)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("News", "Ferry to Oro stops", "Ann Lee"), "Ferry to Oro stops"),
        (("News", "Ferry to Oro stops"), "Ferry to Oro stops"),
        (("Ferry to Oro stops", "Ann Lee"), "Ferry to Oro stops"),
        (("Rain", "By Ann Lee in Brill"), "Rain"),
        (("Rain",), "Rain"),
    ],
)
def test_titles_of_factiva_without_codes(lines: tuple[str, ...], title: str) -> None:
    rest = ("42 words", "3 June 2019", "Echo", "ECHO", "English", "(c) 2019 Echo", FERRY, "Document ECHO0020190603ef63")
    (record,) = records("a.txt", "\n".join([*lines, *rest]))
    assert record.about["title"] == title


def test_labels_of_broadcasts() -> None:
    labels = "SHOW: MORNINGS 9:00 AM EST\n\nANCHORS: Bo Stone\n\nGUESTS: Cara Dean\n\nLENGTH"
    talk = "HOST: Good morning.\n\nLOAD-DATE"
    first, _ = records("a.txt", NEXIS.replace("LENGTH", labels, 1).replace("LOAD-DATE", talk, 1))
    assert first.about["title"] == "Ferry to Oro stops for the winter"
    assert first.text.startswith("The ferry to Oro stops")
    assert first.text.endswith("HOST: Good morning.")


def test_end_of_document_behind_the_last_words() -> None:
    first, second = records("a.txt", UNI.replace("Dean said.\n\nLoad-Date: June 5, 2019\n\nEnd", "Dean said. End"))
    assert (first.text, second.text) == (f"{FERRY}\n\n{SPRING}", TALKS)


def test_nexis_uni_as_pdf() -> None:
    wide = "The ferry to Oro stops on Monday, the harbour master said, and\nnobody on the island had expected it.\n"
    cover = "Page 1 of 4\nDate and Time: Monday, June 10, 2019\nDocuments (2)\n1. Ferry to Oro stops\nfor the winter"
    first = (
        "Page 2 of 4\nFerry to Oro stops\nfor the winter\nThe Brill Echo\nJune 3, 2019 Monday\n"
        "Copyright 2019 Brill Echo\nSection: NEWS; Pg. 4\nLength: 42 words\nBody\n" + wide * 3
    )
    second = (
        f"Page 3 of 4\nFerry to Oro stops\nfor the winter\n{wide}Classification\nLanguage: ENGLISH\nEnd of Document"
    )
    last = f"Page 4 of 4\nTalks go on\nLisk Wire\n4 June 2019\nBody\n{TALKS}\nEnd of Document"
    one, two = articles_of_export(text_of_pages([cover, first, second, last]))
    assert one.about == {
        "title": "Ferry to Oro stops for the winter",
        "outlet": "The Brill Echo",
        "language": "English",
    }
    assert one.text == "\n\n".join([wide.replace("\n", " ").strip()] * 4)
    assert (two.about, two.text) == ({"title": "Talks go on", "outlet": "Lisk Wire"}, TALKS)


def test_abstract_above_a_full_text() -> None:
    first, _ = records("a.txt", UNI.replace("Body\n", "Body\n\nABSTRACT\n\nNo ferry.\n\nFULL TEXT\n", 1))
    assert first.text == f"{FERRY}\n\n{SPRING}"


def test_older_europresse() -> None:
    one = (
        "<table><tr><td><span class='DocPublicationName'>The Brill Echo, no. 312</span><br>"
        "<span class='DocHeader'>News</span>, <span class='DocHeader'>Monday, June 3, 2019</span>, "
        "<span class='DocHeader'>p. 4</span><br><span class='TitreArticleVisu'>Ferry to Oro stops</span><br>"
        f"Ann Lee<br>{FERRY}<br><br>{SPRING}<br>Copyright © 2019 Brill Echo<br></td></tr>"
        "<tr><td align='center'>news·20190603·BE·1</td></tr></table>"
    )
    first, second = records("a.html", f"<html><body>{one}{one.replace('Ferry', 'Boat')}</body></html>")
    assert first.text == f"{FERRY}\n\n{SPRING}"
    assert first.about == {"title": "Ferry to Oro stops", "outlet": "The Brill Echo", "author": "Ann Lee"}
    assert (first.date, second.about["title"]) == (date(2019, 6, 3), "Boat to Oro stops")


def test_author_below_a_title_of_europresse() -> None:
    one = (
        "<article><span class='DocPublicationName'>Echo</span><span class='DocHeader'>June 3, 2019</span>"
        f"<p class='titreArticleVisu'>{{}}</p>{{}}<div class='docOcurrContainer'><p>{FERRY}</p></div></article>"
    )
    pages = one.format("Ferry", "<div>Ann Lee</div>") + one.format("Boat", "")
    first, second = records("a.html", f"<html><body>{pages}</body></html>")
    assert (first.about["author"], first.about["title"]) == ("Ann Lee", "Ferry")
    assert (second.about.get("author"), second.text) == (None, FERRY)
