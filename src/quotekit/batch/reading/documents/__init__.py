"""Documents of word processors, books and mails: each file one article, or an export of a news database."""
