/* From columns to traces: the one function that all layers of the map share, and how they are fetched. */
(function () {
  "use strict";
  const TILE = 512;
  const KEPT_MS = 60000;
  const KEPT_MOST = 60;
  const VERTICES_MOST = 150;
  const kept = new Map();

  /* --- the camera: longitude, latitude, zoom of a window of so many pixels --- */

  const mercator = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
  const latitude = (y) => (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;

  /** West, south, east, north of what a window shows. */
  function boxOf(camera, size) {
    const world = TILE * 2 ** camera.zoom;
    const x = (camera.lon + 180) / 360;
    const y = mercator(camera.lat);
    const [dx, dy] = [size.width / 2 / world, size.height / 2 / world];
    return [(x - dx) * 360 - 180, latitude(y + dy), (x + dx) * 360 - 180, latitude(y - dy)];
  }

  /** The camera that shows a box in the part of the window that no panel covers. */
  function fit(box, size, covered) {
    const [west, south, east, north] = box;
    const [left, right] = [(west + 180) / 360, (east + 180) / 360];
    const [top, bottom] = [mercator(north), mercator(south)];
    const width = Math.max(size.width - covered.left - covered.right, 80);
    const height = Math.max(size.height - covered.top - covered.bottom, 80);
    const zoom = Math.min(Math.log2(width / TILE / (right - left)), Math.log2(height / TILE / (bottom - top)), 17);
    const world = TILE * 2 ** zoom;
    const x = (left + right) / 2 - (covered.left - covered.right) / 2 / world;
    const y = (top + bottom) / 2 - (covered.top - covered.bottom) / 2 / world;
    return { lon: x * 360 - 180, lat: latitude(y), zoom };
  }

  /** A box rounded outwards to a grid, so that moving the map a little asks for nothing new. */
  function framed(box, zoom) {
    const step = 360 / 2 ** (Math.floor(zoom) + 1);
    const [west, south, east, north] = box;
    const low = (value, least) => Math.max(Math.floor(value / step) * step, least);
    const high = (value, most) => Math.min(Math.ceil(value / step) * step, most);
    return [low(west, -180), low(south, -85), high(east, 180), high(north, 85)].map((value) => Number(value.toFixed(5)));
  }

  /* --- selections: between the map and the link --- */

  const numbersOf = (corners) => corners.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(",");

  function boxText(corners) {
    const [lons, lats] = [corners.map((one) => one[0]), corners.map((one) => one[1])];
    return numbersOf([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]]);
  }

  /** A lasso has a corner for each movement of the hand; the link takes fewer. */
  function lassoText(corners) {
    const step = Math.ceil(corners.length / VERTICES_MOST);
    return numbersOf(corners.filter((_, index) => index % step === 0));
  }

  /** The outline of the selection of a filter, as columns of a trace. */
  function ring(filter) {
    const parts = new URLSearchParams(filter);
    if (parts.get("box")) {
      const [west, south, east, north] = parts.get("box").split(",").map(Number);
      return { lon: [west, east, east, west, west], lat: [south, south, north, north, south] };
    }
    if (!parts.get("polygon")) return null;
    const numbers = parts.get("polygon").split(",").map(Number);
    const at = (offset) => numbers.filter((_, index) => index % 2 === offset);
    return { lon: [...at(0), numbers[0]], lat: [...at(1), numbers[1]] };
  }

  /* --- fetching --- */

  /** JSON of an address; the same address within a minute is not asked again. */
  function load(url) {
    const now = Date.now();
    const found = kept.get(url);
    if (found && now - found.at < KEPT_MS) return found.answer;
    const answer = fetch(url, { headers: { Accept: "application/json" } }).then((response) => {
      if (!response.ok) throw new Error(`${response.status} ${url}`);
      return response.json();
    });
    answer.catch(() => kept.delete(url));
    kept.set(url, { at: now, answer });
    if (kept.size > KEPT_MOST) kept.delete(kept.keys().next().value);
    return answer;
  }

  /** What a layer draws: its columns, and its outlines where a column asks for them. */
  async function loadLayer(layer, query) {
    const root = `${window.qm.texts().prefix}layers/${layer.key}/`;
    const outlines = layer.geometry ? load(`${root}geometry?${query.geometry}`) : null;
    const [loaded, geometry] = await Promise.all([load(`${root}columns?${query.columns}`), outlines]);
    return { ...loaded, geometry };
  }

  /* --- traces --- */

  function put(target, path, value) {
    const names = path.split(".");
    const last = names.pop();
    let place = target;
    for (const name of names) place = place[name] = place[name] || {};
    place[last] = value;
  }

  /** A template with its columns filled in; without columns it keeps its place and draws nothing. */
  function filled(name, template, columns, geometry, scale) {
    const trace = structuredClone(template);
    if (trace.marker && trace.marker.size) trace.marker.size *= scale;
    trace.uid = name;
    trace.name = name;
    trace.showlegend = false;
    trace.visible = Boolean(columns);
    for (const [path, value] of Object.entries(columns || {})) put(trace, path, value === "geometry" ? geometry : value);
    return trace;
  }

  /** Symbols shrink far out, where they would hide the city and each other. */
  const symbolScale = (zoom) => Math.min(1, Math.max(0.5, 0.5 + (zoom - 10.5) * 0.125));

  /** All traces of the page in their fixed order; `loaded` = answers of the layers that are on. */
  function traces(templates, loaded, scale) {
    const columns = Object.assign({}, ...loaded.map((one) => one.columns));
    const geometry = {};
    for (const one of loaded) for (const name of Object.keys(one.columns)) geometry[name] = one.geometry;
    return templates.map(([name, template]) => filled(name, template, columns[name], geometry[name], scale));
  }

  window.qm_map = { boxOf, boxText, fit, framed, lassoText, load, loadLayer, ring, symbolScale, traces };
})();
