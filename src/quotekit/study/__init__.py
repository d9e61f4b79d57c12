"""What is asked of many articles: who is who across them, and who said what about what."""
