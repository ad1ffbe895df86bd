"""The way over from legacy integrations: what there is, what would change, and the change itself."""
