"""Weeks of simulated business days on real processes, with a thousand random SIGKILLs, judged by an independent count."""
