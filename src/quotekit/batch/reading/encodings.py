"""The encoding of bytes: a byte order mark, UTF-8, what a page declares, or the best guess."""

from __future__ import annotations

import codecs
import re

from quotekit.batch.reading.faults import Fault, brief

REMEDY = "Say which encoding it has with --encoding, for example --encoding cp1252, and name text files only"

_SAMPLE = 1 << 16
_BINARY = 1024
# UTF-32 comes first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NULS = 0.7
"""Share of every other byte that is NUL, at least, in UTF-16 text of Latin letters."""

_SHORTEST_UTF_16 = 32
"""Bytes below which a text full of NULs is not taken for UTF-16."""

_WESTERN = "cp1252"
_GUESSED = [_WESTERN, "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254", "koi8_r", "shift_jis", "euc_jp", "euc_kr",
            "gb18030", "big5"]  # fmt: skip
_TOLERANCE = 0.02
"""How much noisier than the best guess Western text may look and still be preferred: here it is the most likely."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_TRUSTED = re.compile(r"cp125\d|cp874|cp932|iso8859-\d+|koi8-[ru]|mac-roman|shift_jis|euc_(jp|kr)|gb\w+|big5\w*|ascii")


def decoded(data: bytes, encoding: str | None = None, *, html: bool = False) -> str:
    """Decode a whole file, without a byte order mark and with line ends as they are.

    Without an ``encoding``, `detected` decides. All of the data must decode: bytes are never replaced or dropped.

    >>> decoded(b"caf\\xc3\\xa9"), decoded(b"The caf\\xe9 is closed.")
    ('café', 'The café is closed.')

    Raises:
        Fault: it does not decode, or no encoding fits.
    """
    name = encoding or detected(data, html=html)
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeError as error:
        marked = " as its first bytes say" if encoding is None else ""
        raise Fault(f"not {name.upper()} text{marked}{at(error)}", REMEDY) from error


def detected(data: bytes, *, whole: bool = True, rows: bool = False, html: bool = False) -> str:
    """Return the encoding of ``data``, whose last character may be cut off unless it is ``whole``.

    Tried in turn: a byte order mark; UTF-16 without one, if every other byte is NUL; UTF-8; what a page declares, with
    ``html``; and charset-normalizer's guess. With ``rows``, what is mostly UTF-8 counts as UTF-8: wrong bytes then
    cost their row and not the file.

    Raises:
        Fault: none of these fits.
    """
    known = marked(data) or _utf_16(data, whole)
    if known is not None:
        return known
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
        return "utf-8"
    except UnicodeDecodeError as error:
        sample = _sample(data, error.start)
        broken = _mostly_utf_8(sample)
        if rows and broken:
            return "utf-8"
        for name in (_declared(data) if html else None, None if broken else _guessed(data, sample)):
            if name is not None and _decodes(data, name, whole):
                return name
        raise _unknown(data, error) from error


def marked(data: bytes) -> str | None:
    """Return the encoding that a byte order mark names."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def at(error: UnicodeError) -> str:
    """Return where decoding failed, for a message."""
    if isinstance(error, UnicodeDecodeError) and error.start < len(error.object):
        return f" (byte 0x{error.object[error.start]:02x} at {error.start:,})"
    return f" ({brief(error)})"


def _decodes(data: bytes, name: str, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(data, final=whole)
    except UnicodeError:
        return False
    return True


def _utf_16(data: bytes, whole: bool) -> str | None:
    """Return the UTF-16 that ``data`` is in without a mark: it would decode as UTF-8 too, with NULs between letters."""
    head = data[:_BINARY]
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) >= _SHORTEST_UTF_16 and high.count(0) >= _NULS * len(high) and _decodes(data, name, whole):
            return None if "\0" in data.decode(name, "replace") else name
    return None


def _declared(data: bytes) -> str | None:
    """Return the encoding that an HTML page names, if it is a usual one."""
    found = _DECLARED.search(data, 0, 4096)
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    # Browsers read Latin-1 as Windows-1252, and pages are made for browsers.
    if name in ("iso8859-1", "ascii"):
        return _WESTERN
    return name if _TRUSTED.fullmatch(name) else None


def _guessed(data: bytes, sample: bytes) -> str | None:
    """Return charset-normalizer's guess, from the words around those that are not ASCII: others would hide them."""
    from charset_normalizer import from_bytes

    if b"\0" in data[:_BINARY]:
        return None
    words = sample.split()
    foreign = [i for i, word in enumerate(words) if not word.isascii()]
    shown = sorted({near for i in foreign for near in range(max(0, i - 2), min(len(words), i + 3))})
    matches = from_bytes(b" ".join(words[i] for i in shown), cp_isolation=_GUESSED)
    best = matches.best()
    western = next((match for match in matches if _WESTERN in match.could_be_from_charset), None)
    if best is None or (western is not None and western.chaos <= best.chaos + _TOLERANCE):
        return None if western is None else _WESTERN
    return best.encoding


def _sample(data: bytes, at: int) -> bytes:
    """Return bytes around the place ``at``, from the beginning of a line so that no character is cut."""
    start = max(0, at - _SAMPLE // 2)
    line = data.rfind(b"\n", max(0, start - 4096), start)
    return data[line + 1 if line >= 0 else start :][:_SAMPLE]


def _mostly_utf_8(sample: bytes) -> bool:
    """Return whether it is UTF-8 with a few wrong bytes: in any other encoding hardly a character would be right."""
    text = sample.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(not character.isascii() for character in text) > 2 * wrong


def _unknown(data: bytes, error: UnicodeDecodeError) -> Fault:
    if b"\0" in data[:_BINARY]:
        return Fault("not a text file", "Name text files only")
    return Fault(f"neither UTF-8 text{at(error)} nor in another encoding that can be detected", REMEDY)
