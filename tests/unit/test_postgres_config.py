"""The configuration of the embedded PostgreSQL on machines of different sizes."""

from pathlib import Path

import pytest

from geodata import postgres_config


@pytest.mark.parametrize(("memory_mb", "shared"), [(512, "128MB"), (4_096, "512MB"), (65_536, "1024MB")])
def test_most_of_the_memory_is_left_to_others(memory_mb: int, shared: str) -> None:
    assert postgres_config.memory_settings(memory_mb)["shared_buffers"] == shared


def test_where_shared_memory_is_closed_to_others_files_are_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres_config, "SHARED_MEMORY", tmp_path)
    tmp_path.chmod(0o755)
    assert postgres_config.memory_settings(4_096)["dynamic_shared_memory_type"] == "mmap"
    tmp_path.chmod(0o1777)
    assert postgres_config.memory_settings(4_096)["dynamic_shared_memory_type"] == "posix"


def test_a_path_with_a_quote_stays_one_value() -> None:
    assert "folder = '/srv/o''neil'\n" in postgres_config.render({"folder": "/srv/o'neil"})
