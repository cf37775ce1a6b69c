"""Ids of the page of rounds."""

FORM = "form-runde"
STRIP = "runde-strip"
