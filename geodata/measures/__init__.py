"""Proceedings: their clocks, the ladder of a property, its deadlines, cuts of supply, and how they are entered."""
