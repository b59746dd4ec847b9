"""What can be said about a text by looking at it: its windows, quotes, numbers, words. Pure, and without any model."""
