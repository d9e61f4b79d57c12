"""The network: what it reads and what it says."""

from quotekit.encoder.network import Encoder, load_encoder

__all__ = ["Encoder", "load_encoder"]
