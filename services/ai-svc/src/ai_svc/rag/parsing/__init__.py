"""Files into text with places, in child processes that a hostile file cannot outlive."""
