"""HTTP, both sides: the application shell of every service, and the client that services call each other with."""
