"""Pages in HTML: one article (`article`), and many (`folder`)."""
