"""The authorization server: how people let clients act for them, and how those get their tokens."""
