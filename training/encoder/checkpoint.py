"""Checkpoints: everything that a training needs to go on after a stop, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

Settings = dict[str, Any]


class OtherSettings(Exception):
    """The checkpoint belongs to a training with other settings."""


def save(content: Any, path: Path) -> None:
    """Write ``content`` to ``path``; a reader finds the old file or the new one, never a part."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        torch.save(content, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def load(path: Path, settings: Settings) -> dict[str, Any] | None:
    """The checkpoint at ``path``, or None if there is no file.

    Raises:
        OtherSettings: it was written with settings other than ``settings``.
    """
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, weights_only=True, mmap=True)
    differences = [
        f"{name} was {state['settings'].get(name)!r} and is {settings.get(name)!r}"
        for name in sorted(settings.keys() | state["settings"].keys())
        if state["settings"].get(name) != settings.get(name)
    ]
    if differences:
        raise OtherSettings(f"{path} belongs to another training: {'; '.join(differences)}. Delete it to begin anew")
    return state
