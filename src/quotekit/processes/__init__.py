"""Texts spread over processes."""
