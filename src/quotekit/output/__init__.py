"""Safe output: whole files or none, cells that are no formula, text without control codes."""
