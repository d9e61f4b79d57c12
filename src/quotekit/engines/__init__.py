"""quotekit inside other engines: Arrow record batches (`arrow`), and on them Ray Data (`ray`) and Spark (`spark`)."""
