"""How an explanation is made: `tracing` sees what is decided, `patterns` what nearly matched; `build` is the way."""
