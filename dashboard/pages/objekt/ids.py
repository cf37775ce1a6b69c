"""Ids of the page of one property."""

MAP = "objekt-map"
MAP_PARTS = "objekt-map-parts"
OWNERS = "objekt-owners"
OWNERS_ASK = "objekt-owners-ask"
OWNERS_ABOUT = "objekt-owners-about"
