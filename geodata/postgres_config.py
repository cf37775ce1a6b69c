"""The part of PostgreSQL's configuration that is ours, sized to the machine and silent about data."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - only its size is asked


def settings() -> dict[str, object]:
    """Names and values for this machine, save for the place of the socket."""
    return {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": 100,
        **memory_settings(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20),
        # One machine of an office: loads of a million rows must not meet a checkpoint every few seconds.
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": 1.1,
        # Compiling queries costs more than our short ones take.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Facts about houses do not belong into a log: neither statements nor parameters nor details of rows.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length": 0,
        "log_line_prefix": "%m [%p] %u@%d ",
    }


def memory_settings(memory_mb: int) -> dict[str, object]:
    """Shares of the machine's memory that leave most of it to the web server, the ETL and everything else."""
    return {
        "shared_buffers": f"{max(128, min(1024, memory_mb // 8))}MB",
        "effective_cache_size": f"{max(256, memory_mb // 2)}MB",
        "maintenance_work_mem": f"{max(64, min(512, memory_mb // 16))}MB",
        "work_mem": "16MB",
        "dynamic_shared_memory_type": "posix" if _is_usable(SHARED_MEMORY) else "mmap",
    }


def _is_usable(folder: Path) -> bool:
    """Whether PostgreSQL's account may write there and parallel queries find room.

    Containers often have 64 MB there, and a query would end with "could not resize shared memory segment"; in a chroot
    the folder may be an ordinary one that only root may write to.
    """
    return folder.is_dir() and bool(folder.stat().st_mode & 0o002) and shutil.disk_usage(folder).total >= 512 * 2**20


def render(values: Mapping[str, object]) -> str:
    """The text of a configuration file."""
    quoted = {name: str(value).replace("\\", "\\\\").replace("'", "''") for name, value in values.items()}
    lines = [f"{name} = '{value}'" for name, value in quoted.items()]
    return "\n".join(["# Written at each start; changes here are lost.", *lines]) + "\n"
