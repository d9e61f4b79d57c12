"""The trained network: its input, its output, and how the output is decoded."""

from quotekit.encoder.network import Encoder as Encoder
from quotekit.encoder.network import load_encoder as load_encoder
