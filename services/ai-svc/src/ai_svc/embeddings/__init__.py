"""Texts as vectors: the offline model and servers that speak the OpenAI protocol; spaces, and which one is live."""
