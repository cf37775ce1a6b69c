/* Charts carry both themes (see components/chart.py); shown is the one that is chosen. */
(function () {
  "use strict";

  function dress(holder) {
    const theme = window.qm.theme();
    const shown = holder.dataset.theme || "light";
    if (shown === theme) return;
    holder.dataset.theme = theme;
    window.dash_clientside.set_props(holder.dataset.chart, { figure: JSON.parse(holder.dataset.figures)[theme] });
  }

  const dressAll = () => document.querySelectorAll("[data-chart]").forEach(dress);
  window.addEventListener("qm-theme", dressAll);

  /* A page that is built anew brings its charts in the light theme again. */
  let waiting = null;
  new MutationObserver((changes) => {
    const concerns = changes.some(
      (change) => change.attributeName === "data-figures" || [...change.addedNodes].some((node) => node.querySelector),
    );
    if (!concerns) return;
    changes.filter((change) => change.attributeName === "data-figures").forEach((change) => delete change.target.dataset.theme);
    window.clearTimeout(waiting);
    waiting = window.setTimeout(dressAll, 30);
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-figures"] });
})();
