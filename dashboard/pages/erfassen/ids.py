"""Ids of the page that creates a hint or an object."""

FORM = "form-erfassen"
MAP = "erfassen-map"
MAP_PARTS = "erfassen-map-parts"
PLACE = "erfassen-place"
OBJECTS = "erfassen-objects"
