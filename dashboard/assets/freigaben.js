/* The page of released states: the form writes its wish into the address; any button with data-print prints. */
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.freigaben = {
    preview(clicks, asOf, audience, title, withResolutions, scenario) {
      const resolutions = withResolutions === false ? "0" : "";
      if (clicks) window.qm.setQuery({ step: "preview", date: asOf, audience, title, resolutions, scenario: scenario || "" });
      return window.dash_clientside.no_update;
    },

    arrive(target) {
      if (target) window.qm.navigate(target);
      return window.dash_clientside.no_update;
    },
  };
})();
