"""What may be done to a deployment: one module per act, the same for server, command line and page."""
