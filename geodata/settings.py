"""One typed object from the environment; nothing else reads os.environ, and a contradiction stops the start.

Without any DATABASE_URL the program runs its own PostgreSQL (*embedded*). With them it uses the server that is there
(*external*), installs nothing and shows no demonstration unless QM_DEMO=1.
"""

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from geodata.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SYSTEM_DATA_ROOT = Path("/var/lib/quartiermonitor")
DEFAULT_DATABASE_NAME = "quartiermonitor"
SECRET_KEY_MIN_LENGTH, SECRET_KEY_MIN_DISTINCT = 32, 8
# Keys that stand in examples; a server that signs sessions with one of them could be entered by every reader.
PUBLISHED_KEYS = ("demo", "change-me", "changeme", "secret", "example")
# The longest roles end in _login_politics, and PostgreSQL cuts names at 63 bytes without an error.
DatabaseName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,46}$")]


@dataclass(frozen=True)
class DatabaseUrls:
    """SQLAlchemy URLs of one database, one for each login; `owner` may be missing on a server that others migrate."""

    staff: str = field(repr=False)
    manager: str = field(repr=False)
    external: str = field(repr=False)
    politics: str = field(repr=False)
    accounts: str = field(repr=False)
    load: str = field(repr=False)
    owner: str | None = field(repr=False)
    database: str


class Settings(BaseSettings):
    """What an operator can set. Names are the environment variables; an empty value counts as not set.

    A secret may stand in a file instead, as containers hand them over: `<NAME>_FILE` names it. Both set is an error.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", populate_by_name=True, frozen=True)

    database_url: SecretStr | None = Field(
        default=None, description="Database of the web server, login of building control."
    )
    database_url_manager: SecretStr | None = Field(default=None, description="The same database, login of managers.")
    database_url_external: SecretStr | None = Field(
        default=None, description="The same database, login of neighbourhood offices that a contractor runs."
    )
    database_url_accounts: SecretStr | None = Field(
        default=None, description="The same database, login of the sign-in and of the administration."
    )
    database_url_politics: SecretStr | None = Field(default=None, description="The same database, login of politics.")
    database_url_load: SecretStr | None = Field(
        default=None, description="The same database, login that loads deliveries."
    )
    database_url_owner: SecretStr | None = Field(
        default=None,
        description="The same database, login that owns the tables and migrates; only `qm db migrate` needs it.",
    )
    database_url_admin: SecretStr | None = Field(
        default=None, description="A superuser's database on the same server; only `qm db bootstrap` needs it."
    )
    host: str = Field(default="127.0.0.1", description="Address on which the server listens.")
    port: int = Field(
        default=8050, ge=1, le=65535, description="Port; if it is taken, the next free one is used and said."
    )
    url_prefix: str = Field(default="/", description="Path under which a proxy offers the application, as /monitor/.")
    data_dir: Path | None = Field(
        default=None,
        validation_alias="QM_DATA_DIR",
        description="Folder of the embedded database, its passwords and uploads.",
    )
    mappings_dir: Path | None = Field(
        default=None,
        validation_alias="QM_MAPPINGS_DIR",
        description="Folder of own mappings, searched before the built-in.",
    )
    basemap: str | None = Field(
        default=None,
        validation_alias="QM_BASEMAP",
        description="Raster base map: URL with {z}/{x}/{y}; none by default.",
    )
    basemap_attribution: str | None = Field(
        default=None, validation_alias="QM_BASEMAP_ATTRIBUTION", description="Whom the base map names as its source."
    )
    contact: str | None = Field(
        default=None,
        max_length=300,
        validation_alias="QM_CONTACT",
        description="Whom users tell about barriers (office, e-mail, telephone); the page Accessibility shows it.",
    )
    case_url: str | None = Field(
        default=None,
        max_length=500,
        validation_alias="QM_CASE_URL",
        description="Link into the city's case system: https://... with {file_reference} in it; none by default.",
    )
    real_data: Path | None = Field(
        default=None,
        validation_alias="QM_REAL_DATA",
        description="Folder of real deliveries; tests over them run only with it.",
    )
    demo: bool | None = Field(
        default=None,
        validation_alias="QM_DEMO",
        description="Demonstration city and accounts; by default only when embedded.",
    )
    database_name: DatabaseName | None = Field(
        default=None,
        validation_alias="QM_DATABASE_NAME",
        description="Name of the embedded database [quartiermonitor].",
    )
    secret_key: SecretStr | None = Field(
        default=None, validation_alias="QM_SECRET_KEY", description="Key that signs sessions; generated when embedded."
    )
    session_idle_minutes: int = Field(
        default=30,
        ge=5,
        le=480,
        validation_alias="QM_SESSION_IDLE_MINUTES",
        description="Minutes without a request after which a session ends; after 12 hours it ends in any case.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        validation_alias="QM_TRUSTED_PROXIES",
        description="Number of proxies in front whose X-Forwarded-For, -Proto and -Host are believed; 0 believes none.",
    )
    trusted_hosts: str | None = Field(
        default=None,
        validation_alias="QM_TRUSTED_HOSTS",
        description="Host names under which the application is reached, with commas; others get 400. All by default.",
    )
    k_politics: int = Field(
        default=5,
        ge=3,
        le=50,
        validation_alias="QM_K_POLITICS",
        description="Publications hold back counts of 1 to this number less 1.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        validation_alias="QM_LOG_FORMAT",
        description="text for people, json (one object a line) for machines.",
    )
    debug: bool = Field(
        default=False, validation_alias="QM_DEBUG", description="Show tracebacks instead of one sentence."
    )

    @property
    def is_embedded(self) -> bool:
        """Whether the program runs a PostgreSQL of its own."""
        return not any(_given(self).values())

    @property
    def is_demo(self) -> bool:
        """Whether the demonstration city and its accounts belong into the database."""
        return self.is_embedded if self.demo is None else self.demo

    @property
    def embedded_database(self) -> str:
        """Name of the embedded database; the names of its roles start with it."""
        return self.database_name or DEFAULT_DATABASE_NAME

    @property
    def data_folder(self) -> Path:
        """Folder of the embedded cluster: as set, else as `contracts.md` "The embedded cluster" says."""
        return (self.data_dir or default_data_folder()).absolute()

    def external_urls(self) -> DatabaseUrls:
        """URLs of an external database with the driver that the program uses; embedded has none (see `startup`)."""
        given = _given(self)
        if self.is_embedded:
            raise SettingsError("No DATABASE_URL is set, so there is no external database.")
        owner = given["DATABASE_URL_OWNER"]
        return DatabaseUrls(
            staff=with_driver(str(given["DATABASE_URL"])),
            manager=with_driver(str(given["DATABASE_URL_MANAGER"])),
            external=with_driver(str(given["DATABASE_URL_EXTERNAL"])),
            politics=with_driver(str(given["DATABASE_URL_POLITICS"])),
            accounts=with_driver(str(given["DATABASE_URL_ACCOUNTS"])),
            load=with_driver(str(given["DATABASE_URL_LOAD"])),
            owner=None if owner is None else with_driver(owner),
            database=_target(str(given["DATABASE_URL"]))[1],
        )

    @property
    def hosts(self) -> list[str]:
        """The host names of QM_TRUSTED_HOSTS; empty = any."""
        return [host for part in (self.trusted_hosts or "").split(",") if (host := part.strip())]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller gives, then the environment, then files of secrets."""
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> Self:
        problems = [*_url_problems(self), *_other_problems(self)]
        if problems:
            raise ValueError(" ".join(problems))
        return self


class _SecretFiles(PydanticBaseSettingsSource):
    """Secrets from the files that `<NAME>_FILE` name: containers hand them over so, and no list of processes tells."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        """The text of the file of one setting; SettingsError when it cannot be read or the value is set as well."""
        key = field.validation_alias if isinstance(field.validation_alias, str) else field_name
        name = key.upper()
        path = os.environ.get(f"{name}_FILE", "")
        if not path or field.annotation != SecretStr | None:
            return None, key, False
        if os.environ.get(name, ""):
            raise SettingsError(f"{name} and {name}_FILE are both set; only one can be right.")
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no text"
            raise SettingsError(f"{name}_FILE={path} cannot be read: {reason}.") from None
        if not text:
            raise SettingsError(f"{name}_FILE={path} is empty.")
        return text, key, False

    def __call__(self) -> dict[str, str]:
        """All that stand in files."""
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {key: text for text, key, _ in found if text is not None}


def load_settings() -> Settings:
    """Read the environment; every problem ends in one SettingsError that names the variables and never a password."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(" ".join(_sentence(problem) for problem in error.errors())) from None


def default_data_folder() -> Path:
    """`.data/` of the project for a normal user, a folder under /var/lib for root and for the user root serves as.

    PostgreSQL refuses to run as root, and the user that it runs as cannot enter a checkout under /root; so root's
    folder lies outside of the checkout, always the same one for the same checkout.
    """
    system = SYSTEM_DATA_ROOT / hashlib.sha256(os.fsencode(PROJECT_ROOT)).hexdigest()[:16]
    try:
        is_own = system.stat().st_uid == os.geteuid()
    except OSError:
        is_own = False
    return system if os.geteuid() == 0 or is_own else PROJECT_ROOT / ".data"


def with_driver(url: str) -> str:
    """The URL with the driver psycopg 3 named: operators write postgres:// or postgresql://."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        # What stands there instead is not repeated: it may be a password in the wrong place.
        raise SettingsError("A database URL should look like postgresql://user:password@host/name.")
    return f"postgresql+psycopg://{rest}"


def _given(settings: Settings) -> dict[str, str | None]:
    roles = ("", "_manager", "_external", "_politics", "_accounts", "_load", "_owner")
    names = [f"database_url{role}" for role in roles]
    values = {name.upper(): getattr(settings, name) for name in names}
    return {name: None if value is None else value.get_secret_value() for name, value in values.items()}


def _target(url: str) -> tuple[str, str, str]:
    """(user, database, server) of a URL; the server without the password, fit for a message."""
    # Imported here: SQLAlchemy takes 0.2 s, and `qm --help` needs none of it.
    from sqlalchemy.engine import make_url

    parsed = make_url(with_driver(url))
    host = parsed.host or str(parsed.query.get("host", "local socket"))
    return parsed.username or "", parsed.database or "", f"{host}:{parsed.port or 5432}"


def _url_problems(settings: Settings) -> list[str]:
    given = _given(settings)
    if not any(given.values()):
        return []
    missing = [name for name, value in given.items() if value is None and name != "DATABASE_URL_OWNER"]
    present = [name for name, value in given.items() if value is not None]
    if missing:
        return [f"{' and '.join(present)} set, but {' and '.join(missing)} missing: each role has a login of its own."]
    try:
        targets = {name: _target(value) for name, value in given.items() if value is not None}
    except SettingsError as error:
        return [error.message]
    except Exception:  # whatever the parser says would repeat the password
        return ["One of the database URLs cannot be read; it should look like postgresql://user:password@host/name."]
    return [*_different_databases(targets), *_shared_logins(targets)]


def _different_databases(targets: dict[str, tuple[str, str, str]]) -> list[str]:
    _, database, server = targets["DATABASE_URL"]
    return [
        f"DATABASE_URL means {database} on {server}, but {name} means {other[1]} on {other[2]}."
        for name, other in targets.items()
        if other[1:] != (database, server)
    ]


def _shared_logins(targets: dict[str, tuple[str, str, str]]) -> list[str]:
    counts = Counter(user for user, _, _ in targets.values())
    shared = {user: [name for name, target in targets.items() if target[0] == user] for user in counts}
    return [
        f"{' and '.join(names)} use the same login {user!r}, but each role needs one of its own."
        for user, names in shared.items()
        if len(names) > 1
    ]


def _other_problems(settings: Settings) -> list[str]:
    problems: list[str] = []
    if settings.database_name and not settings.is_embedded:
        problems.append(
            f"QM_DATABASE_NAME={settings.database_name} is for the embedded database, but DATABASE_URL is set."
        )
    if settings.basemap and settings.is_demo:
        problems.append(
            f"QM_BASEMAP={settings.basemap} cannot be shown with the demonstration city (QM_DEMO=1 or embedded): "
            "invented objects must not lie on real houses."
        )
    if settings.case_url and not _is_case_url(settings.case_url):
        problems.append(
            "QM_CASE_URL should look like https://cases.example.org/show?reference={file_reference}: https, a server, "
            "and {file_reference} once, behind the server."
        )
    if settings.database_url_admin and settings.is_embedded:
        problems.append("DATABASE_URL_ADMIN is set, but DATABASE_URL is missing: the embedded database needs neither.")
    key = settings.secret_key.get_secret_value() if settings.secret_key else None
    if key is None and not settings.is_embedded:
        problems.append("DATABASE_URL is set, but QM_SECRET_KEY is missing: a server that others reach needs its own.")
    if key is not None and _is_weak(key):
        problems.append(
            f"QM_SECRET_KEY is an example, repeats itself or has fewer than {SECRET_KEY_MIN_LENGTH} characters."
        )
    problems += [
        f"QM_TRUSTED_HOSTS names {host}; it takes names without a scheme or path." for host in _odd_hosts(settings)
    ]
    return problems


def _is_weak(key: str) -> bool:
    is_published = any(word in key.lower() for word in PUBLISHED_KEYS)
    return is_published or len(key) < SECRET_KEY_MIN_LENGTH or len(set(key)) < SECRET_KEY_MIN_DISTINCT


def _odd_hosts(settings: Settings) -> list[str]:
    return [host for host in settings.hosts if "/" in host or "*" in host or any(letter.isspace() for letter in host)]


def _is_case_url(template: str) -> bool:
    """Whether a file reference that is put in cannot change where the link leads, and whether it is encrypted."""
    parts = urlsplit(template)
    place = "{file_reference}"
    rest = template.partition(parts.netloc)[2] if parts.netloc else ""
    has_one_place = rest.count(place) == 1 and not set("{}") & set(template.replace(place, "", 1))
    return parts.scheme == "https" and bool(parts.hostname) and has_one_place and template.isprintable()


def _sentence(problem: ErrorDetails) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ")
    name = ".".join(str(part) for part in problem["loc"]).upper()
    return f"{name}: {message}." if name else message
