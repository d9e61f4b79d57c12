"""Which candidates win, how confident each is, and the quotes made of them."""
