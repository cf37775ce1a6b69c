/* What Plotly's map lacks, put right on the map itself: halos of names, limits of zoom, names for screen readers, and
   words while nothing is drawn. */
(function () {
  "use strict";
  const EVERY_MS = 100;
  const HALO = { light: "rgba(255,255,255,0.92)", dark: "rgba(14,17,22,0.9)" };
  let job = null; // {templates, theme, words, shown}: what the last drawing was made of

  const plot = () => document.querySelector("#karte-graph .js-plotly-plot");
  const mapOf = (graph) => graph && graph._fullLayout && graph._fullLayout.map && graph._fullLayout.map._subplot && graph._fullLayout.map._subplot.map;

  /** Plotly's own name for the layer of the map that draws a trace. */
  const layerOf = ([name, template]) => `plotly-trace-layer-${name}-${template.type === "choroplethmap" ? "fill" : "symbol"}`;

  function dressLayer(map, id, template, theme) {
    const limits = template.meta || {};
    map.setLayerZoomRange(id, limits.minzoom || 0, limits.maxzoom || 24);
    if (template.mode !== "text") return;
    map.setPaintProperty(id, "text-halo-color", HALO[theme]);
    map.setPaintProperty(id, "text-halo-width", 1.8);
    map.setLayoutProperty(id, "text-variable-anchor", ["center", "top", "bottom", "left", "right"]);
    map.setLayoutProperty(id, "text-radial-offset", 0.6);
  }

  function nameParts(map, words) {
    map.getCanvas().setAttribute("aria-label", words.canvas);
    map.getCanvas().setAttribute("aria-describedby", "karte-summary");
    const about = document.querySelector("#karte-graph .maplibregl-ctrl-attrib-button");
    if (about) about.setAttribute("aria-label", words.attribution);
  }

  function dress(tries) {
    const map = mapOf(plot());
    const there = map ? job.templates.filter((one) => map.getLayer(layerOf(one))) : [];
    for (const one of there) dressLayer(map, layerOf(one), one[1], job.theme);
    if (map) nameParts(map, job.words);
    const waiting = document.getElementById("karte-wait");
    if (map && !plot().dataset.dressed) {
      plot().dataset.dressed = "true";
      plot().on("plotly_afterplot", () => dress(0));
    }
    // Plotly adds its layers when the style has arrived, and says so to nobody: they are looked for, a few times.
    const isComplete = job.shown.every((name) => there.some(([one]) => one === name));
    // The words in the middle go when the map rests for the first time with everything in it.
    if (map && waiting && !waiting.hidden && (isComplete || tries <= 1)) {
      map.once("idle", () => (waiting.hidden = true));
      map.triggerRepaint();
    }
    const left = isComplete ? Math.min(tries - 1, 3) : tries - 1;
    if (left > 0 && document.getElementById("karte")) window.setTimeout(() => dress(left), EVERY_MS);
  }

  let isAble = null;

  /** Whether this browser can draw a map at all (looked up once: each look makes a canvas); where not, `text` says so. */
  window.qm_able = function (text) {
    if (isAble === null) isAble = Boolean(document.createElement("canvas").getContext("webgl2"));
    if (!isAble && text) sayUnable(text);
    return isAble;
  };

  function sayUnable(text) {
    const waiting = document.getElementById("karte-wait");
    waiting.classList.add("karte-refused");
    waiting.lastElementChild.textContent = text;
    document.getElementById("karte").classList.add("karte-unable");
    document.getElementById("karte").setAttribute("aria-busy", "false");
  }

  /** Dress the map after a drawing; `shown` are the names of the traces that it holds. */
  window.qm_dress = function (templates, theme, words, shown) {
    job = { templates, theme, words, shown };
    window.setTimeout(() => dress(60), 0);
  };
})();
