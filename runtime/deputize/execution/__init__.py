"""Running a script: what it is given, what it asks for, how it ends."""
