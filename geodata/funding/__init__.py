"""Funding: what was granted, called, paid and spent, until when, and what becomes of money that nobody used."""
