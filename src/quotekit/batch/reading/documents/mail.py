"""Mails, and pages that a browser has saved as one file (MHTML)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from typing import BinaryIO

from quotekit.batch.reading.articles import Article, records
from quotekit.batch.reading.days import day_of
from quotekit.batch.reading.encodings import decoded
from quotekit.batch.reading.exports.pages import articles_of_page
from quotekit.batch.reading.faults import Fault, brief
from quotekit.batch.reading.markup import lines, parse_html
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.opening import everything
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.texts import main_text, records_of_text
from quotekit.batch.records import Record

LARGEST_MAIL = 2**26
"""Bytes of a mail with its attachments."""

_SAVED = re.compile(r"(?i)<saved by |snapshot-content-location|multipart/related")
_REMEDY = "Save its text as a .txt file"


def read_mail(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the text of a mail, or the article of a saved page. Attachments are left out."""
    data = everything(stream, LARGEST_MAIL)
    try:
        message = BytesParser(policy=policy.default).parsebytes(data)
        saved = bool(message["Snapshot-Content-Location"] or _SAVED.search(str(message["From"] or "")))
        plain = None if saved else message.get_body(("plain",))
        part = message.get_body(("html",)) if plain is None else plain
        text = "" if part is None else _text(part)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        raise Fault(f"a mail that cannot be read ({brief(error)})", _REMEDY) from error
    if not text.strip():
        raise Fault("a mail without text", _REMEDY)
    known = about(title=_header(message, "Subject"), author=_header(message, "From"))
    day = day_of(_header(message, "Date"))
    if plain is not None:
        yield from records_of_text(text.replace("\r\n", "\n"), source, known, day)
    elif export := articles_of_page(text):
        yield from records(export, source)
    elif saved:
        yield main_text(text, _header(message, "Snapshot-Content-Location") or None).record(source)
    else:
        root = parse_html(text, "a mail")
        yield Article("\n\n".join(() if root is None else lines(root)), day, {}, known).record(source)


def _text(part: MIMEPart) -> str:
    """Return the text of a part; a page without a charset says itself how it is encoded."""
    data = part.get_payload(decode=True)
    if part.get_content_subtype() == "html" and part.get_content_charset() is None and isinstance(data, bytes):
        return decoded(data, html=True)
    return str(part.get_content())


def _header(message: EmailMessage, name: str) -> str:
    return str(message[name] or "")
