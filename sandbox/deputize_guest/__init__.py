"""The jailed side."""
