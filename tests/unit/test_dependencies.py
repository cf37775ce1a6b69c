"""The lock files: safe minimum versions, hashes, agreement with each other, no trace of a package index."""

import re

from packaging.version import Version

from geodata.settings import PROJECT_ROOT

# Older ones have published holes that matter here; an audit that cannot reach its sources would say nothing.
SAFE_SINCE = {"dash": "4.4.1", "flask": "3.1.3", "werkzeug": "3.1.6", "gunicorn": "23", "plotly": "7.1"}


def _read(name: str) -> str:
    return (PROJECT_ROOT / name).read_text(encoding="utf-8")


def _pins(name: str) -> set[tuple[str, str]]:
    """(name, version); a package may stand there twice, for two versions of Python."""
    return set(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", _read(name), flags=re.MULTILINE))


def test_known_holes_are_closed() -> None:
    pins = [(name, Version(version)) for name, version in _pins("requirements.lock") if name in SAFE_SINCE]
    assert {name for name, _ in pins} == set(SAFE_SINCE)
    assert [(name, version) for name, version in pins if version < Version(SAFE_SINCE[name])] == []


def test_the_test_lock_has_what_the_application_runs_with() -> None:
    assert _pins("requirements.lock") - _pins("requirements-dev.lock") == set()


def test_every_package_has_hashes_and_no_index_is_named() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = _read(name)
        pinned = re.findall(r"^[a-z0-9._-]+==.*\n(.*)", text, flags=re.MULTILINE)
        assert len(pinned) > 50
        assert [line for line in pinned if not line.startswith("    --hash=sha256:")] == []
        assert re.findall(r"https?://|--index|--find-links|--extra-index", text) == []
