"""One short script per queue, in the way its own documentation shows. They run in an environment of their own."""
