"""The commands of the command line, one module each; `quotekit.cli` registers them."""
