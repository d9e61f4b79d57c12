"""Everything that rich draws."""
