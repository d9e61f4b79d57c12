"""What a text is before anybody asks who said what: paragraphs, boilerplate, quotation marks, parse."""

from quotekit.article.paragraphs import read_article as read_article
