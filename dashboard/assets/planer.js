/* The planner: recording shows the form of one object at a time. All of them are on the page, so that the next object can
   be opened without a connection. */
(function () {
  "use strict";
  const HOLDER = "planer-recording";

  document.addEventListener("click", (event) => {
    const step = event.target.closest ? event.target.closest(`#${HOLDER} .planer-step`) : null;
    if (!step || step.disabled) return;
    const cards = [...document.querySelectorAll(`#${HOLDER} > .planer-card`)];
    const wanted = cards[Number(step.dataset.to)];
    if (!wanted) return;
    cards.forEach((card) => { card.hidden = card !== wanted; });
    const heading = wanted.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    wanted.scrollIntoView({ block: "start" });
  });
})();
