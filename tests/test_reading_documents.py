"""Documents, each written by its format's own tool where there is one, and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from quotekit.batch.reading import read_items
from quotekit.batch.reading.documents.pdf import text_of_pages
from quotekit.batch.records import Failure, Record

docx = pytest.importorskip("docx")
pytest.importorskip("striprtf")
pytest.importorskip("pypdf")

FERRY = "The ferry to Oro stops on Monday, the harbour master said."
SPRING = "“It will run again in spring,” she said."
TEXT = f"{FERRY}\n\n{SPRING}"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only(name: str, content: bytes | None = None) -> Record:
    if content is not None:
        Path(name).write_bytes(content)
    (item,) = read_items(name)
    assert isinstance(item, Record), item
    return item


def refused(name: str, content: bytes) -> str:
    Path(name).write_bytes(content)
    (item,) = read_items(name)
    assert isinstance(item, Failure), item
    return item.reason


def zipped(parts: dict[str, str | bytes], first: str | None = None) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        if first is not None:
            archive.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def word(*paragraphs: str, title: str = "Ferry to Oro stops") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def raw_word(body: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return zipped({"word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'})


@pytest.mark.parametrize("name", ["a.docx", "a", "a.txt"])
def test_word(name: str) -> None:
    record = only(name, word(FERRY, "", SPRING))
    assert (record.text, record.about) == (TEXT, {"title": "Ferry to Oro stops"})


def test_word_with_changes_notes_and_tables() -> None:
    body = (
        "<w:p><w:r><w:t xml:space='preserve'>The ferry </w:t></w:r>"
        "<w:del><w:r><w:delText>boat</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>stops</w:t></w:r></w:ins><w:r><w:br/><w:t>now</w:t><w:tab/><w:t>and then.</w:t></w:r>"
        "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>One</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Two</w:t></w:r></w:p></w:tc>"
        "</w:tr></w:tbl>"
    )
    assert only("a.docx", raw_word(body)).text == "The ferry stops\nnow and then.\n\nOne\n\nTwo"


def test_word_of_nexis_uni() -> None:
    lines = [
        "Ferry to Oro stops", "The Brill Echo", "June 3, 2019 Monday", "Copyright 2019 Brill Echo",
        "Length:\u00a042 words", "Byline: Ann Lee", "Body", FERRY, SPRING, "Classification",
        "Language: ENGLISH", "End of Document",
    ]  # fmt: skip
    record = only("a.DOCX", word(*lines))
    assert record.text == TEXT
    assert (record.about["outlet"], record.about["author"], record.date) == (
        "The Brill Echo",
        "Ann Lee",
        date(2019, 6, 3),
    )


def test_open_document() -> None:
    text, office = "urn:oasis:names:tc:opendocument:xmlns:text:1.0", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="{text}"><office:body><office:text>'
        f"<text:h>Ferry<text:s/>stops</text:h><text:p>{FERRY}<text:note><text:p>A note.</text:p></text:note></text:p>"
        f"<text:p><text:span>{SPRING}</text:span></text:p></office:text></office:body></office:document-content>"
    )
    data = zipped({"content.xml": content}, "application/vnd.oasis.opendocument.text")
    assert only("a.odt", data).text == f"Ferry stops\n\n{TEXT}"


def test_rich_text() -> None:
    data = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}{\info{\title Ferry stops}}"
        rf"{{\pict\pngblip 89504e47}}\f0 {FERRY}\par \'93It will run again in spring,\'94 she said.\par}}"
    )
    record = only("a.rtf", data.encode())
    assert (record.text, record.about) == (TEXT, {"title": "Ferry stops"})
    assert only("a.doc", data.encode()).text == TEXT


def pdf(pages: list[list[str]]) -> bytes:
    """Return a PDF in which each line is placed by itself."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        stream = "BT /F1 12 Tf 14 TL 72 720 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    data, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF"
    return f"{data}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def test_pdf_without_headers_footers_and_hyphens() -> None:
    boats = ["ferry", "barge", "yacht"]
    pages = [
        [
            f"The Brill Echo, page {n}",
            f"The {boat} to Oro stops on Mon-",
            f"day, the {boat} master said today.",
            f"{n} of 3",
        ]
        for n, boat in enumerate(boats, 1)
    ]
    text = " ".join(only("a.pdf", pdf(pages)).text.split())
    assert text == " ".join(f"The {boat} to Oro stops on Monday, the {boat} master said today." for boat in boats)


def test_pdf_without_text() -> None:
    assert refused("a.pdf", pdf([[]])).startswith("a PDF without text, perhaps of scanned pages.")
    assert refused("a.pdf", b"%PDF-1.7\nnothing").startswith("a PDF that cannot be read (")


def test_epub() -> None:
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    package = (
        '<package xmlns:dc="x"><metadata><dc:title>Harbours</dc:title><dc:creator>Ann Lee</dc:creator>'
        "<dc:language>en</dc:language><dc:date>2019-06-03</dc:date></metadata>"
        '<manifest><item id="b" href="two.xhtml"/><item id="a" href="one%20.xhtml"/><item id="c" href="c.xhtml"/>'
        '</manifest><spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine></package>'
    )
    page = "<html><head><title>x</title></head><body><p>{}</p></body></html>"
    parts = {
        "META-INF/container.xml": container,
        "OEBPS/book.opf": package,
        "OEBPS/one .xhtml": page.format(FERRY),
        "OEBPS/two.xhtml": page.format(SPRING),
        "OEBPS/c.xhtml": page.format("<img/>"),
    }
    Path("a.epub").write_bytes(zipped(parts, "application/epub+zip"))
    first, second = [item for item in read_items("a.epub") if isinstance(item, Record)]
    assert (first.text, second.text, second.id) == (FERRY, SPRING, "a.epub#2")
    assert first.about == {"title": "Harbours", "author": "Ann Lee", "language": "en"}
    assert first.date == date(2019, 6, 3)


def mail(fill: Callable[[EmailMessage], Any]) -> bytes:
    message = EmailMessage()
    message["From"] = "Ann Lee <ann@example.org>"
    message["Subject"] = "Ferry – stops"
    message["Date"] = "Mon, 03 Jun 2019 10:00:00 +0000"
    message["Message-ID"] = "<1@example.org>"
    fill(message)
    return message.as_bytes()


@pytest.mark.parametrize("name", ["a.eml", "a", "a.txt"])
def test_mail(name: str) -> None:
    def fill(message: EmailMessage) -> None:
        message.set_content(TEXT)
        message.add_alternative(f"<p>{FERRY}</p>", subtype="html")
        message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")

    record = only(name, mail(fill))
    assert (record.text.strip(), record.date) == (TEXT, date(2019, 6, 3))
    assert record.about == {"title": "Ferry – stops", "author": "Ann Lee <ann@example.org>"}


def test_mail_of_html_alone() -> None:
    data = mail(lambda message: message.set_content(f"<p>{FERRY}</p><p>{SPRING}</p>", subtype="html"))
    assert only("a.eml", data).text == TEXT


def test_saved_page() -> None:
    article = f"<article><p>{FERRY}</p><p>{SPRING}</p></article>"
    page = f"<html><head><title>Ferry stops</title></head><body>{article}</body></html>"
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://echo.example.org/ferry"
    message.set_content(page, subtype="html")
    message.make_related()
    record = only("a.mhtml", message.as_bytes())
    assert (record.text, record.about["url"]) == (TEXT, "https://echo.example.org/ferry")


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.epub", "a.rtf", "a.pdf"])
@pytest.mark.parametrize("content", [b"\0\1\2\3" * 30, b"PK\x03\x04broken"])
def test_broken(name: str, content: bytes) -> None:
    assert refused(name, content)


def test_entities_are_not_expanded_and_nothing_is_opened() -> None:
    Path("secret.txt").write_text("secret")
    start = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "secret.txt">]>'
    data = zipped({"word/document.xml": f"{start}<d><p>It rained. &b; &c;</p></d>"})
    record = only("a.docx", data)
    assert "secret" not in record.text
    assert "haha" not in record.text


def test_a_bomb_is_bounded() -> None:
    data = zipped({"word/document.xml": b"<d><p>" + b"It rained. " * 7_000_000 + b"</p></d>"})
    assert len(data) < 2_000_000
    assert refused("a.docx", data).startswith("a Word document with a part of more than 64 MiB")


def test_headings_of_a_pdf_are_paragraphs_of_their_own() -> None:
    wide = "The ferry to Oro stops on Monday, the harbour master said, and nobody knew"
    top = f"Ferry to Oro stops\nBy Eva Holm\n{wide}\nwhen it would run again."
    page = f"{top}\nBo Stone said on\nmonday, in a box\n{wide}\nwhy."
    assert text_of_pages([page]).split("\n\n") == [
        "Ferry to Oro stops", "By Eva Holm", f"{wide} when it would run again.",
        "Bo Stone said on monday, in a box", f"{wide} why.",
    ]  # fmt: skip


def test_saved_page_says_itself_how_it_is_encoded() -> None:
    text = "“It works,” said Ann Lee of Café Oro. " * 9
    html = f"<html><head><meta charset='utf-8'></head><body><p>{text}</p></body></html>"
    Path("page.mhtml").write_bytes(
        b"From: <Saved by Blink>\nSnapshot-Content-Location: https://echo.test/a\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----x"\n\n------x\nContent-Type: text/html\n'
        b"Content-Transfer-Encoding: 8bit\n\n" + html.encode() + b"\n------x--\n"
    )
    (record,) = read_items("page.mhtml")
    assert isinstance(record, Record)
    assert record.text.startswith("“It works,” said Ann Lee of Café Oro.")
