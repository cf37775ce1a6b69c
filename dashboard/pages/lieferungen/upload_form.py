"""The form that sends a file: a real file input with labels, drawn by `assets/lieferungen.js`.

`dcc.Upload` would send the file as base64 through a callback: a third larger, whole in memory, and hard to operate with
a keyboard. This form posts it as multipart, and its progress is the browser's own.
"""

from typing import Any, ClassVar

from dash.development.base_component import Component


class UploadForm(Component):
    """Source, mapping, file, as-of date; after the upload it goes to the page of the new upload."""

    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = []
    _namespace = "qm_upload"
    _type = "UploadForm"

    def __init__(self, **properties: Any) -> None:
        names = ["id", "action", "next", "sources", "mappings", "max_bytes", "texts"]
        self._prop_names = names
        self._valid_wildcard_attributes = []
        self.available_properties = names
        self.available_wildcard_properties = []
        super().__init__(**properties)
