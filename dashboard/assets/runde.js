/* The form of a round: a strip that shows its objects and leads from one to the next, and at phone width one object at a
   time. The form itself is drawn by forms.js; this only marks which of its objects is the current one. */
(function () {
  "use strict";
  const FORM = "form-runde";
  const byId = (id) => document.getElementById(id);
  const isHere = () => byId("runde-strip") !== null;

  let blocks = []; // what the form holds of each object
  let current = 0;

  const items = () => [...document.querySelectorAll(`#${FORM} .form-item:not(.form-item-removed)`)];
  const isDone = (block) => Boolean(block.property_id && block.property_id.id && block.access_reached && block.result);

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const icon = (name) => {
    const drawing = make("span", { className: `icon icon-${name}` });
    drawing.setAttribute("aria-hidden", "true");
    return drawing;
  };

  document.addEventListener("qm:form-values", (event) => {
    if (event.detail.form !== FORM) return;
    const before = blocks.length;
    blocks = event.detail.values.inspections || [];
    // A block that was added is the one that is filled in next; on arrival it is the first.
    if (before && blocks.length > before) current = blocks.length - 1;
    if (!before || current >= blocks.length) current = 0;
    if (!isHere()) {
      // The event comes while the page is still being put together.
      window.requestAnimationFrame(show);
      return;
    }
    show();
  });

  function show() {
    if (!isHere()) return;
    const all = items();
    all.forEach((item, place) => item.toggleAttribute("data-current", place === current));
    byId("runde").dataset.objects = String(blocks.length);
    drawStrip(all);
  }

  function drawStrip(all) {
    const strip = byId("runde-strip");
    const words = strip.parentElement.dataset;
    strip.hidden = blocks.length < 2;
    const chips = blocks.map((block, place) => {
      const name = words.item.replace("%(number)s", place + 1);
      const title = (block.property_id && block.property_id.text) || name;
      const isWrong = Boolean(all[place] && all[place].querySelector(".form-problem"));
      const state = isWrong ? words.problem : isDone(block) ? words.done : "";
      const chip = make("button", { type: "button", className: "runde-chip" }, make("span", { className: "runde-chip-number", textContent: String(place + 1) }), make("span", { className: "runde-chip-title", textContent: title }));
      if (isWrong || isDone(block)) chip.append(icon(isWrong ? "warning" : "check"));
      chip.setAttribute("aria-label", [name, title === name ? "" : title, state].filter(Boolean).join(", "));
      if (place === current) chip.setAttribute("aria-current", "step");
      chip.onclick = () => goTo(place);
      return make("li", {}, chip);
    });
    const list = make("ol", {}, ...chips);
    strip.replaceChildren(step("back", -1, words.previous), list, step("back", 1, words.next));
    const here = list.querySelector("[aria-current]");
    // Not scrollIntoView: that would move the page, too.
    if (here) list.scrollLeft = here.offsetLeft - list.offsetLeft - 24;
  }

  function step(symbol, by, label) {
    const button = make("button", { type: "button", className: `button button-icon runde-step${by > 0 ? " runde-step-next" : ""}` }, icon(symbol));
    button.setAttribute("aria-label", label);
    button.title = label;
    button.disabled = current + by < 0 || current + by >= blocks.length;
    button.onclick = () => goTo(current + by);
    return button;
  }

  function goTo(place) {
    current = place;
    show();
    const item = items()[place];
    if (!item) return;
    const control = item.querySelector("input:not([disabled]), select:not([disabled])");
    if (control) control.focus({ preventScroll: true });
    item.scrollIntoView({ block: "start" });
  }

  /* Where the user is, is the current one. */
  document.addEventListener("focusin", (event) => {
    if (!isHere() || !event.target.closest) return;
    const place = items().indexOf(event.target.closest(`#${FORM} .form-item`));
    if (place < 0 || place === current) return;
    current = place;
    show();
  });

  /* Problems appear when the form was checked, without its values having changed. */
  document.addEventListener("submit", (event) => {
    if (event.target.id === FORM) window.setTimeout(show, 400);
  }, true);
})();
