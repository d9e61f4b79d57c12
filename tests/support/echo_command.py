"""`quotekit` with an extractor that needs no model: ``python tests/support/echo_command.py extract ...``."""

from stand_ins import EchoExtractor

if __name__ == "__main__":
    import quotekit.extractor
    from quotekit.cli import main

    quotekit.extractor.Extractor = EchoExtractor
    main()
