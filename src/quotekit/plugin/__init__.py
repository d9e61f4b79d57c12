"""What the pytest plugin does when there is something to do: `quotekit.pytest_plugin` is what pytest loads."""
