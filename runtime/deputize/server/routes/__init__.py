"""The operations, by noun. Each asks a use case and makes a document of what it returns."""
