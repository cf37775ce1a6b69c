"""Every callback and every route against every role: generated from the table, so that none can be forgotten."""

from collections.abc import Callable, Iterator
from typing import Any

import dash
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from dashboard.create_app import create_app
from dashboard.deps import Deps
from dashboard.locks import PUBLIC, SESSION, Locks, require_complete
from dashboard.pages.karte.figures import layers_on
from dashboard.wiring import Wiring
from geodata.access import PERMISSIONS
from tests.factories.town import Town
from tests.web.conftest import call, envelope, show_page

ROLES = tuple(PERMISSIONS)
SAMPLES = {"int": 1, "float": 1.0, "string": "x", "path": "x", "default": "x", "uuid": "0" * 32}
# Components that a callback draws, so that they are on no page at first.
DRAWN_LATER = {
    "lieferungen-poll",
    "lieferungen-token",
    "lieferungen-load-confirm",
    "lieferungen-delivery-id",
    "lieferungen-withdraw-confirm",
    # The steps of a release, and slides once something is released.
    "freigaben-form-send",
    "freigaben-form-as-of",
    "freigaben-form-audience",
    "freigaben-form-title",
    "freigaben-form-resolutions",
    "freigaben-form-scenario",
    "freigaben-release-confirm",
    "freigaben-fingerprint",
    # The map of demolitions, once there is a project and its view is chosen.
    "rueckbau-map",
    "rueckbau-map-parts",
    "freigaben-target",
    "praesentation-start",
}


def locks(server: Flask) -> Locks:
    found: Locks = server.extensions["quartiermonitor"]["locks"]
    return found


def addresses(server: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, address and permission of every route of ours and of Dash; variables filled with samples."""
    adapter = server.url_map.bind("localhost")
    for rule in server.url_map.iter_rules():
        values = {name: _sample(rule, name) for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            address = adapter.build(rule.endpoint, values, method=method)
            yield method, address, locks(server).endpoints[rule.endpoint]


def _sample(rule: Rule, name: str) -> Any:
    converter = type(rule._converters[name]).__name__.removesuffix("Converter").lower()
    return SAMPLES.get({"unicode": "string", "integer": "int"}.get(converter, converter), "x")


def test_no_callback_is_answered_without_a_session(server: Flask, visitor: FlaskClient) -> None:
    assert len(locks(server).callbacks) >= 1
    for output in locks(server).callbacks:
        assert call(visitor, server, output).status_code == 401, output


@pytest.mark.parametrize("role", ROLES)
def test_callbacks_answer_only_roles_with_their_permission(
    server: Flask, client: Callable[[str], FlaskClient], role: str
) -> None:
    browser = client(role)
    for output, permission in locks(server).callbacks.items():
        status = call(browser, server, output).status_code
        if permission in PERMISSIONS[role]:  # type: ignore[index]
            assert status not in (400, 401, 403), (output, status)
        else:
            assert status == 403, (output, status)


def test_no_route_is_answered_without_a_session(server: Flask, visitor: FlaskClient) -> None:
    public = []
    for method, address, permission in addresses(server):
        if permission == PUBLIC:
            public.append(f"{method} {address}")
        else:
            assert visitor.open(address, method=method).status_code == 401, (method, address)
    assert sorted(public) == ["GET /anmelden", "POST /abmelden", "POST /anmelden", "POST /anmelden/beispiel"]


@pytest.mark.parametrize("role", ROLES)
def test_routes_refuse_roles_without_their_permission(
    server: Flask, client: Callable[[str], FlaskClient], role: str
) -> None:
    browser = client(role)
    for method, address, permission in addresses(server):
        if permission in (PUBLIC, SESSION) or permission in PERMISSIONS[role]:  # type: ignore[index]
            continue
        assert browser.open(address, method=method).status_code == 403, (method, address)


@pytest.mark.parametrize(
    "body", ["{}", "[]", "null", "1", '"x"', "", "{", '{"output": "nobody.children"}', '{"output": 1}']
)
def test_malformed_envelopes_are_refused(client: Callable[[str], FlaskClient], body: str) -> None:
    answer = client("staff").post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"]["status"] == 400


def test_envelopes_with_foreign_parts_are_refused(server: Flask, client: Callable[[str], FlaskClient]) -> None:
    browser, output = client("staff"), "..shell-content.children...shell-page.data.."
    good = envelope(server, output)
    twisted: list[dict[str, Any]] = [
        {**good, "inputs": []},
        {**good, "inputs": [{"id": "other", "property": "data", "value": 1}]},
        {**good, "inputs": good["inputs"] * 2},
        {**good, "inputs": None},
        {**good, "state": {"id": "x"}},
        {**good, "outputs": "text"},
        {**good, "outputs": None},
        {**good, "outputs": []},
        {**good, "outputs": good["outputs"][:1]},
        {**good, "outputs": good["outputs"] * 2},
        {**good, "outputs": {"id": "shell-content", "property": "children"}},
        {**good, "outputs": [{"id": "other", "property": "children"}, good["outputs"][1]]},
        {**good, "changedPropIds": [1]},
    ]
    for body in twisted:
        assert browser.post("/_dash-update-component", json=body).status_code == 400, body


@pytest.mark.parametrize("value", ["\0", ["\ud800"], {"path": "/objekt/main/\0"}, {"\0": 1}, 2**63, [-(2**63) - 1]])
def test_values_that_the_database_cannot_hold_are_refused(
    server: Flask, client: Callable[[str], FlaskClient], value: Any
) -> None:
    values = {"shell-route.data": value}
    answer = call(client("staff"), server, "..shell-content.children...shell-page.data..", values)
    assert answer.status_code == 400


def test_a_body_nested_without_end_is_refused(client: Callable[[str], FlaskClient]) -> None:
    answer = client("staff").post("/_dash-update-component", data="[" * 200_000, content_type="application/json")
    assert answer.status_code == 400


def test_a_megabyte_is_enough_for_a_callback(server: Flask, client: Callable[[str], FlaskClient]) -> None:
    output = "..shell-content.children...shell-page.data.."
    body = {**envelope(server, output), "pad": "x" * 2_000_000}
    assert client("staff").post("/_dash-update-component", json=body).status_code == 413


@pytest.mark.parametrize("path", ["none/x.js", "dash/none.js", "dash/%00", "..%2f..%2fx.js"])
def test_a_library_that_is_not_there_is_no_fault(client: Callable[[str], FlaskClient], path: str) -> None:
    assert client("staff").get(f"/_dash-component-suites/{path}").status_code == 404


def test_a_page_named_like_a_library_is_kept_by_no_cache(client: Callable[[str], FlaskClient]) -> None:
    answer = client("staff").get("/objekt/main/_dash-component-suites/x", headers={"Accept": "text/html"})
    assert "Cookie" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_is_not_read(server: Flask, client: Callable[[str], FlaskClient]) -> None:
    answer = client("staff").post(
        "/_dash-update-component", data=b"x", headers={"Content-Length": str(server.config["MAX_CONTENT_LENGTH"] + 1)}
    )
    assert answer.status_code in (400, 413)


def test_every_output_is_unique_and_every_id_exists(
    server: Flask, town: Town, client: Callable[[str], FlaskClient]
) -> None:
    """A callback whose component is missing never fires, and nothing says so."""
    browsers = {role: client(role) for role in ("staff", "admin")}
    layout = browsers["staff"].get("/_dash-layout").json
    ids = _ids(layout)
    for page in server.extensions["quartiermonitor"]["pages"]:
        path = f"{page.base_path}/{town.in_west}" if page.takes_segment else page.base_path
        role = "staff" if page.permission in PERMISSIONS["staff"] else "admin"
        found = _ids(show_page(browsers[role], server, path)["content"])
        assert len(found) == len(set(found)), (path, sorted(found))
        doubled = set(found) & set(_ids(layout))
        assert not doubled, (path, doubled)
        ids += found
    known, asked, outputs = set(ids), set(), []
    for spec in server.extensions["quartiermonitor"]["app"]._callback_list:
        asked |= {item["id"] for item in [*spec["inputs"], *spec["state"]] if not str(item["id"]).startswith("{")}
        outputs += [name for name in spec["output"].strip(".").split("...") if name]
    assert asked - known == DRAWN_LATER
    assert len(outputs) == len(set(outputs)), sorted(outputs)
    assert not {name for name in outputs if "@" in name}, "allow_duplicate hides who writes what"


def test_a_callback_past_the_wiring_stops_the_start(server: Flask) -> None:
    app = dash.Dash("dashboard", server=False)
    app.callback(dash.Output("a", "children"), dash.Input("b", "n_clicks"))(lambda clicks: clicks)
    with pytest.raises(RuntimeError, match=r"a\.children"):
        require_complete(app, Flask("empty", static_folder=None), Locks())


def test_a_permission_that_no_role_has_stops_the_start(server: Flask) -> None:
    wiring = Wiring(server.extensions["quartiermonitor"]["app"], server, None, Locks())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="property:fly"):
        wiring.route("/x", permission="property:fly")


def test_the_mcp_server_switched_on_by_the_environment_stays_off(
    town: Town, server: Flask, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASH_MCP_ENABLED", "true")
    access = None
    application = create_app(Deps(settings=settings, access=access, session_key="x" * 40))  # type: ignore[arg-type]
    assert not any("mcp" in rule.rule for rule in application.url_map.iter_rules())


def test_hooks_of_an_installed_package_stop_the_start(settings: Any) -> None:
    from dash._hooks import HooksManager

    HooksManager.hooks._ns["routes"].append(
        type("Hook", (), {"data": {"name": "x", "methods": ["GET"]}, "func": None})()
    )
    try:
        with pytest.raises((RuntimeError, TypeError)):
            create_app(Deps(settings=settings, access=None, session_key="x" * 40))  # type: ignore[arg-type]
    finally:
        HooksManager.hooks._ns["routes"].pop()


def _ids(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in _ids(item)]
    if not isinstance(node, dict):
        return []
    props = node.get("props", {})
    own = [props["id"]] if isinstance(props.get("id"), str) else []
    return own + _ids(props.get("children"))


def test_a_layer_named_a_thousand_times_is_read_once(server: Flask) -> None:
    layers = server.extensions["quartiermonitor"]["deps"].layers
    first = next(layer.key for layer in layers if layer.options)
    assert len(layers_on(layers, {"layers": f"{first}:quartier," * 1_000})) == 1


@pytest.mark.parametrize("value", [True, 2**62, -1, "1", 1.5])
def test_an_object_that_no_number_names_is_no_fault(
    server: Flask, client: Callable[[str], FlaskClient], value: Any
) -> None:
    browser = client("staff")
    for output, name in (
        ("..karte-card.children...karte-place.data..", "karte-object.data"),
        ("lieferungen-detail.children", "lieferungen-delivery-id.data"),
    ):
        assert call(browser, server, output, {name: value}).status_code == 200, output
