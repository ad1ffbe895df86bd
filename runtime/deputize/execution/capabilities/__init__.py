"""The host side of what a script is given, one module per capability."""
