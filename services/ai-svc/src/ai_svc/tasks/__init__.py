"""What takes long: a row that a person can ask after, done in the background and taken up again after a crash."""
