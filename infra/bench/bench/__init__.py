"""Measures the numbers of the design with the real processes, on durable servers, and prints them beside their bars."""
