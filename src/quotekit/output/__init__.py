"""Safe output: files that are complete or absent, cells that are not formulas, text without control codes."""
