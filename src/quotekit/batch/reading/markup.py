"""HTML and XML as trees. Nothing in them is run, fetched or opened, and no entity is expanded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from quotekit.batch.reading.faults import Fault, brief, library
from quotekit.lexicon import load

BLOCKS = frozenset(load("html", "reading")["blocks"])
"""Elements of HTML that begin and end a line."""

_SKIPPED = frozenset(load("html", "reading")["skipped"])
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_AS_TEXT = "Save its text as a .txt file"


def parse_xml(data: bytes, called: str) -> Any:
    """Return the root of an XML document.

    Raises:
        Fault: it is not well-formed, or lxml is not installed.
    """
    etree = library("lxml.etree", "documents", called)
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Fault(f"{called} that is not well-formed XML ({brief(error)})", "Get the file again") from error
    return root


def parse_html(text: str, called: str = "HTML") -> Any:
    """Return the root of an HTML page, whatever is wrong with it; ``None`` if there is nothing in it.

    Raises:
        Fault: lxml is not installed.
    """
    etree = library("lxml.etree", "documents", called)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Fault(f"{called} that cannot be read ({brief(error)})", _AS_TEXT) from error


def local(element: Any) -> str:
    """Return the name of an element without its namespace; "" for a comment, and for ``None``."""
    tag = getattr(element, "tag", None)
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def walk(root: Any, skipped: Collection[str] = ()) -> Iterator[tuple[Any, bool]]:
    """Yield each element before its children, and again after them with true; only the latter if it is skipped.

    Comments are skipped, and so are elements of the names ``skipped``, with all that is in them.
    """
    # Not recursive, as a page may be deep.
    waiting: list[tuple[Any, bool]] = [(root, False)]
    while waiting:
        element, done = waiting.pop()
        done = done or not local(element) or local(element) in skipped
        if not done:
            waiting.append((element, True))
            waiting += ((child, False) for child in reversed(element))
        yield element, done


def lines(root: Any, blocks: frozenset[str] = BLOCKS, breaks: frozenset[str] = frozenset({"br"})) -> Iterator[str]:
    """Yield the text of each block on a line, with white space collapsed as in HTML."""
    pieces: list[str] = []

    def ended() -> Iterator[str]:
        line = _SPACE.sub(" ", "".join(pieces)).strip()
        pieces.clear()
        if line:
            yield line

    for element, done in walk(root, _SKIPPED):
        name = local(element)
        if name in blocks or name in breaks:
            yield from ended()
        if not done:
            pieces.append(element.text or "")
        elif element is not root:
            pieces.append(element.tail or "")
    yield from ended()


def text_of(element: Any) -> str:
    """Return the text of an element on one line; "" for ``None``."""
    return "" if element is None else _SPACE.sub(" ", " ".join(lines(element))).strip()
