"""What a script shows of itself when it is read, and nothing of it is executed."""
