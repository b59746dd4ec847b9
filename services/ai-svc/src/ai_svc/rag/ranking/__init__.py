"""The order of passages, and whether they hold an answer: pure, no table and no model."""
