/* Going through the slides: keys, clicker (Page up/down), buttons, touch, full screen. The slide stands in the hash. */
(function () {
  "use strict";
  const presentation = () => document.querySelector(".presentation");
  let state = null;
  let touchX = null;

  function show(wanted) {
    const holder = presentation();
    if (!holder || !state) return;
    const at = Math.min(Math.max(wanted, 1), state.count);
    holder.dataset.at = String(at);
    holder.querySelector(".presentation-at").textContent = `${at} / ${state.count}`;
    holder.querySelector('[data-slide="previous"]').disabled = at === 1;
    holder.querySelector('[data-slide="next"]').disabled = at === state.count;
    document.getElementById("praesentation-live").textContent = `${state.words[at - 1]}: ${state.titles[at - 1]}`;
    window.history.replaceState(window.history.state, "", `#${at}`);
    // A button that has just been switched off must not keep the keyboard.
    if (document.activeElement && document.activeElement.disabled) document.getElementById("content").focus();
  }

  const at = () => Number(presentation().dataset.at);

  function toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {});
  }

  const actions = { previous: () => show(at() - 1), next: () => show(at() + 1), full: toggleFullScreen };
  const keys = {
    ArrowRight: actions.next, ArrowDown: actions.next, PageDown: actions.next, " ": actions.next,
    ArrowLeft: actions.previous, ArrowUp: actions.previous, PageUp: actions.previous,
    Home: () => show(1), End: () => show(state.count), f: toggleFullScreen, F: toggleFullScreen,
    Escape: () => { if (!document.fullscreenElement) window.qm.navigate(presentation().dataset.back); },
  };

  /* On a phone the slides stand below each other, and keys scroll as everywhere. */
  const isStage = () => presentation() && window.matchMedia("(min-width: 761px)").matches;

  document.addEventListener("keydown", (event) => {
    if (!isStage() || !state || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (event.key === " " && event.target.closest("button, a, summary, input")) return;
    event.preventDefault();
    if (event.key === " " && event.shiftKey) actions.previous();
    else keys[event.key]();
  });

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-slide]");
    if (pressed && presentation()) actions[pressed.dataset.slide]();
  });

  document.addEventListener("touchstart", (event) => { touchX = event.changedTouches[0].clientX; }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!isStage() || touchX === null) return;
    const moved = event.changedTouches[0].clientX - touchX;
    if (Math.abs(moved) > 60) (moved < 0 ? actions.next : actions.previous)();
  }, { passive: true });

  window.addEventListener("hashchange", () => { if (presentation() && state) show(Number(window.location.hash.slice(1)) || 1); });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.praesentation = {
    start(slides) {
      state = slides;
      window.setTimeout(() => show(Number(window.location.hash.slice(1)) || 1), 0);
      return window.dash_clientside.no_update;
    },
  };
})();
