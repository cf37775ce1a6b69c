/* What forms need beyond the screen: the rules of a field, drafts that survive, and the queue of what could not be sent.
   Rules carry the same codes as dashboard/form_values.py; a browser test holds both to one table of cases. */
(function () {
  "use strict";

  const PREFIX = "qm:draft:";
  const KEPT_MS = 7 * 86400000;
  const RETRY_MS = 15000;
  const PATIENCE_MS = 30000;

  /* --- rules ------------------------------------------------------------------------------------------------------- */

  const blank = (field) => {
    if (field.kind === "choices") return [];
    return ["yes_no", "address", "place"].includes(field.kind) ? null : "";
  };

  const isEmpty = (value) =>
    value === null || value === undefined || (Array.isArray(value) && !value.length) ||
    (typeof value === "string" ? !value.trim() : typeof value === "object" && "text" in value && !(value.text || "").trim());

  function dateProblem(field, text) {
    if (!/^\d{4}-\d\d-\d\d$/.test(text)) return "not_a_date";
    const day = new Date(text + "T00:00:00Z");
    if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) return "not_a_date";
    if (Number(text.slice(0, 4)) < 1900) return "too_early";
    return field.latest && text > field.latest ? "future" : null;
  }

  function numberProblem(field, text) {
    if (!/^-?[0-9]{1,9}$/.test(text)) return "not_a_number";
    if (field.at_least !== null && field.at_least !== undefined && Number(text) < field.at_least) return "too_small";
    return field.at_most !== null && field.at_most !== undefined && Number(text) > field.at_most ? "too_large" : null;
  }

  /** The code of what is wrong with a value; null = nothing. */
  function check(field, value) {
    if (isEmpty(value)) return field.is_required ? "required" : null;
    // Python counts letters, and so does this: one outside of the basic plane is one.
    const length = (text) => [...text.trim().normalize("NFC")].length;
    if (["text", "lines", "password"].includes(field.kind)) return length(value) > field.max_length ? "too_long" : null;
    if (field.kind === "address") return length(value.text) > field.max_length ? "too_long" : null;
    if (field.kind === "date") return dateProblem(field, value.trim());
    if (field.kind === "integer") return numberProblem(field, value.trim());
    const known = (field.options || []).map(([code]) => code);
    if (field.kind === "choice") return known.includes(value) ? null : "unknown";
    if (field.kind === "choices") return value.every((code) => known.includes(code)) ? null : "unknown";
    return null;
  }

  /** Values as they are sent: entries of a repeated group that were removed are left out. */
  function sendable(values) {
    const isGroup = (value) => Array.isArray(value) && value.some((item) => item && typeof item === "object" && "removed" in item);
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) =>
        [name, isGroup(value) ? value.filter((item) => !item.removed).map((item) => item.values) : value]),
    );
  }

  /* --- drafts ------------------------------------------------------------------------------------------------------ */

  /* Where the browser keeps nothing (private windows, a full store), a draft lives as long as the page. */
  const inMemory = new Map();

  /** The version that a form was built on is no part of the name: a draft outlives it. */
  function draftKey(account, form, about) {
    const parts = Object.entries(about || {}).filter(([name]) => name !== "expected").sort();
    return `${PREFIX}${account}:${form}:${new URLSearchParams(parts)}`;
  }

  function read(key) {
    try {
      return JSON.parse(window.localStorage.getItem(key)) || inMemory.get(key) || null;
    } catch (unreadable) {
      return inMemory.get(key) || null;
    }
  }

  /** Keep a draft; false when the browser does not, so that leaving the page would lose it. */
  function write(key, draft) {
    inMemory.set(key, draft);
    try {
      window.localStorage.setItem(key, JSON.stringify(draft));
      return true;
    } catch (full) {
      return false;
    }
  }

  function drop(key) {
    inMemory.delete(key);
    try {
      window.localStorage.removeItem(key);
    } catch (forbidden) {
      /* nothing was kept there either */
    }
  }

  function keys() {
    try {
      return Object.keys(window.localStorage).filter((key) => key.startsWith(PREFIX));
    } catch (forbidden) {
      return [...inMemory.keys()];
    }
  }

  function dropAll() {
    keys().forEach(drop);
    inMemory.clear();
  }

  /* --- sending ----------------------------------------------------------------------------------------------------- */

  /** A number that no other form has; `randomUUID` is missing where a city serves without https. */
  function newNumber() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /** Send; the answer is {status, body}, with status 0 where none came. 503 and its like count as none. */
  async function send(draft) {
    const patience = new AbortController();
    const timer = window.setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const response = await window.fetch(draft.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({
          submission: draft.submission, values: sendable(draft.values), about: draft.about,
          confirmed: draft.confirmed || [], account: draft.account,
        }),
        signal: patience.signal,
      });
      if ([429, 502, 503, 504].includes(response.status)) return { status: 0, away: true };
      return { status: response.status, body: await response.json() };
    } catch (unreachable) {
      return { status: 0, away: false };
    } finally {
      window.clearTimeout(timer);
    }
  }

  /* --- the queue --------------------------------------------------------------------------------------------------- */

  const ownAccount = () => (window.qm && window.qm.texts().account) || null;
  const waiting = () => keys().filter((key) => {
    const draft = read(key);
    return draft && draft.state === "queued" && draft.account === ownAccount();
  });

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  /* The form itself answers when it is on the screen; otherwise a notice says what became of it. */
  function announce(key, draft, answer) {
    const event = new CustomEvent("qm:form-answer", { detail: { key, answer }, cancelable: true });
    if (!document.dispatchEvent(event)) return;
    if (answer.status === 200) {
      drop(key);
      window.qm.toast(fill(draft.words.sent_later, { title: draft.title, message: answer.body.saved.message }), "good");
    } else if (answer.status !== 0) {
      write(key, { ...draft, state: "draft", answer });
      window.qm.toast(fill(draft.words.refused_later, { title: draft.title }), "bad");
    }
  }

  let isSending = false;
  async function sendWaiting() {
    if (isSending || !window.qm) return;
    isSending = true;
    try {
      for (const key of waiting()) {
        const draft = read(key);
        const answer = await send(draft);
        if (answer.status === 0) break;
        announce(key, draft, answer);
      }
    } finally {
      isSending = false;
    }
  }

  function forgetOld() {
    for (const key of keys()) {
      const draft = read(key);
      if (!draft || !(Date.now() - draft.at < KEPT_MS)) drop(key);
    }
  }

  window.addEventListener("online", sendWaiting);
  // A page that was closed in a cellar and is opened in the office sends at once, as soon as the shell stands.
  window.addEventListener("load", () => window.setTimeout(sendWaiting, 1000));
  window.setInterval(sendWaiting, RETRY_MS);
  forgetOld();

  window.qm_drafts = {
    blank, isEmpty, check, draftKey, read, write, drop, dropAll, newNumber, send, sendWaiting, waiting, fill, sendableOf: sendable,
  };
})();
