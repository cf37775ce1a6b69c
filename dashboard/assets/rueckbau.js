/* The page of demolitions: the map in the theme that is shown, its points as links, and the link of the page to copy. */
(function () {
  "use strict";

  /* MapLibre's worker knows no page to which a path could be relative, so addresses of the style become whole ones. */
  const withOrigin = (style) => {
    const home = new URL(window.qm.texts().prefix, window.location.href).href;
    return JSON.parse(JSON.stringify(style).replaceAll("{origin}", home));
  };
  const skip = () => window.dash_clientside.no_update;

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.rueckbau = {
    draw(parts) {
      if (!parts) return skip();
      const theme = window.qm.theme();
      return {
        data: parts.traces[theme],
        layout: {
          map: { style: withOrigin(parts.styles[theme]), center: parts.center, zoom: parts.zoom },
          margin: { l: 0, r: 0, t: 0, b: 0 },
          showlegend: false,
          uirevision: `${parts.center.lon},${parts.center.lat},${parts.zoom}`,
        },
      };
    },

    open(clicked) {
      const point = clicked && clicked.points && clicked.points[0];
      if (point && typeof point.customdata === "string") window.qm.arriveAt(point.customdata);
      return skip();
    },
  };

  /** Where the browser keeps its clipboard to secure pages, the words say what to do instead. */
  async function copy(button) {
    try {
      await navigator.clipboard.writeText(window.location.href);
      window.qm.toast(button.dataset.said, "good");
    } catch {
      window.qm.toast(button.dataset.failed, "info");
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies-link]");
    if (button) copy(button);
  });
})();
