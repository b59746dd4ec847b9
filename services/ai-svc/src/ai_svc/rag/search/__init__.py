"""Which pieces answer a question: words lead, vectors add, access is decided first."""
