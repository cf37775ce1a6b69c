"""Files that leave the application: what they say about themselves, and how tables and maps are written."""
