"""Values as TOML writes them."""

from __future__ import annotations

import json
import re
from typing import Any

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def toml_value(value: Any) -> str:
    """Return ``value`` as TOML, in one line.

    Raises:
        ValueError: TOML cannot express the value.

    >>> print(toml_value({"LEMMA": ["say", "no"], "odd key": 0.5}))
    {LEMMA = ["say", "no"], "odd key" = 0.5}
    """
    if isinstance(value, str):
        # JSON's escapes are TOML's too, except for this one character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{toml_key(key)} = {toml_value(item)}' for key, item in value.items())}}}"
    raise ValueError(f"TOML cannot express {value!r}; remove it, or use a .jsonl file")


def toml_key(key: str) -> str:
    """Return ``key`` as TOML, in quotation marks if it needs them."""
    return key if _BARE_KEY.fullmatch(key) else toml_value(key)
