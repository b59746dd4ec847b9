"""Backup, restore and the drill that proves them. The standard library only, but for the drill: a host needs no environment."""
