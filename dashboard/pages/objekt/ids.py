"""Ids of the page of one property."""

MAP = "objekt-map"
MAP_PARTS = "objekt-map-parts"
