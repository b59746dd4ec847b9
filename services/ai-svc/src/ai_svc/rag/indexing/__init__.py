"""From documents that are wanted to passages that are found.

Fetching, parsing, cutting and embedding happen outside of any transaction; one transaction swaps the result in.
"""
