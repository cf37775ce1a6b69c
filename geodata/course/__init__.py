"""How well intervals were kept: by day, month, area and kind, what was found, and how far apart controls were."""
