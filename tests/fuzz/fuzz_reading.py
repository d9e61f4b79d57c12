"""Feeds the readers with damaged files: `python tests/fuzz/fuzz_reading.py -max_total_time=60`.

Needs ``pip install ".[fuzz]"``. Whatever a file holds, reading it must end, raise nothing, number its items without a
gap, say each failure in one line, and give the same when it is read again.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tempfile

import atheris

with atheris.instrument_imports(include=["quotekit.batch"]):
    from quotekit.batch.reading import ReadOptions, read_items
    from quotekit.batch.records import Failure, Record

FORMATS = ("text", "html", "json", "jsonl", "csv", "tsv", "parquet")
ENCODINGS = (None, None, None, "utf-8", "cp1252", "utf-16", "utf-7")
FOLDER = tempfile.mkdtemp()


def parquet() -> bytes:
    import pyarrow
    import pyarrow.parquet

    file = io.BytesIO()
    rows = {"text": ["It rained.", None, "“No,” she said."], "id": [1, 2, None], "tags": [["a"], [], None]}
    pyarrow.parquet.write_table(pyarrow.table(rows), file, row_group_size=2)
    return file.getvalue()


# What is damaged: mutations of nothing seldom get as far as the second row.
SEEDS = {
    "text": "It rained, “Ann” said.\r\n\r\nNot more.".encode(),
    "html": b'<html><meta charset="cp1252"><body><article><p>It rained.</p><p>Yes.</p></article></body></html>',
    "json": b'[{"text": "It rained.", "id": 1, "day": "2026-01-31"}, "Two.", {"text": null}]',
    "jsonl": b'{"text": "It rained.", "id": 1, "day": "2026-01-31"}\n"Two."\n\n{"text": null, "x": [1, {"y": NaN}]}\n',
    "csv": b'text,id,day\n"It rained,\nshe said",1,2026-01-31\n,,\n',
    "tsv": b"text\tid\tday\nIt rained\t1\t2026-01-31\n",
    "parquet": parquet(),
}


def damaged(data: atheris.FuzzedDataProvider, seed: bytes) -> bytes:
    """``seed`` with a few stretches replaced, or something of the fuzzer's own."""
    if data.ConsumeProbability() < 0.2:
        return data.ConsumeBytes(4096)
    made = bytearray(seed)
    for _ in range(data.ConsumeIntInRange(0, 6)):
        at = data.ConsumeIntInRange(0, len(made))
        made[at : at + data.ConsumeIntInRange(0, 8)] = data.ConsumeBytes(data.ConsumeIntInRange(0, 12))
    return bytes(made[: data.ConsumeIntInRange(0, len(made))] if data.ConsumeProbability() < 0.2 else made)


def packed(data: atheris.FuzzedDataProvider, content: bytes) -> bytes:
    import zstandard

    how = data.ConsumeIntInRange(0, 5)
    if how == 0:
        return damaged(data, gzip.compress(content, 1))
    if how == 1:
        return damaged(data, zstandard.compress(content))
    return content


def one_input(raw: bytes) -> None:
    data = atheris.FuzzedDataProvider(raw)
    format = FORMATS[data.ConsumeIntInRange(0, len(FORMATS) - 1)]
    options = ReadOptions(
        format=format,
        encoding=ENCODINGS[data.ConsumeIntInRange(0, len(ENCODINGS) - 1)],
        id_field="id" if data.ConsumeBool() else None,
        date_field="day" if data.ConsumeBool() else None,
    )
    path = os.path.join(FOLDER, "input")
    with open(path, "wb") as file:
        file.write(packed(data, damaged(data, SEEDS[format])))
    items = list(read_items(path, options))
    assert [item.index for item in items] == list(range(len(items)))
    for item in items:
        assert item.source == path
        if isinstance(item, Failure):
            assert item.reason.endswith("."), item
            assert item.reason.isprintable() or not set(item.reason) & set("\r\n\0\x1b"), item
        else:
            assert isinstance(item, Record)
            assert isinstance(item.text, str)
            assert isinstance(item.id, str)
            assert item.id
            json.dumps(item.fields, allow_nan=False)
    assert list(read_items(path, options)) == items


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
