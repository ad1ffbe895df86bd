"""The REST API of the embedded platform: one module per noun, every request judged for who makes it."""
