"""Reads messages (RFC 5322) by which forms are started."""
