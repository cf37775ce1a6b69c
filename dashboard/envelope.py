"""Is the body of a callback request one that our own front end could have sent? Dash answers 500 to most others."""

from collections.abc import Mapping
from typing import Any, Final

INTEGER_LIMIT: Final = 2**63


def envelope_problem(body: Any, callbacks: Mapping[str, Mapping[str, Any]]) -> str | None:
    """What is wrong with the body of a callback request, in words; None = it has the shape of a registered callback.

    `callbacks` is Dash's own table: output id -> {"inputs": [{"id", "property"}], "state": [...]}. Values are not
    judged here, only that they come under the names that the callback was registered with, and that the database can
    hold them.
    """
    if not isinstance(body, dict):
        return "The body is not an object."
    output = body.get("output")
    if not isinstance(output, str) or output not in callbacks or "callback" not in callbacks[output]:
        return "No such callback."
    spec = callbacks[output]
    for name in ("inputs", "state"):
        if not _matches(body.get(name, []), spec.get(name, [])):
            return f"The {name} are not those of the callback."
    if not _is_outputs(body.get("outputs"), output):
        return "The outputs are not those of the callback."
    if not is_storable([body.get("inputs"), body.get("state")]):
        return "A value holds a character or a number that the database cannot hold."
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(item, str) for item in changed):
        return "changedPropIds is not a list of names."
    return None


def _matches(sent: Any, expected: list[dict[str, Any]]) -> bool:
    return (
        isinstance(sent, list)
        and len(sent) == len(expected)
        and all(_is_same(item, target) for item, target in zip(sent, expected, strict=True))
    )


def _is_same(sent: Any, expected: Mapping[str, Any]) -> bool:
    if str(expected["id"]).startswith("{"):  # a pattern: one object, or a list of those that match it
        items = sent if isinstance(sent, list) else [sent]
        return all(isinstance(item, dict) and isinstance(item.get("id"), dict) for item in items)
    return isinstance(sent, dict) and (sent.get("id"), sent.get("property")) == (expected["id"], expected["property"])


def _is_outputs(sent: Any, output: str) -> bool:
    """Dash keeps the names of the outputs and looks for the values under those that were sent: they must be the same.

    `output` is `id.property`, or `..id.property...id.property..` where there are several.
    """
    if "{" in output:  # a pattern: which components it means is known to the front end alone
        return isinstance(sent, list | dict)
    items = sent if output.startswith("..") else [sent]
    names = output.removeprefix("..").removesuffix("..").split("...")
    return isinstance(items, list) and [_name(item) for item in items] == names


def _name(item: Any) -> str | None:
    return f"{item.get('id')}.{item.get('property')}" if isinstance(item, dict) else None


def is_storable(value: Any) -> bool:
    """PostgreSQL has no text with NUL or half a character and no integer over 64 bits; each would end as a 500."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item
        elif not _fits(item):
            return False
    return True


def _fits(item: Any) -> bool:
    if isinstance(item, str):
        return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in item)
    return not isinstance(item, int) or -INTEGER_LIMIT <= item < INTEGER_LIMIT
