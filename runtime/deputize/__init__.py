"""Deputize: scripts that act with exactly the authority of whoever set them off."""

__version__ = "0.1.0"
