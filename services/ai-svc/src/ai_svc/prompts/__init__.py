"""Prompts as immutable versions with labels that move; files in git seed them."""
