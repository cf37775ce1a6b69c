"""What is kept how long, what was erased, and backups that come back."""
