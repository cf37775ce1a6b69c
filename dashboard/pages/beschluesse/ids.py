"""Ids of the page of resolutions."""

COURSE = "beschluesse-course"
