"""What rules and encoder propose on an article."""
