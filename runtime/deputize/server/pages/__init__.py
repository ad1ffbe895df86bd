"""The pages that people see: templates, and what fills them."""
