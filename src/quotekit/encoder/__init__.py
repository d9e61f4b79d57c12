"""The network: what it reads and what it says."""

from quotekit.encoder.network import Encoder as Encoder
from quotekit.encoder.network import load_encoder as load_encoder
