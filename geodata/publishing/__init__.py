"""What an office releases: frozen, hashed, and held back where a number is small."""
