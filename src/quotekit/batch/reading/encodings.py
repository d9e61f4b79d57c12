"""Bytes as text: UTF-8, what a byte order mark says, or the best guess."""

from __future__ import annotations

import codecs
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from quotekit.batch.reading.faults import Fault, brief
from quotekit.batch.reading.opening import LARGEST

HEAD = 1 << 20
"""Bytes at the beginning of a file of many articles by which its encoding is told."""

_SAMPLE = 1 << 16
_BINARY = 1024
# The longer ones first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = 0.7
"""Of UTF-16 text in Latin letters at least so many of every other byte are NUL."""

_LEAST = 32
_WESTERN = "cp1252"
_SURE = 0.02
"""How much more noise than the best guess Western text may have, and still be taken for that."""

_RARE = 0.2

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_KNOWN = re.compile(r"cp125\d|cp874|cp932|iso8859-\d+|koi8-[ru]|mac-roman|shift_jis|euc_(jp|kr)|gb\w+|big5\w*|ascii")
_ESCAPED = re.compile("[\udc80-\udcff]")
_REMEDY = "Say which encoding it has with --encoding, for example --encoding cp1252, and name text files only"


def decoded(data: bytes, encoding: str | None = None, *, html: bool = False) -> str:
    """A whole file as text, without a byte order mark, line ends as they are.

    Tried in turn: ``encoding`` alone, if given; UTF-16 without a mark, if every other byte is NUL; UTF-8; a byte order
    mark; what ``html`` says of itself; and charset-normalizer's guess. The text is never mended: what does not decode
    to the last byte is not that.

    >>> decoded(b"caf\\xc3\\xa9"), decoded(b"The caf\\xe9 is closed.")
    ('café', 'The café is closed.')

    Raises:
        Fault: none of these fits.
    """
    if encoding is not None:
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeError as error:
            raise Fault(f"not {encoding.upper()} text{_at(error)}", _REMEDY) from error
    wide = _wide(data, whole=True)
    if wide is not None:
        return data.decode(wide)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        first = error
    marked = _marked(data)
    if marked is not None:
        try:
            return data.decode(marked)
        except UnicodeError as error:
            raise Fault(f"not {marked.upper()} text as its first bytes say{_at(error)}", _REMEDY) from error
    for candidate in (_declared(data) if html else None, *_guesses(data, first.start)):
        if candidate is not None:
            try:
                return data.decode(candidate)
            except UnicodeError:
                continue
    raise _unknown(data, first)


class Lines:
    """The lines of a stream as text, one after the other, with their line ends; never more than one in memory.

    What does not decode is in the text as `undecodable` finds it, so that one bad line does not cost the others.

    Attributes:
        encoding: what the stream is read as.
    """

    def __init__(self, stream: BinaryIO, encoding: str | None, *, newline: str, guess: bool) -> None:
        """``newline`` as of `open`; without ``guess`` it is UTF-8 unless a mark or ``encoding`` says otherwise.

        Raises:
            Fault: it is no text.
        """
        head, error = _beginning(stream, HEAD if guess and encoding is None else len(codecs.BOM_UTF32_LE))
        self.encoding = encoding or _encoding_of(head, guess, whole=len(head) < HEAD and error is None)
        # UTF-8 in particular: a mark that stands there all the same is none of the text.
        if codecs.lookup(self.encoding).name == "utf-8":
            self.encoding = "utf-8-sig"
        again: Any = io.BufferedReader(_Again(head, error, stream))
        self._text = io.TextIOWrapper(again, self.encoding, "surrogateescape", newline=newline)

    def __iter__(self) -> Iterator[str | None]:
        """Each line, or ``None`` for one of more than `LARGEST` characters.

        Raises:
            Fault: from here on nothing decodes.
        """
        try:
            while line := self._text.readline(LARGEST + 1):
                if len(line) <= LARGEST:
                    yield line
                    continue
                while line and not line.endswith(("\n", "\r")):
                    line = self._text.readline(LARGEST)
                yield None
        except UnicodeError as error:
            raise Fault(f"not {self.encoding.upper()} text any more{_at(error)}", _REMEDY) from error


def undecodable(text: str, encoding: str) -> str | None:
    """What is said of a text of `Lines` that did not decode; ``None`` if it did."""
    found = _ESCAPED.search(text)
    if found is None:
        return None
    return f"not {encoding.removesuffix('-sig').upper()} text (byte 0x{ord(found[0]) - 0xDC00:02x}). {_REMEDY}."


class _Again(io.RawIOBase):
    """A stream whose beginning has been read already, and perhaps the error that ended it."""

    def __init__(self, head: bytes, error: Exception | None, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._error = error
        self._rest: Any = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        if not self._head:
            if self._error is not None:
                raise self._error
            self._head = memoryview(self._rest.read1(len(target)))
        part = self._head[: len(target)]
        target[: len(part)] = part
        self._head = self._head[len(part) :]
        return len(part)


def _beginning(stream: Any, size: int) -> tuple[bytes, Exception | None]:
    """Up to ``size`` bytes, and what went wrong behind them: they are not lost for it."""
    head = b""
    try:
        # Not `read`, which gives nothing of what it has got so far when it fails.
        while len(head) < size and (more := stream.read1(size - len(head))):
            head += more
    except (OSError, EOFError, zlib.error, Fault) as error:
        return head, error
    return head, None


def _encoding_of(head: bytes, guess: bool, whole: bool) -> str:
    marked = _marked(head)
    if marked is not None or not guess:
        return marked or "utf-8"
    wide = _wide(head, whole)
    if wide is not None:
        return wide
    try:
        # A character may be cut at the end.
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError as error:
        if _mostly_utf_8(_sample(head, error.start)):
            return "utf-8"
        for candidate in _guesses(head, error.start):
            try:
                codecs.getincrementaldecoder(candidate)().decode(head, final=whole)
            except UnicodeError:
                continue
            return candidate
        raise _unknown(head, error) from error
    return "utf-8"


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _wide(data: bytes, whole: bool) -> str | None:
    """UTF-16 without a byte order mark, which is UTF-8 as well where it is ASCII, with a NUL behind every letter.

    Text that only has some NULs in it is not taken for that.
    """
    head = data[:_BINARY]
    if len(head) < _LEAST or _marked(head) is not None:
        return None
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if high.count(0) >= _WIDE * len(high):
            try:
                text = codecs.getincrementaldecoder(name)().decode(data, final=whole)
            except UnicodeDecodeError:
                return None
            return None if "\0" in text else name
    return None


def _declared(data: bytes) -> str | None:
    """The encoding that an HTML page names, where it is one of the usual ones."""
    found = _DECLARED.search(data, 0, 4096)
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    # Browsers read Latin-1 so, and pages are made for them.
    if name in ("iso8859-1", "ascii"):
        return _WESTERN
    return name if _KNOWN.fullmatch(name) else None


def _guesses(data: bytes, at: int) -> list[str]:
    """What charset-normalizer takes ``data`` for, judging by a sample around ``at``, the first byte that is not UTF-8.

    It is sure of a text in foreign letters, and guesses wildly where there are few, as in English. There it is shown
    only the words around them, and Western European text is taken first unless it looks clearly worse.
    """
    from charset_normalizer import from_bytes

    sample = _sample(data, at)
    if _mostly_utf_8(sample):
        return []
    if sum(byte > 127 for byte in sample) < _RARE * len(sample) and b"\0" not in sample:
        words = sample.split()
        marked = [i for i, word in enumerate(words) if not word.isascii()]
        shown = sorted({near for i in marked for near in range(max(0, i - 2), min(len(words), i + 3))})
        sample = b" ".join(words[i] for i in shown)
    matches = from_bytes(sample)
    best = matches.best()
    if best is None:
        return []
    # Text in one of the encodings without NULs has none.
    if b"\0" in data[:_BINARY] and not best.encoding.startswith(("utf_16", "utf_32")):
        return []
    western = next((match for match in matches if _WESTERN in match.could_be_from_charset), None)
    # If that does not decode to the end, the other guess is no better for it.
    return [_WESTERN if western is not None and western.chaos <= best.chaos + _SURE else best.encoding]


def _sample(data: bytes, at: int) -> bytes:
    start = 0 if at < _SAMPLE // 2 else at - _SAMPLE // 2
    # The beginning of a line, so as not to begin in mid-character.
    line = data.rfind(b"\n", max(0, start - 4096), start)
    return data[line + 1 if line >= 0 else start :][:_SAMPLE]


def _mostly_utf_8(sample: bytes) -> bool:
    """Whether it is UTF-8 with something wrong in it: in any other encoding hardly a letter would be right."""
    text = sample.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(not character.isascii() for character in text) > 2 * wrong


def _unknown(data: bytes, error: UnicodeDecodeError) -> Fault:
    if b"\0" in data[:_BINARY]:
        return Fault("not a text file", "Name text files only")
    return Fault(f"neither UTF-8 text{_at(error)} nor in another encoding that can be told", _REMEDY)


def _at(error: UnicodeError) -> str:
    if isinstance(error, UnicodeDecodeError) and error.start < len(error.object):
        return f" (byte 0x{error.object[error.start]:02x} at {error.start:,})"
    return f" ({brief(error)})"
