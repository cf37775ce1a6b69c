"""Rounds that are planned: which objects, in which order, and what came of them."""
