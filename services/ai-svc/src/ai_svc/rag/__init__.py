"""Retrieval over documents, and answers that quote them."""
