"""Paragraphs that the help of several commands shares. Help keeps the line breaks of a paragraph after ``\\b``."""

EPILOG = """\
[bold]Examples[/bold]
\b
  quotekit story.txt                          Show who said what.
  quotekit extract story.txt                  The same.
  quotekit extract articles/ -o quotes.csv    Read a folder into a file.
  quotekit report story.txt -o story.html     Make a page to read.
  quotekit group quotes.parquet               Find repeated quotes.
  quotekit speakers articles/                 List who speaks in a folder.
  quotekit people quotes.parquet              List who is who in an output.
  quotekit find quotes.parquet --words pier   Find quotes, the newest first.
  quotekit explain story.txt                  Explain each quote.
  quotekit extract --help                     Show every option.
"""

INPUTS = """\
[bold]Input[/bold]

Text (.txt, .md), HTML, PDF, Word, mails, feeds, exports of news databases, and files of many articles such as .jsonl, \
.csv, .parquet or .zip, also compressed as .gz or .zst. Some need an extra; a message says which. From a folder, all \
such files are read, including subfolders, in the order of their names; hidden files and links are skipped. Quote a \
pattern: "news/**/*.html". A file that you name may have any ending. The encoding is \
detected; --encoding sets it."""

EXIT_CODES = """\
[bold]Exit codes[/bold]
\b
    0  All inputs were read.
    1  Some inputs could not be read. Each has a line on standard error;
       the others were processed.
    2  Usage error, or none of the paths exist.
    3  The run failed: model or encoder missing or damaged, invalid file
       of rules or known speakers, output not writable, no workers.
  130  Stopped with Ctrl-C.
  143  Stopped by SIGTERM.
"""
