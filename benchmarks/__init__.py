"""How well and how fast quotekit reads, each measured by one command; see README.md in this folder."""
