"""What the product is about: values without input or output."""
