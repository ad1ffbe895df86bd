"""Modules of the standard library that scripts get in another make, each with the same names."""
