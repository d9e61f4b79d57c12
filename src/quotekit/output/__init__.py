"""Safe output: whole files or none, cells that are not formulas, text without control codes."""
