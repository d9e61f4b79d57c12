"""Who is in the article: its names, bodies and office holders."""
