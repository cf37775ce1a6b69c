"""Ids of the presentation."""

SLIDES = "praesentation-slides"
START = "praesentation-start"
STARTED = "praesentation-started"
MAP = "praesentation-map"
LIVE = "praesentation-live"
