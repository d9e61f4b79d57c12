"""The pytest plugin; pytest loads `hooks`."""
