/* The frame: addresses, notices, theme, menus, dialogs. No inline script exists anywhere, so everything starts here. */
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  let words = null;
  const texts = () => {
    const holder = byId("shell-texts");
    if (!words && holder) words = JSON.parse(holder.dataset.texts);
    return words || { prefix: "/", close: "Schließen", number: "Nr." };
  };

  /* --- addresses ------------------------------------------------------------------------------------------------ */

  const announce = () => window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));

  /** Go to an address of the application without loading it anew. */
  function navigate(url) {
    window.history.pushState({}, "", url);
    announce();
  }

  /** Change values of the query; null removes one. `replace` leaves no step for the back button. */
  function setQuery(changes, { replace = false } = {}) {
    const query = new URLSearchParams(window.location.search);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") query.delete(key);
      else query.set(key, value);
    }
    // Commas stay readable: they separate the values of a list, and a link is also read by people.
    const text = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
    const search = text ? "?" + text : "";
    if (search === window.location.search) return;
    const url = window.location.pathname + search;
    if (replace) window.history.replaceState({}, "", url);
    else window.history.pushState({}, "", url);
    announce();
  }

  /** Take the date along, and to a page that knows areas (data-area) the one area of this page, or of its first wish. */
  function keepFilter(link) {
    const query = new URLSearchParams(window.location.search);
    const asOf = query.get("as_of");
    const area = query.get("area") || (query.get("wish") || "").split(":")[0];
    const url = new URL(link.href);
    if (asOf) url.searchParams.set("as_of", asOf);
    if (link.dataset.area && /^[1-9]\d*$/.test(area)) url.searchParams.set("area", area);
    return url.pathname + url.search;
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href]");
    if (!link || link.target === "_blank" || link.hasAttribute("download")) return;
    if (link.dataset.lang) {
      const url = new URL(window.location.href);
      url.searchParams.set("lang", link.dataset.lang);
      link.href = url.pathname + url.search;
      return;
    }
    if (link.matches(".skip-link")) {
      event.preventDefault();
      byId("content").focus();
      return;
    }
    const isOurs = link.origin === window.location.origin && link.pathname.startsWith(texts().prefix);
    if (!isOurs || !link.matches(".qm-link, .ag-cell a")) return;
    event.preventDefault();
    closeMenus();
    arrived.opener = link.id;
    navigate(link.matches(".qm-keep") ? keepFilter(link) : link.href);
  });

  /* --- notices ------------------------------------------------------------------------------------------------- */

  /** Show a notice: kind is good, bad or info; bad ones stay until somebody closes them. */
  function toast(message, kind = "info") {
    const holder = byId("shell-toasts");
    if (!holder || !message) return;
    if ([...holder.querySelectorAll(".toast-text")].some((shown) => shown.textContent === message)) return;
    const box = document.createElement("div");
    box.className = "toast toast-" + kind;
    box.setAttribute("role", kind === "bad" ? "alert" : "status");
    const symbol = document.createElement("span");
    symbol.className = "icon icon-" + { good: "check", bad: "warning", info: "info" }[kind];
    symbol.setAttribute("aria-hidden", "true");
    const text = document.createElement("span");
    text.className = "toast-text";
    text.textContent = message;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button button-quiet button-icon";
    close.setAttribute("aria-label", texts().close);
    close.innerHTML = '<span class="icon icon-close" aria-hidden="true"></span>';
    close.addEventListener("click", () => box.remove());
    box.append(symbol, text, close);
    holder.append(box);
    if (kind !== "bad") window.setTimeout(() => box.remove(), 6000);
  }

  async function explain(response) {
    let error = {};
    try {
      error = (await response.clone().json()).error || {};
    } catch (unreadable) {
      error = { message: texts().failed };
    }
    toast(error.id ? `${error.message} (${texts().number}: ${error.id})` : error.message, "bad");
  }

  function signInAgain() {
    const here = window.location.pathname + window.location.search;
    window.location.assign(texts().prefix + "anmelden?next=" + encodeURIComponent(here));
  }

  /* Callbacks and data go through fetch: one place shows that something is under way, and what went wrong. */
  const plainFetch = window.fetch.bind(window);
  let underWay = 0;
  let progressTimer = null;
  const progress = (change) => {
    underWay += change;
    const bar = byId("shell-progress");
    if (!bar) return;
    window.clearTimeout(progressTimer);
    if (underWay > 0) progressTimer = window.setTimeout(() => (bar.hidden = false), 400);
    else bar.hidden = true;
  };

  window.fetch = async function (resource, options) {
    const url = typeof resource === "string" ? resource : resource.url;
    const isCallback = url.includes("_dash-update-component");
    if (isCallback) progress(1);
    try {
      const response = await plainFetch(resource, options);
      if (response.status === 401) {
        signInAgain();
        return new Promise(() => {}); // the page is being left; nobody shall complain about the answer meanwhile
      }
      if (isCallback && response.status >= 400) await explain(response);
      return response;
    } catch (error) {
      if (isCallback && error.name !== "AbortError") toast(texts().failed, "bad");
      throw error;
    } finally {
      if (isCallback) progress(-1);
    }
  };

  /* Drafts of forms belong to the account: signing out takes them away, and asks first when one still waits. */
  document.addEventListener("submit", (event) => {
    const path = event.target.action ? new URL(event.target.action).pathname.slice(texts().prefix.length) : "";
    if (!["abmelden", "abmelden/ueberall"].includes(path) || !window.qm_drafts) return;
    if (window.qm_drafts.waiting().length && !window.confirm(texts().unsent)) event.preventDefault();
    else window.qm_drafts.dropAll();
  });

  /* --- theme --------------------------------------------------------------------------------------------------- */

  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const theme = () => document.documentElement.dataset.theme || (prefersDark.matches ? "dark" : "light");

  function showTheme() {
    const button = byId("shell-theme-switch");
    if (button) button.setAttribute("aria-pressed", String(theme() === "dark"));
    if (window.dash_clientside && window.dash_clientside.set_props && byId("shell")) {
      window.dash_clientside.set_props("shell-theme", { data: theme() });
    }
    window.dispatchEvent(new CustomEvent("qm-theme", { detail: theme() }));
  }
  prefersDark.addEventListener("change", showTheme);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#shell-theme-switch")) return;
    const chosen = theme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    document.cookie = `qm_theme=${chosen}; path=${texts().prefix}; max-age=31536000; samesite=lax`;
    showTheme();
  });

  /* --- menus and dialogs --------------------------------------------------------------------------------------- */

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  /* A button with data-opens shows the dialog of that id; one with data-closes, or Escape, closes it. */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && byId(opener.dataset.opens)) byId(opener.dataset.opens).showModal();
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
  });

  /* --- callbacks of the frame ---------------------------------------------------------------------------------- */

  function readableDate(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    const style = texts().language === "de"
      ? { day: "2-digit", month: "2-digit", year: "numeric" }
      : { day: "numeric", month: "short", year: "numeric" };
    const locale = texts().language === "de" ? "de-DE" : "en-GB";
    return new Intl.DateTimeFormat(locale, { ...style, timeZone: "UTC" }).format(Date.UTC(year, month - 1, day));
  }

  const skip = () => window.dash_clientside.no_update;
  let visits = 0;
  // Beside the content the groups of the navigation stand open until somebody folds one; over a phone's bar one opens at
  // a time, and closes when its page comes.
  const narrow = window.matchMedia("(max-width: 760px)");
  let unfolded = false;
  function foldNavigation() {
    if (unfolded && !narrow.matches) return;
    unfolded = !narrow.matches;
    document.querySelectorAll(".nav-group").forEach((group) => { group.open = unfolded; });
  }
  narrow.addEventListener("change", foldNavigation);
  document.addEventListener("click", (event) => {
    if (!narrow.matches) return;
    // A chosen page closes its group also where it is the one that is shown, which arrives no second time.
    const kept = event.target.closest?.("a[href]") ? null : event.target.closest?.(".nav-group");
    document.querySelectorAll(".nav-group[open]").forEach((group) => { if (group !== kept) group.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    const open = narrow.matches && event.key === "Escape" && document.querySelector(".nav-group[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  const arrived = { key: null, focused: "", scrolled: 0, opener: "", pages: [] };

  function keepPlace(focused, scrolled) {
    window.requestAnimationFrame(() => {
      const target = byId(focused) || (document.activeElement === document.body && focused && byId("content"));
      if (target && document.activeElement !== target) target.focus({ preventScroll: true });
      byId("content").scrollTop = scrolled;
    });
  }

  /** Build the page of an address anew, because what it shows was changed; without one, that of the page shown. */
  function rebuild(url = new URL(window.location.href), focused = "") {
    arrived.focused = focused || arrived.opener || "content";
    arrived.scrolled = byId("content").scrollTop;
    const next = { ...routeOf(url.pathname, url.search), again: Date.now() };
    window.dash_clientside.set_props("shell-route", { data: next });
  }

  /** Go to an address; the page is built anew also when it is the one that is shown. */
  function arriveAt(href) {
    const url = new URL(href, window.location.href);
    if (url.pathname === window.location.pathname) {
      rebuild(url);
      arrived.scrolled = 0; // what was open is gone, and the place in it too
    }
    navigate(url.pathname + url.search);
  }

  function routeOf(pathname, search) {
    const query = new URLSearchParams(search || "");
    const values = {};
    for (const key of rebuiltOn(arrived.pages, pathname)) if (query.has(key)) values[key] = query.get(key);
    return { path: pathname, query: values };
  }

  function rebuiltOn(pages, path) {
    const clean = "/" + path.slice(texts().prefix.length).replace(/^\/+|\/+$/g, "");
    const isAt = (one) => clean === one.base && (!one.segment || one.optional);
    const page = pages.find((one) => isAt(one) || (one.segment && clean.startsWith(one.base + "/")));
    return page ? page.on : [];
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.shell = {
    route(pathname, search, known, pages) {
      arrived.pages = pages;
      const next = routeOf(pathname, search);
      const values = next.query;
      if (known && JSON.stringify(next) === JSON.stringify({ path: known.path, query: known.query })) return skip();
      arrived.focused = byId("content").contains(document.activeElement) ? document.activeElement.id : "";
      arrived.scrolled = byId("content").scrollTop;
      // Another object on the same kind of page is another page, and so is what such a value of the link opens.
      const opens = (of) => ["project", "delivery", "upload", "account"].map((name) => of[name] || "").join("|");
      if (known && (known.path !== pathname || opens(known.query) !== opens(values))) arrived.key = null;
      return next;
    },

    arrive(page) {
      if (!page) return skip();
      document.title = `${page.title} – quartiermonitor`;
      if (page.usual_as_of) window.dash_clientside.set_props("shell-as-of-default", { data: page.usual_as_of });
      byId("shell").classList.toggle("shell-filled", page.fills_screen);
      document.querySelectorAll(".nav-link").forEach((link) => {
        if (link.dataset.page === page.key) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      });
      foldNavigation();
      // After the first page the focus goes to the content, as it does when a browser loads a page. A page that was
      // only built anew, for another filter, keeps its place and the control that was used.
      visits += 1;
      if (page.key && page.key === arrived.key) keepPlace(arrived.focused, arrived.scrolled);
      else {
        if (visits > 1) byId("content").focus({ preventScroll: true });
        byId("content").scrollTop = 0;
      }
      arrived.key = page.key;
      showTheme();
      return page.title;
    },

    show_as_of(search, fallback) {
      const wanted = new URLSearchParams(search || "").get("as_of") || "";
      const isDate = /^\d{4}-\d\d-\d\d$/.test(wanted) && !Number.isNaN(Date.parse(wanted));
      const day = isDate ? wanted : fallback;
      return [day, readableDate(day), day === fallback ? "no" : "yes"];
    },

    choose_as_of(value, clicks, fallback) {
      const trigger = window.dash_clientside.callback_context.triggered_id;
      if (trigger === "shell-as-of-reset") {
        setQuery({ as_of: null });
        return true;
      }
      if (trigger === "shell-as-of" && value) {
        const current = new URLSearchParams(window.location.search).get("as_of") || fallback;
        if (value !== current) setQuery({ as_of: value === fallback ? null : value });
      }
      return !value || value === fallback;
    },

    notify(notice) {
      if (notice) toast(notice.message, notice.kind);
      return skip();
    },
  };

  window.qm = { navigate, arriveAt, rebuild, setQuery, toast, theme, texts };
})();
