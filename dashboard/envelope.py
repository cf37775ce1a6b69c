"""Is the body of a callback request one that our own front end could have sent? Dash answers 500 to most others."""

from collections.abc import Mapping
from typing import Any


def envelope_problem(body: Any, callbacks: Mapping[str, Mapping[str, Any]]) -> str | None:
    """What is wrong with the body of a callback request, in words; None = it has the shape of a registered callback.

    `callbacks` is Dash's own table: output id -> {"inputs": [{"id", "property"}], "state": [...]}. Values are not
    judged here, only that they come under the names that the callback was registered with.
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
    if not _is_outputs(body.get("outputs") or []):
        return "The outputs are not a list of components and properties."
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


def _is_outputs(sent: Any) -> bool:
    if isinstance(sent, list):
        return all(_is_outputs(item) for item in sent)
    return isinstance(sent, dict) and isinstance(sent.get("id"), (str, dict)) and isinstance(sent.get("property"), str)
