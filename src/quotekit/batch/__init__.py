"""Folders of articles: what is read (`reading`), how it is worked through (`running`), what is written (`writing`)."""
