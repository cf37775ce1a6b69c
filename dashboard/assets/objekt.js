/* The small map of a property: puts traces and style together for the theme that is shown. */
(function () {
  "use strict";

  /* MapLibre's worker knows no page to which a path could be relative, so addresses of the style become whole ones. */
  const withOrigin = (style) => {
    const home = new URL(window.qm.texts().prefix, window.location.href).href;
    return JSON.parse(JSON.stringify(style).replaceAll("{origin}", home));
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.objekt = {
    draw(parts) {
      if (!parts) return window.dash_clientside.no_update;
      const theme = window.qm.theme();
      const [circle, ...others] = parts.traces;
      const line = { ...circle.line, color: theme === "dark" ? "#9fb6d4" : "#3c5a80" };
      return {
        data: [{ ...circle, line }, ...others],
        layout: {
          map: { style: withOrigin(parts.styles[theme]), center: parts.center, zoom: parts.zoom },
          margin: { l: 0, r: 0, t: 0, b: 0 },
          showlegend: false,
          uirevision: "objekt",
        },
      };
    },
  };
})();
