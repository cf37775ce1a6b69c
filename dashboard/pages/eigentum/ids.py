"""Ids of the page of owners."""

WORDS = "eigentum-words"
FOUND = "eigentum-found"
DATE = "eigentum-date"
