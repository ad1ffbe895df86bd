"""How secrets are made, hashed, sealed, and kept from being guessed."""
