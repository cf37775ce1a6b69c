"""Ids of the planner. Those of links that change the plan stay the same, so that the focus stays where it was."""

MAP = "planer-map"
RECORDING = "planer-recording"


def of_stop(what: str, property_id: int) -> str:
    """The id of one thing to do with one object: up, down, remove, add."""
    return f"planer-{what}-{property_id}"
