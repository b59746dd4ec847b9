"""The local stack: everything that Rotina needs, as real processes of this machine, started by one command."""
