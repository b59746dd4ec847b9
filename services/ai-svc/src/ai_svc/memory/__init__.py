"""What the assistant remembers. Today: notable events of the product, as episodes."""
