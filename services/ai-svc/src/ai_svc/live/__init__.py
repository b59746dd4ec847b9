"""Streams that a client can take up again where it lost them."""
