/* How long the session lasts: says two minutes before its end that it ends, prolongs it while somebody works here, and
   leads to the sign-in page when it is over. All tabs know the same moment; the server has the last word. */
(function () {
  "use strict";

  const WARN_SECONDS = 120;
  const ASK_AGAIN_SECONDS = 10;
  const WORK_SECONDS = 300; // typing sends nothing, so whoever types is kept signed in by a request now and then
  const KEY = "qm_session_ends";
  const byId = (id) => document.getElementById(id);
  const address = () => window.qm.texts().prefix + "sitzung";

  let endsAt = null; // milliseconds of this browser's clock
  let askedAt = 0;
  let workedAt = 0;
  let prolongedAt = Date.now();

  function note(seconds) {
    endsAt = Date.now() + seconds * 1000;
    prolongedAt = Date.now();
    try {
      window.localStorage.setItem(KEY, String(endsAt));
    } catch (full) {
      /* other tabs then ask the server themselves */
    }
    if (seconds > WARN_SECONDS) hide();
  }

  window.addEventListener("storage", (event) => {
    if (event.key !== KEY || !Number(event.newValue)) return;
    endsAt = Number(event.newValue);
    if (endsAt - Date.now() > WARN_SECONDS * 1000) hide();
  });

  /* Every POST prolongs the session and says how long it lasts now. */
  const before = window.fetch.bind(window);
  window.fetch = async function (resource, options) {
    const response = await before(resource, options);
    const seconds = Number(response.headers.get("X-Session-Seconds"));
    if (seconds) note(seconds);
    return response;
  };

  function hide() {
    const dialog = byId("shell-session");
    if (dialog && dialog.open) dialog.close();
  }

  function show(canStay) {
    const dialog = byId("shell-session");
    if (!dialog || dialog.open) return;
    const time = new Date(endsAt).toLocaleTimeString(document.documentElement.lang === "en" ? "en-GB" : "de-DE", { hour: "2-digit", minute: "2-digit" });
    for (const [id, isHidden] of [["shell-session-idle", !canStay], ["shell-session-over", canStay]]) {
      byId(id).textContent = byId(id).dataset.text.replace("{time}", time);
      byId(id).hidden = isHidden;
    }
    byId("shell-session-stay").hidden = !canStay;
    dialog.showModal();
    if (canStay) byId("shell-session-stay").focus();
  }

  /** Ask the server; a 401 leads to the sign-in page (shell.js), a lost connection is asked again a little later. */
  async function ask(method) {
    askedAt = Date.now();
    try {
      const response = await window.fetch(address(), { method });
      if (!response.ok) return null;
      const left = await response.json();
      note(left.seconds);
      return left;
    } catch (offline) {
      return null;
    }
  }

  async function look() {
    const now = Date.now();
    if (endsAt === null) {
      const holder = byId("shell-texts");
      if (!holder) return;
      note(window.qm.texts().session_seconds);
    }
    const left = (endsAt - now) / 1000;
    if (left > WARN_SECONDS) {
      if (workedAt > prolongedAt && now - prolongedAt > WORK_SECONDS * 1000 && now - askedAt > ASK_AGAIN_SECONDS * 1000) await ask("POST");
      return;
    }
    if (now - askedAt < ASK_AGAIN_SECONDS * 1000) return;
    const told = await ask("GET");
    if (told && told.seconds <= WARN_SECONDS) show(told.can_stay);
  }

  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, (event) => {
      if (!event.target.closest || !event.target.closest("#shell-session")) workedAt = Date.now();
    }, { passive: true, capture: true });
  }
  document.addEventListener("click", async (event) => {
    if (!event.target.closest("#shell-session-stay")) return;
    if (await ask("POST")) hide();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.setInterval(look, 1000);

  window.qm_session = {
    /** Somebody else knows how long it lasts now. */
    note(seconds) {
      askedAt = 0;
      note(seconds);
    },
  };
})();
