"""The language of scripts: Python, judged before it runs."""
