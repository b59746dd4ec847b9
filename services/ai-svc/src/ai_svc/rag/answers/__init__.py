"""Answers with citations that are checked, or an honest 'not found'."""
