/* The map page. The link is the truth: controls change it, stores follow it, and map, table and card follow the stores. */
(function () {
  "use strict";
  const FILTER = [
    "area", "state", "use", "colour", "inhabited", "last_before", "never", "due", "control", "text", "box", "polygon",
  ];
  const LIST_PARTS = new Set(["area", "state", "use", "colour", "inhabited", "control"]);
  const NARROW = "(max-width: 720px)";
  const byId = (id) => document.getElementById(id);
  const skip = () => window.dash_clientside.no_update;
  const isHere = () => byId("karte") !== null;
  const query = () => new URLSearchParams(window.location.search);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  let setup = null;
  let camera = null; // where the map stands, as the user or a link has put it
  let revision = 0; // rises when a link, not the user, moves the map
  let drawing = 0; // number of the last drawing begun: an older one that arrives late is thrown away
  let drawn = ""; // what the last drawing was made of

  /* --- the link ------------------------------------------------------------------------------------------------- */

  function filterOf(search, asOf) {
    const given = new URLSearchParams(search || "");
    const parts = new URLSearchParams();
    parts.set("as_of", given.get("as_of") || asOf);
    for (const name of FILTER) if (given.get(name)) parts.set(name, given.get(name));
    return parts.toString();
  }

  function viewOf(text) {
    const numbers = (text || "").split(",").map(Number);
    const [lon, lat, zoom] = numbers;
    const isView = numbers.length === 3 && numbers.every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
    return isView && zoom >= 0 && zoom <= 20 ? { lon, lat, zoom } : null;
  }

  const written = (view) => `${view.lon.toFixed(5)},${view.lat.toFixed(5)},${view.zoom.toFixed(2)}`;

  /** Once for each visit of the page: nothing of an earlier visit holds any more. */
  function begin() {
    const page = byId("karte");
    if (page.dataset.begun) return;
    page.dataset.begun = "true";
    [camera, drawn] = [null, ""];
    window.qm_table.pick(null);
    byId("karte").dataset.rowsFailed = setup.words.rows_failed;
    byId("karte").dataset.rows = setup.rows;
    const isWide = !window.matchMedia(NARROW).matches;
    for (const id of ["karte-filters", "karte-layers"]) open(id, isWide);
    // Without a map the table is what there is to see.
    open("karte-dock", !window.qm_able(setup.words.unable));
  }

  function read_link(search, given, asOf, oldFilter, oldScene, oldObject) {
    if (!isHere() || !given) return [skip(), skip(), skip()];
    setup = given;
    begin();
    const parts = new URLSearchParams(search || "");
    const filter = filterOf(search, asOf);
    const scene = { layers: parts.has("layers") ? parts.get("layers") : setup.defaults, view: viewOf(parts.get("view")) };
    const object = /^\d{1,15}$/.test(parts.get("object") || "") ? Number(parts.get("object")) : null;
    byId("karte-unselect").hidden = !(parts.get("box") || parts.get("polygon"));
    byId("karte-reset").hidden = !FILTER.some((name) => parts.get(name));
    showLegend(scene.layers);
    if (parts.get("table") === "1") open("karte-dock", true);
    return [
      filter === oldFilter ? skip() : filter,
      same(scene, oldScene) ? skip() : scene,
      object === oldObject ? skip() : object,
    ];
  }

  /* --- controls: from the link to their values, and back --- */

  const layersOf = (text) => (text || "").split(",").filter(Boolean);
  const groupOf = (name) => (setup.layers.find((layer) => layer.key === name.split(":")[0]) || {}).group;

  function valueFromLink(id, part, given, offered) {
    if (part === "layers") {
      const listed = layersOf(given.has("layers") ? given.get("layers") : setup.defaults);
      if (id === "karte-layers-objects") return listed.find((name) => groupOf(name) === "objects") || "";
      if (id === "karte-layers-areas") return listed.find((name) => groupOf(name) === "areas") || "";
      return listed.filter((name) => ["overlay", "background"].includes(groupOf(name)));
    }
    const text = given.get(part) || "";
    if (part === "never") return text === "1";
    if (!LIST_PARTS.has(part)) return text;
    const listed = text.split(",").filter(Boolean);
    return part === "area" ? listed.filter((code) => offered.has(code)) : listed;
  }

  const offeredBy = (id) => new Set([...document.querySelectorAll(`#${id} input`)].map((input) => input.value));

  function show_controls(search, given, ...values) {
    if (!isHere() || !given) return values.map(skip);
    setup = given;
    const parts = new URLSearchParams(search || "");
    return setup.controls.map(([id, part], index) => {
      const value = valueFromLink(id, part, parts, part === "area" ? offeredBy(id) : null);
      const now = Array.isArray(value) ? [...(values[index] || [])].sort() : values[index];
      return same(Array.isArray(value) ? [...value].sort() : value, now) ? skip() : value;
    });
  }

  function choose(...given) {
    setup = given[setup_index(given)];
    if (!isHere()) return skip();
    const changes = {};
    const lists = { area: [], layers: [] };
    setup.controls.forEach(([, part], index) => {
      const value = given[index];
      if (lists[part]) lists[part].push(...(Array.isArray(value) ? value : [value]).filter(Boolean));
      else if (part === "never") changes.never = value ? "1" : null;
      else changes[part] = Array.isArray(value) ? value.join(",") : value;
    });
    changes.area = lists.area.map(Number).sort((one, other) => one - other).join(",");
    const listed = layersOf(setup.defaults);
    const isDefault = same([...lists.layers].sort(), [...listed].sort());
    // A link that names no layer at all means the default, so "none" needs a name of its own.
    changes.layers = isDefault ? null : lists.layers.join(",") || "none";
    window.qm.setQuery(changes);
    return skip();
  }
  const setup_index = (given) => given.length - 1;

  /* --- the map ---------------------------------------------------------------------------------------------------- */

  const plot = () => document.querySelector("#karte-graph .js-plotly-plot");

  function size() {
    const box = byId("karte-graph").getBoundingClientRect();
    return { width: box.width || 800, height: box.height || 600 };
  }

  function covered() {
    const isWide = !window.matchMedia(NARROW).matches;
    // At phone width the bar lies over the map, but under an open table.
    if (!isWide) return { left: 16, right: 16, top: 16, bottom: byId("karte-dock").hidden ? 108 : 16 };
    const width = (id) => (byId(id).hidden ? 16 : byId(id).offsetWidth + 24);
    return { left: width("karte-filters"), right: width("karte-layers"), top: 64, bottom: 24 };
  }

  const home = () => window.qm_map.fit(setup.extent || [5.9, 47.3, 15.1, 55.1], size(), covered());

  function moveTo(view) {
    const next = view || home();
    const isThere =
      camera && Math.abs(camera.lon - next.lon) + Math.abs(camera.lat - next.lat) < 2e-5 && Math.abs(camera.zoom - next.zoom) < 0.01;
    if (isThere) return;
    camera = next;
    revision += 1;
  }

  const halves = (zoom) => Math.floor(zoom * 2) / 2;

  function queriesOf(layer, option, filter, box) {
    const asOf = new URLSearchParams(filter).get("as_of");
    const frame = layer.geometry ? setup.extent || [-180, -85, 180, 85] : window.qm_map.framed(box, camera.zoom);
    const zoom = layer.geometry ? 0 : halves(camera.zoom);
    const lang = document.documentElement.lang;
    const more = `&frame=${frame.join(",")}&zoom=${zoom}${option ? `&option=${option}` : ""}`;
    return { columns: `${filter}${more}&spoken=${lang}`, geometry: `as_of=${asOf}${more}` };
  }

  function ownColumns(filter, place) {
    const columns = {};
    const ring = window.qm_map.ring(filter);
    if (ring) columns.selection = ring;
    if (place && place.lon !== null) {
      columns.picked = { lon: [place.lon], lat: [place.lat], "marker.symbol": ["picked_ring"] };
    }
    return columns;
  }

  function styleOf(theme, listed) {
    const style = structuredClone(setup.styles[theme]);
    const here = window.location.origin + window.qm.texts().prefix;
    const names = listed.map((name) => name.split(":")[0]);
    style.sprite = style.sprite.replace("{origin}", here);
    for (const source of Object.values(style.sources)) source.tiles = source.tiles.map((url) => url.replace("{origin}", here));
    style.layers = style.layers.filter((layer) => !layer.metadata || !layer.metadata.layer || names.includes(layer.metadata.layer));
    return style;
  }

  function figureOf(loaded, filter, place, theme, listed) {
    const own = { columns: ownColumns(filter, place) };
    const chrome = theme === "dark" ? ["#1b2025", "#e6eaee", "#37414b"] : ["#ffffff", "#1a2128", "#d3dae1"];
    return {
      data: window.qm_map.traces(setup.templates[theme], [...loaded, own], window.qm_map.symbolScale(halves(camera.zoom))),
      layout: {
        uirevision: "karte",
        selectionrevision: filter,
        margin: { l: 0, r: 0, t: 0, b: 0 },
        showlegend: false,
        dragmode: "pan",
        clickmode: "event",
        hovermode: "closest",
        hoverdistance: 14,
        paper_bgcolor: "rgba(0,0,0,0)",
        font: { family: "sans-serif" },
        hoverlabel: { bgcolor: chrome[0], bordercolor: chrome[2], font: { color: chrome[1], size: 13 }, align: "left" },
        map: {
          style: styleOf(theme, listed),
          center: { lon: camera.lon, lat: camera.lat },
          zoom: camera.zoom,
          uirevision: revision,
        },
      },
    };
  }

  async function draw(filter, scene, place, shellTheme, given) {
    if (!isHere() || !given || !scene || filter === undefined || filter === null) return skip();
    setup = given;
    if (!window.qm_able()) return skip();
    const number = ++drawing;
    const theme = window.qm.theme();
    if (scene.view || !camera) moveTo(scene.view);
    const listed = layersOf(scene.layers);
    const box = window.qm_map.boxOf(camera, size());
    const active = listed
      .map((name) => ({ layer: setup.layers.find((one) => one.key === name.split(":")[0]), option: name.split(":")[1] }))
      .filter((one) => one.layer && one.layer.group !== "background")
      .map((one) => ({ ...one, query: queriesOf(one.layer, one.option, filter, box) }));
    const made = JSON.stringify([theme, revision, halves(camera.zoom), place, filter, scene.layers, active.map((one) => one.query)]);
    // Moving within what is there already draws nothing anew; the map itself has moved.
    if (made === drawn && plot()) return skip();
    byId("karte").setAttribute("aria-busy", "true");
    const answers = await Promise.all(
      active.map((one) =>
        window.qm_map.loadLayer(one.layer, one.query).catch(() => ({ columns: {}, failed: setup.words.titles[one.layer.key] })),
      ),
    );
    if (number !== drawing || !isHere()) return skip();
    byId("karte").setAttribute("aria-busy", "false");
    say(answers);
    const isWhole = answers.every((one) => !one.failed);
    drawn = isWhole ? made : "";
    const figure = figureOf(answers, filter, place, theme, listed);
    const shown = figure.data.filter((trace) => trace.visible && trace.mode !== "markers" && trace.mode !== "lines");
    window.qm_dress(setup.templates[theme], theme, setup.words, shown.map((trace) => trace.uid));
    return figure;
  }

  /** One sentence under the bar: what could not be loaded, or that hexagons stand for many. */
  function say(answers) {
    const note = byId("karte-note");
    const failed = answers.filter((one) => one.failed).map((one) => one.failed);
    const text = failed.length
      ? setup.words.failed.replace("%(layer)s", failed.join(", "))
      : answers.some((one) => one.summed)
        ? setup.words.summed
        : "";
    note.textContent = text;
    note.hidden = !text;
    note.classList.toggle("karte-refused", failed.length > 0);
  }

  function moved() {
    const view = plot() && plot().layout && plot().layout.map;
    if (!isHere() || !view || !view.center) return skip();
    camera = { lon: view.center.lon, lat: view.center.lat, zoom: view.zoom };
    window.qm.setQuery({ view: written(camera) }, { replace: true });
    return skip();
  }

  function zoomBy(step) {
    const view = plot() && plot().layout.map;
    if (view) window.Plotly.relayout(plot(), { "map.zoom": Math.max(1, Math.min(20, view.zoom + step)) });
  }

  /* --- selection -------------------------------------------------------------------------------------------------- */

  function selected(event) {
    if (!isHere() || !event) return skip();
    const box = event.range && event.range.map;
    const lasso = event.lassoPoints && event.lassoPoints.map;
    if (!box && !(lasso && lasso.length > 2)) return skip();
    window.setTimeout(() => window.Plotly.relayout(plot(), { dragmode: "pan", selections: [] }), 0);
    pressTool(null);
    window.qm.setQuery(box ? { box: window.qm_map.boxText(box), polygon: null } : { polygon: window.qm_map.lassoText(lasso), box: null });
    return skip();
  }

  function pressTool(name) {
    document.querySelectorAll(".karte-tools [data-karte]").forEach((tool) => {
      if (["box", "lasso"].includes(tool.dataset.karte)) tool.setAttribute("aria-pressed", String(tool.dataset.karte === name));
    });
  }

  function takeTool(name) {
    const isOn = document.querySelector(`.karte-tools [data-karte="${name}"]`).getAttribute("aria-pressed") === "true";
    pressTool(isOn ? null : name);
    window.Plotly.relayout(plot(), { dragmode: isOn ? "pan" : name === "box" ? "select" : "lasso" });
  }

  function selectFrame() {
    if (!camera) return;
    const [west, south, east, north] = window.qm_map.boxOf(camera, size());
    window.qm.setQuery({ box: window.qm_map.boxText([[west, south], [east, north]]), polygon: null });
  }

  /* --- one object: map, table and card ---------------------------------------------------------------------------- */

  function clicked(event) {
    const id = event && event.points && event.points.length ? event.points[0].customdata : null;
    if (isHere() && Number.isInteger(id)) window.qm.setQuery({ object: String(id) });
    return skip();
  }

  function row_chosen(rows, object) {
    const row = rows && rows.length ? rows[0] : null;
    if (isHere() && row && row.id !== object && !window.qm_table.isPicked(row.id)) window.qm.setQuery({ object: String(row.id) });
    return skip();
  }

  function point_at(place) {
    if (!isHere()) return skip();
    window.qm_table.pick(place || null);
    if (!place || place.lon === null || !camera) return skip();
    const [west, south, east, north] = window.qm_map.boxOf(camera, size());
    const isSeen = place.lon > west && place.lon < east && place.lat > south && place.lat < north;
    if (!isSeen) window.qm.setQuery({ view: written({ ...camera, lon: place.lon, lat: place.lat }) }, { replace: true });
    return skip();
  }

  /* --- panels, legend, buttons ------------------------------------------------------------------------------------ */

  function showLegend(layers) {
    const names = layersOf(layers).map((name) => name.split(":")[0]);
    document.querySelectorAll("#karte [data-legend]").forEach((part) => (part.hidden = !names.includes(part.dataset.legend)));
  }

  function open(id, isOpen) {
    const panel = byId(id);
    if (!panel || panel.hidden === !isOpen) return;
    panel.hidden = !isOpen;
    document.querySelectorAll(`#karte .karte-bar [aria-controls="${id}"]`).forEach((button) => button.setAttribute("aria-expanded", String(isOpen)));
    if (isOpen && window.matchMedia(NARROW).matches) {
      for (const other of ["karte-filters", "karte-layers", "karte-dock"]) if (other !== id) open(other, false);
    }
    if (id === "karte-dock") {
      window.qm.setQuery({ table: isOpen ? "1" : null }, { replace: true });
      window.setTimeout(() => plot() && window.Plotly.Plots.resize(plot()), 0);
      if (isOpen) window.qm_table.show();
    }
  }

  const ACTIONS = {
    "zoom-in": () => zoomBy(1),
    "zoom-out": () => zoomBy(-1),
    fit: () => {
      moveTo(home());
      window.qm.setQuery({ view: written(camera) }, { replace: true });
    },
    box: () => takeTool("box"),
    lasso: () => takeTool("lasso"),
    frame: selectFrame,
    unselect: () => window.qm.setQuery({ box: null, polygon: null }),
    reset: () => window.qm.setQuery(Object.fromEntries(FILTER.map((name) => [name, null]))),
    "close-card": () => {
      window.qm.setQuery({ object: null }); // the button goes with its card, and the focus must not go with it
      (document.querySelector("#karte-graph .maplibregl-canvas") || byId("karte-dock")).focus();
    },
    skip: () => {
      open("karte-dock", true);
      byId("karte-dock").focus();
    },
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#karte [data-karte]");
    if (!button) return;
    if (button.tagName === "A") event.preventDefault();
    const panel = button.getAttribute("aria-controls");
    if (button.dataset.karte === "toggle") {
      const isOpen = byId(panel).hidden;
      open(panel, isOpen);
      // Whoever folds a panel away with its own button would lose the focus with it.
      if (!isOpen) document.querySelector(`.karte-bar [aria-controls="${panel}"]`).focus();
      return;
    }
    ACTIONS[button.dataset.karte]();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isHere()) return;
    if (document.querySelector('.karte-tools [aria-pressed="true"]')) {
      pressTool(null);
      window.Plotly.relayout(plot(), { dragmode: "pan" });
    }
  });

  window.addEventListener("qm-theme", () => (drawn = ""));

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.karte = {
    read_link, show_controls, choose, draw, moved, clicked, selected, row_chosen, point_at,
    refill: window.qm_table.refill, rows: window.qm_table.rows,
  };
})();
