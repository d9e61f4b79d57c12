"""Imports onnxruntime, which runs the network, so that it sends nothing."""

from __future__ import annotations

import os
from typing import Any

TELEMETRY = "ORT_DISABLE_TELEMETRY"
"""onnxruntime reads this variable when it is imported. `onnxruntime.disable_telemetry_events` would be too late."""


def onnxruntime() -> Any:
    """Import onnxruntime with its telemetry off, unless the user has set otherwise, and return it.

    Recent versions otherwise write a device id below the user's cache folder and send events to their maker.
    """
    os.environ.setdefault(TELEMETRY, "1")
    import onnxruntime

    return onnxruntime
