"""Word documents and OpenDocument texts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from quotekit.batch.reading.documents.zipped import opened_zip, part_of
from quotekit.batch.reading.faults import Fault
from quotekit.batch.reading.markup import local, parse_xml, text_of, walk
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.opening import on_disk
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.texts import records_of_text
from quotekit.batch.records import Record

_WORD, _ODT = "a Word document", "an OpenDocument text"
_NOT_TEXT = frozenset({"delText", "instrText", "del", "moveFrom", "footnotePr", "pPr", "rPr", "sectPr", "Fallback"})
_NOTES = frozenset({"note", "annotation", "tracked-changes", "bookmark", "sequence-decls", "table-of-content"})


def read_docx(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the article of a Word document, or those of an export. Deleted text, notes and fields are left out."""
    with on_disk(stream) as file, opened_zip(file, _WORD) as archive:
        root = _part(archive, "word/document.xml", _WORD)
        core = part_of(archive, "docProps/core.xml", _WORD)
        known = {} if core is None else _about(parse_xml(core, _WORD))
        yield from records_of_text("\n\n".join(_paragraphs(root, ("p",), _NOT_TEXT)), source, known)


def read_odt(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the article of an OpenDocument text, or those of an export. Notes and deleted text are left out."""
    with on_disk(stream) as file, opened_zip(file, _ODT) as archive:
        root = _part(archive, "content.xml", _ODT)
        meta = part_of(archive, "meta.xml", _ODT)
        known = {} if meta is None else _about(parse_xml(meta, _ODT))
        yield from records_of_text("\n\n".join(_paragraphs(root, ("p", "h"), _NOTES)), source, known)


def _part(archive: zipfile.ZipFile, name: str, called: str) -> Any:
    data = part_of(archive, name, called)
    if data is None:
        raise Fault(f"not {called}: it has no {name}", "Save it again, or save its text as a .txt file")
    return parse_xml(data, called)


def _about(root: Any) -> dict[str, str]:
    """Return title and language. Who made the file need not be who wrote the article."""
    found = {local(element): text_of(element) for element in root.iter() if local(element)}
    return about(title=found.get("title"), language=found.get("language"))


def _paragraphs(root: Any, names: tuple[str, ...], skipped: frozenset[str]) -> Iterator[str]:
    """Yield the text of each paragraph, in order; one inside another (a text box) comes first."""
    texts: list[list[str]] = [[]]
    for element, done in walk(root, skipped):
        name = local(element)
        if not done:
            if name in names:
                texts.append([])
            texts[-1].append(_mark(element, name))
            continue
        if name in names and (text := "".join(texts.pop()).strip()):
            yield text
        if element is not root and element.tail:
            texts[-1].append(element.tail)


def _mark(element: Any, name: str) -> str:
    """Return the text of an element, or the character that it represents."""
    if name in ("tab", "s"):
        return " "
    if name in ("br", "cr", "line-break"):
        return "\n"
    if name == "noBreakHyphen":
        return "-"
    return element.text or ""
