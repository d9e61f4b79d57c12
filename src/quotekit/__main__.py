"""``python -m quotekit``: the command line, where the `quotekit` command is not on the path."""

from quotekit.cli import main

if __name__ == "__main__":
    main()
