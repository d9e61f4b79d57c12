"""Feeds the readers with damaged files: `python tests/fuzz/fuzz_reading.py -max_total_time=60`.

Needs ``pip install ".[fuzz]"``. Whatever a file holds, reading it must end, raise nothing, number its items without a
gap, say each failure in one line, and give the same when it is read again.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["quotekit.batch"]):
    from quotekit.batch.reading import ReadOptions, read_items
    from quotekit.batch.records import Failure, Record

ENCODINGS = (None, None, None, "utf-8", "cp1252", "utf-16", "utf-7")
FOLDER = tempfile.mkdtemp()


def parquet() -> bytes:
    import pyarrow
    import pyarrow.parquet

    file = io.BytesIO()
    rows = {"text": ["It rained.", None, "“No,” she said."], "id": [1, 2, None], "tags": [["a"], [], None]}
    pyarrow.parquet.write_table(pyarrow.table(rows), file, row_group_size=2)
    return file.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP file whose members are stored as they are, so that what is damaged in them is read."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def tarred(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table articles (id integer, text text, day text)")
    connection.executemany("insert into articles values (?, ?, ?)", [(1, "It rained.", "2026-01-31"), (2, None, None)])
    connection.commit()
    path = os.path.join(FOLDER, "seed")
    connection.execute("vacuum into ?", [path])
    connection.close()
    with open(path, "rb") as file:
        return file.read()


# What is damaged: mutations of nothing seldom get as far as the second row. A folder is what an archive holds.
SEEDS: dict[str, bytes | dict[str, bytes]] = {"parquet": parquet(), "sqlite": database()}
for seed in sorted((Path(__file__).parent / "seeds").iterdir()):
    if seed.is_file():
        SEEDS[seed.name] = seed.read_bytes()
    else:
        # The type of an OpenDocument text or an EPUB book is its first member.
        files = sorted(filter(Path.is_file, seed.rglob("*")), key=lambda path: (path.name != "mimetype", path))
        SEEDS[seed.name] = {path.relative_to(seed).as_posix(): path.read_bytes() for path in files}
FORMATS = (None, *SEEDS)


def damaged(data: atheris.FuzzedDataProvider, seed: bytes) -> bytes:
    """``seed`` with a few stretches replaced, or something of the fuzzer's own."""
    if data.ConsumeProbability() < 0.2:
        return data.ConsumeBytes(4096)
    made = bytearray(seed)
    for _ in range(data.ConsumeIntInRange(0, 6)):
        at = data.ConsumeIntInRange(0, len(made))
        made[at : at + data.ConsumeIntInRange(0, 8)] = data.ConsumeBytes(data.ConsumeIntInRange(0, 12))
    return bytes(made[: data.ConsumeIntInRange(0, len(made))] if data.ConsumeProbability() < 0.2 else made)


def seeded(data: atheris.FuzzedDataProvider, format: str | None) -> bytes:
    """A damaged file of a format, or of any."""
    name = format or list(SEEDS)[data.ConsumeIntInRange(0, len(SEEDS) - 1)]
    seed = SEEDS[name]
    if isinstance(seed, bytes):
        return damaged(data, seed)
    hit = list(seed)[data.ConsumeIntInRange(0, len(seed) - 1)]
    parts = {**seed, hit: damaged(data, seed[hit])}
    whole = tarred(parts) if name == "tar" else zipped(parts)
    return damaged(data, whole) if data.ConsumeProbability() < 0.2 else whole


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
        file.write(packed(data, seeded(data, format)))
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
