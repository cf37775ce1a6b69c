"""Ids of the page, and the parts of its link beside those of the common filter."""

from typing import Final

LIST: Final = "erwerb-list"

WAY: Final = "way"
STATE: Final = "standing"
# What opens a form: its key, the proceeding or the object that it is about, and the words of the search for an object.
FORM: Final = "form"
MEASURE: Final = "measure"
PROPERTY: Final = "property"
FIND: Final = "find"
OPENING: Final = (FORM, MEASURE, PROPERTY, FIND)
