"""Settings: what they default to, and each contradiction in a sentence that names both sides and no password."""

from pathlib import Path

import pytest

from geodata import settings as module
from geodata.errors import SettingsError
from geodata.settings import Settings, default_data_folder, load_settings

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SERVER = "db.example.org/city"
EXTERNAL = {
    "DATABASE_URL": f"postgresql://city_login_staff:Sommer@{SERVER}",
    "DATABASE_URL_MANAGER": f"postgresql://city_login_manager:Sommer@{SERVER}",
    "DATABASE_URL_EXTERNAL": f"postgresql://city_login_external:Sommer@{SERVER}",
    "DATABASE_URL_ACCOUNTS": f"postgresql://city_login_accounts:Sommer@{SERVER}",
    "DATABASE_URL_POLITICS": f"postgresql://city_login_politics:Sommer@{SERVER}",
    "DATABASE_URL_LOAD": f"postgres://city_loader:Sommer@{SERVER}",
    "DATABASE_URL_OWNER": f"postgresql+psycopg://city_owner:Sommer@{SERVER}",
    "QM_SECRET_KEY": KEY,
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias or name).upper()
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(f"{variable}_FILE", raising=False)


def _load(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def _refusal(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        _load(monkeypatch, values)
    assert "Sommer" not in str(refused.value)
    return str(refused.value)


def test_without_any_variable_the_database_is_embedded_and_shows_the_demonstration() -> None:
    settings = load_settings()
    assert settings.is_embedded
    assert settings.is_demo
    assert (settings.host, settings.port, settings.url_prefix) == ("127.0.0.1", 8050, "/")
    assert settings.embedded_database == "quartiermonitor"


def test_an_external_server_is_never_filled_with_demonstration_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _load(monkeypatch, EXTERNAL).is_demo
    assert _load(monkeypatch, {"QM_DEMO": "1"}).is_demo


def test_external_urls_name_the_driver_and_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = _load(monkeypatch, EXTERNAL).external_urls()
    assert urls.staff == f"postgresql+psycopg://city_login_staff:Sommer@{SERVER}"
    assert urls.load == f"postgresql+psycopg://city_loader:Sommer@{SERVER}"
    assert urls.owner == EXTERNAL["DATABASE_URL_OWNER"]
    assert urls.database == "city"
    assert "Sommer" not in repr(urls)


def test_the_owner_may_be_missing_because_a_web_server_does_not_migrate(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _load(monkeypatch, {**EXTERNAL, "DATABASE_URL_OWNER": ""}).external_urls().owner is None


@pytest.mark.parametrize(
    "missing", [name for name in EXTERNAL if name.startswith("DATABASE_URL") and name != "DATABASE_URL_OWNER"]
)
def test_some_urls_but_not_all_is_refused_naming_both(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    message = _refusal(monkeypatch, {**EXTERNAL, missing: ""})
    assert f"but {missing} missing" in message
    assert "DATABASE_URL_OWNER" in message


def test_two_roles_with_one_login_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    message = _refusal(monkeypatch, {**EXTERNAL, "DATABASE_URL_POLITICS": EXTERNAL["DATABASE_URL"]})
    assert "DATABASE_URL and DATABASE_URL_POLITICS use the same login 'city_login_staff'" in message


def test_urls_of_two_databases_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = "postgresql://city_login_manager:Sommer@db.example.org:5433/town"
    message = _refusal(monkeypatch, {**EXTERNAL, "DATABASE_URL_MANAGER": other})
    assert "DATABASE_URL means city on db.example.org:5432" in message
    assert "DATABASE_URL_MANAGER means town on db.example.org:5433" in message


@pytest.mark.parametrize("url", ["mysql://a:Sommer@b/c", "postgresql://a:Sommer@b:port/c", "Sommer"])
def test_an_unreadable_url_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert "postgresql://" in _refusal(monkeypatch, {**EXTERNAL, "DATABASE_URL": url})


def test_the_name_of_the_embedded_database_contradicts_an_external_one(monkeypatch: pytest.MonkeyPatch) -> None:
    message = _refusal(monkeypatch, {**EXTERNAL, "QM_DATABASE_NAME": "trial"})
    assert "QM_DATABASE_NAME=trial" in message
    assert "DATABASE_URL" in message


@pytest.mark.parametrize("name", ["Trial", "trial-1", "1trial", "trial; drop", "t" * 48])
def test_a_database_name_that_could_not_stand_in_a_statement_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert "QM_DATABASE_NAME" in _refusal(monkeypatch, {"QM_DATABASE_NAME": name})


@pytest.mark.parametrize("key", ["", "short", "change-me-change-me-change-me-change-me", "k" * 32])
def test_an_external_server_needs_a_secret_key_of_its_own(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    assert "QM_SECRET_KEY" in _refusal(monkeypatch, {**EXTERNAL, "QM_SECRET_KEY": key})


def test_secrets_may_stand_in_files_as_containers_hand_them_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = {}
    for name, secret in EXTERNAL.items():
        (tmp_path / name).write_text(f"{secret}\n", encoding="utf-8")
        files[f"{name}_FILE"] = str(tmp_path / name)
    settings = _load(monkeypatch, files)
    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == KEY
    assert settings.external_urls().staff == f"postgresql+psycopg://city_login_staff:Sommer@{SERVER}"


def test_a_secret_in_the_environment_and_in_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text(EXTERNAL["DATABASE_URL"], encoding="utf-8")
    message = _refusal(monkeypatch, {**EXTERNAL, "DATABASE_URL_FILE": str(tmp_path / "url")})
    assert "DATABASE_URL and DATABASE_URL_FILE" in message


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No such file"), ("", "is empty"), ("short", "QM_SECRET_KEY is an")]
)
def test_a_file_of_a_secret_that_is_none_is_refused_naming_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    message = _refusal(monkeypatch, {**EXTERNAL, "QM_SECRET_KEY": "", "QM_SECRET_KEY_FILE": str(path)})
    assert "QM_SECRET_KEY" in message
    assert said in message


def test_only_secrets_are_read_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9000", encoding="utf-8")
    assert _load(monkeypatch, {"PORT_FILE": str(tmp_path / "port")}).port == 8050


def test_trusted_hosts_are_names_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _load(monkeypatch, {"QM_TRUSTED_HOSTS": "monitor.example.org, .example.net"}).hosts == [
        "monitor.example.org",
        ".example.net",
    ]
    assert "https://x" in _refusal(monkeypatch, {"QM_TRUSTED_HOSTS": "https://x"})


def test_no_proxy_is_trusted_and_a_session_rests_half_an_hour_by_default() -> None:
    settings = load_settings()
    assert (settings.trusted_proxies, settings.hosts, settings.session_idle_minutes) == (0, [], 30)


def test_a_base_map_contradicts_the_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
    message = _refusal(monkeypatch, {"QM_BASEMAP": tiles})
    assert tiles in message
    assert "QM_DEMO" in message
    assert _load(monkeypatch, {"QM_DEMO": "0"}).basemap == tiles


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    message = _refusal(monkeypatch, {"PORT": "eighty", "QM_LOG_FORMAT": "xml"})
    assert "PORT" in message
    assert "QM_LOG_FORMAT" in message


def test_every_setting_explains_itself() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_root_keeps_its_data_outside_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.settings.os.geteuid", lambda: 0)
    folder = default_data_folder()
    assert folder.parent == Path("/var/lib/quartiermonitor")
    assert len(folder.name) == 16
    monkeypatch.setattr(module, "PROJECT_ROOT", Path("/somewhere/else"))
    assert default_data_folder() != folder


def test_a_normal_user_keeps_data_in_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("geodata.settings.os.geteuid", lambda: 12345)
    monkeypatch.setattr(module, "SYSTEM_DATA_ROOT", tmp_path)
    assert default_data_folder() == module.PROJECT_ROOT / ".data"


@pytest.mark.parametrize(
    "template",
    [
        "http://cases.example.org/?reference={file_reference}",
        "https://cases.example.org/",
        "https://{file_reference}.example.org/",
        "https:///show/{file_reference}",
        "https://cases.example.org/{file_reference}/{other}",
        "https://cases.example.org/{file_reference}/{file_reference}",
        "javascript:alert('{file_reference}')",
    ],
)
def test_the_link_into_the_case_system_is_encrypted_and_has_one_place(
    monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    assert "QM_CASE_URL" in _refusal(monkeypatch, {"QM_CASE_URL": template})
    assert _load(monkeypatch, {"QM_CASE_URL": "https://cases.example.org/?r={file_reference}"}).case_url
