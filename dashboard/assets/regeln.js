/* The page of rules: when the due dates have been computed, its numbers are old, so it is built anew. */
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.regeln = {
    /** `seen` is what the page was built with, so that a page which already shows the new dates stays as it is. */
    done(state, seen) {
      if (state === "done" && seen && seen !== "done") window.qm.rebuild();
      return state;
    },
  };
})();
