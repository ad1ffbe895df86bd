"""What is kept, as the REST API shows it."""
