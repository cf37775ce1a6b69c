/* Areas with name and value as SVG (see components/area_map.py). React comes with Dash. */
(function () {
  "use strict";
  const make = window.React.createElement;

  function label(shape, size) {
    const text = (content, y, className, key) =>
      make("text", { key, x: shape.x, y, className, fontSize: className === "area-name" ? size : size * 1.35 }, content);
    return [
      text(shape.name, shape.y - size * 0.45, "area-name", "name"),
      text(shape.value, shape.y + size * 0.95, "area-value", "value"),
    ];
  }

  function AreaMap(props) {
    const { id, shapes = [], height = 1000, text_size: size = 26 } = props;
    const hatch = `${id}-hatch`;
    const pattern = make(
      "pattern",
      { id: hatch, width: 14, height: 14, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)", key: "pattern" },
      [
        make("rect", { key: "ground", width: 14, height: 14, className: "area-hatch-ground" }),
        make("line", { key: "line", x1: 0, y1: 0, x2: 0, y2: 14, className: "area-hatch-line" }),
      ],
    );
    const outlines = shapes.map((one) =>
      make("path", { key: one.key, d: one.path, className: "area-shape", fill: one.held ? `url(#${hatch})` : undefined, "data-held": one.held ? "yes" : "no" }),
    );
    const labels = shapes.map((one) => make("g", { key: one.key }, label(one, size)));
    return make(
      "svg",
      { id, viewBox: `0 0 1000 ${height}`, className: "area-map", role: "img", "aria-label": props.label },
      [
        make("defs", { key: "defs" }, pattern),
        make("g", { key: "outlines" }, outlines),
        make("g", { key: "labels", className: "area-labels" }, labels),
      ],
    );
  }

  window.qm_areas = { AreaMap };
})();
