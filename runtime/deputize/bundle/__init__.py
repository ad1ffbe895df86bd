"""One run as one file: all that it takes to run it again without anybody, and without a secret."""
