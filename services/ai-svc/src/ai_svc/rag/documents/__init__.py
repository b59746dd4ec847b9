"""Documents, their versions and who may read them."""
