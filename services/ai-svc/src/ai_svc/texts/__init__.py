"""Text jobs: process, summarise, answer from a given text, and batches of these."""
