/* The page that creates a hint or an object: a map that sets the point of the form, and what is there already. */
(function () {
  "use strict";
  const WAIT_MS = 350;
  const CLOSE_ZOOM = 17;
  const byId = (id) => document.getElementById(id);
  const isHere = () => byId("erfassen") !== null;
  const set = (id, data) => window.dash_clientside.set_props(id, { data });
  const plot = () => document.querySelector("#erfassen-map .js-plotly-plot");
  const mapOf = (graph) => graph && graph._fullLayout && graph._fullLayout.map && graph._fullLayout.map._subplot && graph._fullLayout.map._subplot.map;

  let parts = null; // what the server gave: styles, templates, words, addresses of routes
  let values = {}; // what the form holds
  let place = null; // the point that is drawn
  let camera = null;
  let revision = 0; // rises when an address, not the user, moves the map
  let asked = 0; // number of the last question: an older answer that arrives late is thrown away
  let lookedAt = ""; // what the last question was about
  let loadedFor = ""; // for which part of the map the objects were asked
  let timer = null;
  let moving = null;

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  /* --- the form: its values come as events, and so does what this page sets --- */

  const setForm = (changes) =>
    document.dispatchEvent(new CustomEvent("qm:form-set", { detail: { form: parts.form, values: changes } }));

  const samePlace = (one, other) => JSON.stringify(one || null) === JSON.stringify(other || null);

  document.addEventListener("qm:form-values", (event) => {
    if (event.detail.form !== "form-erfassen") return;
    values = event.detail.values;
    const chosen = values.position || null;
    if (!samePlace(chosen, place)) arrive(chosen);
    window.clearTimeout(timer);
    timer = window.setTimeout(look, WAIT_MS);
  });

  function arrive(chosen) {
    place = chosen;
    if (chosen && !isShown(chosen)) {
      camera = { lon: chosen[0], lat: chosen[1], zoom: Math.max((camera && camera.zoom) || 0, CLOSE_ZOOM) };
      revision += 1;
    }
    if (isHere() && parts) set("erfassen-place", chosen);
  }

  /** Whether a point lies inside of the map that is shown, near enough to be told from its neighbours. */
  function isShown([lon, lat]) {
    const map = mapOf(plot());
    return Boolean(map) && map.getZoom() >= 15 && map.getBounds().contains([lon, lat]);
  }

  /* --- what lies here, and what is there already --- */

  const questionOf = () => {
    const address = values.addresses || {};
    const query = new URLSearchParams();
    if (address.text) query.set("q", address.text.trim());
    if (address.id) query.set("id", address.id);
    if (values.further) query.set("further", values.further.trim());
    if (place) {
      query.set("lon", place[0]);
      query.set("lat", place[1]);
    }
    return query;
  };

  async function ask(url) {
    const response = await window.fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  async function look() {
    if (!isHere() || !parts) return;
    const query = questionOf();
    if (query.toString() === lookedAt) return;
    lookedAt = query.toString();
    const number = (asked += 1);
    if (!place) show("erfassen-areas", "");
    else show("erfassen-areas", parts.words.looking);
    try {
      const [here, others] = await Promise.all([
        place ? ask(`${parts.urls.place}?lon=${place[0]}&lat=${place[1]}`) : null,
        query.toString() ? ask(`${parts.urls.duplicates}?${query}`) : { duplicates: [] },
      ]);
      if (number !== asked || !isHere()) return;
      show("erfassen-areas", here ? here.areas : "");
      showNearest(here);
      showDuplicates(others, Boolean(place));
    } catch (failed) {
      if (number !== asked || !isHere()) return;
      lookedAt = "";
      show("erfassen-areas", parts.words.failed);
    }
  }

  const show = (id, text) => {
    byId(id).textContent = text;
  };

  function showNearest(here) {
    const list = byId("erfassen-nearest");
    list.replaceChildren();
    if (!here) return;
    if (!here.nearest.length) {
      list.append(make("p", { className: "quiet", textContent: parts.words.no_nearest }));
      return;
    }
    const typed = (values.addresses && values.addresses.text) || "";
    const entries = here.nearest.map((one) => {
      const take = make("button", { type: "button", className: "button button-small", textContent: parts.words.take });
      take.setAttribute("aria-label", `${one.text}: ${parts.words.take}`);
      // The point stays where somebody has put it; only the name of the place is taken over.
      take.onclick = () => setForm({ addresses: { text: one.text, id: one.id } });
      const words = make("span", {}, one.text, " ", make("span", { className: "quiet", textContent: one.detail }));
      return make("li", {}, words, ...(one.text === typed ? [] : [take]));
    });
    list.append(make("p", { className: "field-label", textContent: parts.words.nearest }), make("ul", {}, ...entries));
  }

  /** At phone width the list lies above the fields that one types in, so a line at the edge leads there. */
  function showEdge(count) {
    const edge = byId("erfassen-edge");
    edge.hidden = !count;
    edge.textContent = count ? `${parts.words.duplicates}: ${count}` : "";
  }

  function showDuplicates(found, isPlaced) {
    const box = byId("erfassen-duplicates");
    box.replaceChildren();
    showEdge(found.duplicates.length);
    if (!found.duplicates.length) {
      if (isPlaced) box.append(make("p", { className: "quiet", textContent: parts.words.no_duplicates }));
      return;
    }
    const entries = found.duplicates.map((one) =>
      make(
        "li", {},
        make("a", { href: one.href, className: "qm-link", textContent: one.title }), " ",
        make("span", { className: "quiet", textContent: one.detail }),
        make("a", { href: one.add, className: "button button-small qm-link", textContent: parts.words.add_there }),
      ),
    );
    const icon = make("span", { className: "icon icon-warning" });
    icon.setAttribute("aria-hidden", "true");
    const body = make("div", {}, make("strong", { textContent: parts.words.duplicates }), make("p", { textContent: found.words }), make("ul", {}, ...entries));
    box.append(make("div", { className: "notice erfassen-found" }, icon, body));
  }

  /* --- the map --- */

  /* MapLibre's worker knows no page to which a path could be relative, so addresses of the style become whole ones. */
  const withOrigin = (style) => {
    const home = new URL(window.qm.texts().prefix, window.location.href).href;
    return JSON.parse(JSON.stringify(style).replaceAll("{origin}", home));
  };

  function begin(given) {
    const isNew = parts !== given;
    parts = given;
    if (!isNew) return;
    [camera, lookedAt, loadedFor] = [null, "", ""];
    revision += 1;
    const box = byId("erfassen-map").getBoundingClientRect();
    const whole = given.extent || [5.9, 47.3, 15.1, 55.1];
    camera = window.qm_map.fit(whole, { width: box.width || 600, height: box.height || 400 }, { left: 8, right: 8, top: 8, bottom: 8 });
    place = values.position || null;
    if (place) camera = { lon: place[0], lat: place[1], zoom: CLOSE_ZOOM };
    window.clearTimeout(timer);
    timer = window.setTimeout(look, 0);
    if (window.qm_able()) return;
    byId("erfassen-stage").classList.add("erfassen-unable");
    show("erfassen-wait", given.words.unable);
  }

  function pointTrace() {
    const at = place ? { lon: [place[0]], lat: [place[1]] } : { lon: [], lat: [] };
    return { type: "scattermap", mode: "markers", uid: "picked", hoverinfo: "skip", showlegend: false, ...at, marker: { size: 14, symbol: "picked_ring", allowoverlap: true } };
  }

  function pointUnder() {
    const at = place ? { lon: [place[0]], lat: [place[1]] } : { lon: [], lat: [] };
    return { type: "scattermap", mode: "markers", uid: "point", hoverinfo: "skip", showlegend: false, ...at, marker: { size: 11, color: "#c2410c" } };
  }

  function draw(given, chosen, loaded) {
    if (!given || !isHere()) return window.dash_clientside.no_update;
    begin(given);
    const theme = window.qm.theme();
    const columns = loaded || { columns: {} };
    window.setTimeout(() => dress(60), 0);
    return {
      data: [...window.qm_map.traces(parts.templates[theme], [columns], window.qm_map.symbolScale(camera.zoom)), pointUnder(), pointTrace()],
      layout: {
        map: { style: withOrigin(parts.styles[theme]), center: { lon: camera.lon, lat: camera.lat }, zoom: camera.zoom, uirevision: revision },
        margin: { l: 0, r: 0, t: 0, b: 0 },
        showlegend: false,
        dragmode: "pan",
        uirevision: "erfassen",
      },
    };
  }

  /** Plotly says to nobody when its map is there, so it is looked for, a few times. */
  function dress(tries) {
    const map = isHere() && mapOf(plot());
    if (!map) {
      if (tries > 0 && isHere()) window.setTimeout(() => dress(tries - 1), 100);
      return;
    }
    map.getCanvas().setAttribute("aria-label", parts.words.canvas);
    const about = document.querySelector("#erfassen-map .maplibregl-ctrl-attrib-button");
    if (about) about.setAttribute("aria-label", parts.words.attribution);
    if (map.qmDressed) return;
    map.qmDressed = true;
    map.on("click", (event) => choose(event.lngLat));
    map.on("moveend", moved);
    map.getCanvas().style.cursor = "crosshair";
    moved();
  }

  const choose = ({ lng, lat }) => {
    place = [Number(lng.toFixed(6)), Number(lat.toFixed(6))];
    set("erfassen-place", place);
    setForm({ position: place });
  };

  function moved() {
    window.clearTimeout(moving);
    moving = window.setTimeout(loadObjects, 250);
  }

  async function loadObjects() {
    const map = isHere() && mapOf(plot());
    if (!map) return;
    const centre = map.getCenter();
    camera = { lon: centre.lng, lat: centre.lat, zoom: map.getZoom() };
    const box = map.getBounds();
    const frame = window.qm_map.framed([box.getWest(), box.getSouth(), box.getEast(), box.getNorth()], camera.zoom);
    const zoom = Math.floor(camera.zoom * 2) / 2;
    const columns = `as_of=${parts.as_of}&frame=${frame.join(",")}&zoom=${zoom}&spoken=${document.documentElement.lang}`;
    // Drawing moves the map by a hair, which says that it was moved: the same objects are not drawn again.
    if (columns === loadedFor) return;
    loadedFor = columns;
    try {
      const loaded = await window.qm_map.loadLayer({ key: "state" }, { columns });
      if (isHere() && columns === loadedFor) set("erfassen-objects", loaded);
    } catch (failed) {
      loadedFor = "";
      /* The objects are context: without them a point can be set all the same, and duplicates are asked for apart. */
    }
  }

  /* --- buttons --- */

  const degrees = (id, most) => {
    const text = byId(id).value.trim().replace(",", ".").replace(/°$/, "");
    const number = text === "" ? NaN : Number(text);
    return Math.abs(number) <= most ? number : NaN;
  };

  function useCoordinates() {
    const [lon, lat] = [degrees("erfassen-lon", 180), degrees("erfassen-lat", 85)];
    const problem = byId("erfassen-coordinates-problem");
    problem.hidden = Number.isFinite(lon) && Number.isFinite(lat);
    problem.textContent = problem.hidden ? "" : parts.words.coordinates;
    if (problem.hidden) setForm({ position: [lon, lat] });
    else byId(Number.isFinite(lat) ? "erfassen-lon" : "erfassen-lat").focus();
  }

  const ACTIONS = {
    "zoom-in": (map) => map.zoomIn(),
    "zoom-out": (map) => map.zoomOut(),
    fit: (map) => parts.extent && map.fitBounds([parts.extent.slice(0, 2), parts.extent.slice(2)], { padding: 8 }),
    centre: (map) => choose(map.getCenter()),
  };

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest && event.target.closest("[data-erfassen]");
    if (!pressed || !parts) return;
    if (pressed.dataset.erfassen === "coordinates") return useCoordinates();
    if (pressed.dataset.erfassen === "edge") return byId("erfassen-duplicates").scrollIntoView({ block: "center" });
    const map = mapOf(plot());
    if (map) ACTIONS[pressed.dataset.erfassen](map);
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.erfassen = { draw };
})();
