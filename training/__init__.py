"""How the package's measured data were made."""
