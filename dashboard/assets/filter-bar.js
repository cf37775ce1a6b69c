/* The filter bar: a control with data-query writes its part of the link; the router then builds the page anew. */
(function () {
  "use strict";

  const isDate = (input) => input.type === "date";
  /* A date that is being typed passes through the years 0002, 0020 and 0202. */
  const isComplete = (input) => !isDate(input) || input.value === "" || Number(input.value.slice(0, 4)) >= 1900;

  function write(input) {
    if (!input.dataset || !input.dataset.query || !input.closest(".filter-bar") || !isComplete(input)) return;
    window.qm.setQuery({ [input.dataset.query]: input.value.trim() || null });
  }

  /* "change" comes when a menu is chosen, and when a text was changed and is left or Enter is pressed. */
  document.addEventListener("change", (event) => write(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".filter-bar input")) write(event.target);
  });
  /* The cross in a search field. */
  document.addEventListener("search", (event) => write(event.target), true);
})();
