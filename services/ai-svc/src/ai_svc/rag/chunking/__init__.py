"""Text into pieces that know where they came from. Pure."""
