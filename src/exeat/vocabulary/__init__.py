"""What a transaction may say: facts, their types, code lists and questions; reading a transaction."""
