/* The form component (components/edit_form.py): draws a declaration, checks at once, keeps a draft, sends, and says what
   became of it. Drafts, rules and the queue are in forms-drafts.js, the fields in forms-fields.js. */
(function () {
  "use strict";
  const React = window.React;
  const make = React.createElement;
  const drafts = window.qm_drafts;
  const field = window.qm_form_field;
  const { fill } = drafts;

  const allFields = (spec) => spec.groups.flatMap((group) => group.fields);
  const newItem = (spec, values) => ({
    key: drafts.newNumber(), removed: false,
    values: { ...Object.fromEntries(spec.repeats.fields.map((one) => [one.name, drafts.blank(one)])), ...values },
  });

  /** Every field has a value; what a draft or a page gives for a field that is gone is left out. */
  function complete(spec, given) {
    const values = {};
    for (const one of allFields(spec)) values[one.name] = given[one.name] ?? drafts.blank(one);
    if (spec.repeats) {
      const items = given[spec.repeats.name] || [];
      values[spec.repeats.name] = items.map((item) => ("removed" in item ? item : newItem(spec, item)));
      while (values[spec.repeats.name].length < spec.repeats.at_least) values[spec.repeats.name].push(newItem(spec, {}));
    }
    return values;
  }

  /** Codes of all problems in words, by field; of an entry of the group as `<group>.<index>.<field>`. */
  function problemsOf(spec, values) {
    const found = {};
    const look = (one, value, name) => {
      const code = drafts.check(one, value);
      if (code) found[name] = one.words[code];
    };
    allFields(spec).forEach((one) => look(one, values[one.name], one.name));
    if (spec.repeats) {
      const items = values[spec.repeats.name].filter((item) => !item.removed);
      items.forEach((item, index) =>
        spec.repeats.fields.forEach((one) => look(one, item.values[one.name], `${spec.repeats.name}.${index}.${one.name}`)));
    }
    return found;
  }

  const idOf = (id, name) => `${id}-${name.replaceAll(".", "-")}`;
  const withoutPasswords = (spec, values) => {
    const kept = { ...values };
    for (const one of allFields(spec)) if (one.kind === "password") kept[one.name] = "";
    return kept;
  };

  function moment(milliseconds) {
    const when = new Date(milliseconds);
    const locale = document.documentElement.lang === "en" ? "en-GB" : "de-DE";
    const time = when.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
    if (when.toDateString() === new Date().toDateString()) return time;
    return `${when.toLocaleDateString(locale, { day: "2-digit", month: "2-digit" })}, ${time}`;
  }

  const button = (key, label, onClick, kind = "", more = {}) =>
    make("button", { key, type: "button", className: `button ${kind}`.trim(), onClick, ...more }, label);

  const box = (key, kind, children, more = {}) =>
    make("div", { key, className: `notice notice-${kind} form-notice`, ...more }, [
      make("span", { key: "icon", className: `icon icon-${kind === "bad" ? "warning" : kind === "good" ? "check" : "info"}`, "aria-hidden": true }),
      make("div", { key: "body", className: "form-notice-body" }, children),
    ]);

  /* --- what stands above the send bar --------------------------------------------------------------------------------- */

  function Conflict({ conflict, texts, overwrite, giveUp, busy }) {
    const cells = ["before", "theirs", "yours"];
    const head = make("tr", { key: "head" }, ["field", ...cells].map((name) => make("th", { key: name, scope: "col" }, texts[`conflict_${name}`])));
    const rows = conflict.changes.map((one) =>
      make("tr", { key: one.name }, [
        make("th", { key: "label", scope: "row" }, one.label),
        ...cells.map((name) => make("td", { key: name, "data-label": texts[`conflict_${name}`] },
          name === "yours" && one.is_untouched ? make("span", { className: "quiet" }, texts.conflict_kept) : one[name])),
      ]));
    const table = make("table", { key: "table", className: "plain-table form-conflict" }, [
      make("thead", { key: "head" }, head), make("tbody", { key: "body" }, rows),
    ]);
    return box("conflict", "bad", [
      make("p", { key: "who" }, make("strong", null, fill(texts.conflict, conflict))),
      conflict.changes.length ? table : null,
      make("div", { key: "answers", className: "form-answers" }, [
        button("over", texts.overwrite, overwrite, "button-primary", { disabled: busy }),
        button("discard", texts.give_up, giveUp, "", { disabled: busy }),
      ]),
    ], { role: "alert", tabIndex: -1, "data-part": "conflict" });
  }

  function Confirm({ question, texts, accept, back, busy }) {
    const links = question.links.map((one) =>
      make("li", { key: one.href }, make("a", { href: one.href, className: "qm-link" }, one.text)));
    return box("confirm", "info", [
      make("p", { key: "words" }, question.message),
      links.length ? make("ul", { key: "links" }, links) : null,
      make("div", { key: "answers", className: "form-answers" }, [
        button("accept", texts.confirm, accept, "button-primary", { disabled: busy }),
        button("back", texts.back, back, "", { disabled: busy }),
      ]),
    ], { role: "alert", tabIndex: -1, "data-part": "confirm" });
  }

  /* --- the form ------------------------------------------------------------------------------------------------------- */

  function useDraft({ spec, values: given, about, account }) {
    const key = drafts.draftKey(account, spec.key, about);
    const begin = () => {
      const kept = drafts.read(key);
      const initial = complete(spec, given || {});
      if (!kept) return { key, initial, values: initial, about, number: drafts.newNumber(), confirmed: [], state: "new" };
      return {
        key, initial, values: complete(spec, { ...given, ...kept.values }), about: kept.about, number: kept.submission,
        confirmed: kept.confirmed || [], state: kept.state, restored: kept.at, uncertain: kept.uncertain, answer: kept.answer,
      };
    };
    const [draft, setDraft] = React.useState(begin);
    return [draft, (changes) => setDraft((before) => ({ ...before, ...(typeof changes === "function" ? changes(before) : changes) }))];
  }

  function Inner(props) {
    const { id, spec, account, cancel, folded } = props;
    const { texts } = spec;
    const [draft, setDraft] = useDraft(props);
    const [view, setView] = React.useState({ errors: {}, message: "", busy: false, touched: {} });
    const [isOpen, setOpen] = React.useState(!folded || Boolean(draft.restored));
    const show = (changes) => setView((before) => ({ ...before, ...(typeof changes === "function" ? changes(before) : changes) }));
    const root = React.useRef(null);
    const latest = React.useRef(null);
    const isKept = React.useRef(true);
    const hasPassword = allFields(spec).some((one) => one.kind === "password");
    const isDirty = JSON.stringify(drafts.sendableOf(draft.values)) !== JSON.stringify(drafts.sendableOf(draft.initial));
    const isQueued = draft.state === "queued";

    const stored = (now, changes) => ({
      title: spec.title, url: spec.url, account, values: withoutPasswords(spec, now.values), about: now.about,
      submission: now.number, confirmed: now.confirmed, uncertain: now.uncertain, at: Date.now(), state: "draft",
      words: { sent_later: texts.sent_later, refused_later: texts.refused_later }, ...changes,
    });

    /* Every change is kept at once, so that no reload, call or dead battery costs more than a letter. */
    React.useEffect(() => {
      if (isQueued || draft.state === "done" || !draft.changed) return;
      if (isDirty) isKept.current = drafts.write(draft.key, stored(draft));
      else drafts.drop(draft.key);
    }, [draft.values, draft.about, draft.state, draft.number]);

    React.useEffect(() => {
      const warn = (event) => {
        if (isDirty && !isKept.current && draft.state !== "done") event.preventDefault();
      };
      window.addEventListener("beforeunload", warn);
      return () => window.removeEventListener("beforeunload", warn);
    });

    /* --- values --- */

    const setValues = (changes) => setDraft((before) => ({ values: { ...before.values, ...changes }, state: "draft", changed: true }));
    const change = (one, name, value) => {
      setValues({ [one.name]: value });
      recheck(one, name, value);
    };
    const recheck = (one, name, value) => show((before) => {
      if (!before.errors[name] && !before.touched[name]) return {};
      const code = drafts.check(one, value);
      return { errors: { ...before.errors, [name]: code ? one.words[code] : undefined } };
    });
    /* What nobody has entered yet is no mistake while one is still on the way through the form. */
    const leave = (one, name, value) => show((before) => {
      const code = drafts.check(one, value);
      const isWrong = code && code !== "required";
      return { touched: { ...before.touched, [name]: true }, errors: isWrong ? { ...before.errors, [name]: one.words[code] } : before.errors };
    });

    React.useEffect(() => {
      const take = (event) => {
        if (event.detail.form !== id || isQueued) return;
        const names = [...allFields(spec).map((one) => one.name), ...(spec.repeats ? [spec.repeats.name] : [])];
        const known = Object.entries(event.detail.values).filter(([name]) => names.includes(name)).map(([name, value]) =>
          spec.repeats && name === spec.repeats.name ? [name, value.map((item) => newItem(spec, item))] : [name, value]);
        setValues(Object.fromEntries(known));
        show((before) => ({ errors: { ...before.errors, ...Object.fromEntries(known.map(([name]) => [name, undefined])) } }));
        setOpen(true);
      };
      document.addEventListener("qm:form-set", take);
      return () => document.removeEventListener("qm:form-set", take);
    });
    React.useEffect(() => {
      document.dispatchEvent(new CustomEvent("qm:form-values", { detail: { form: id, values: drafts.sendableOf(draft.values) } }));
    }, [draft.values]);

    /* --- sending --- */

    /* After the problems are drawn: each takes a line, and what was scrolled to before would have moved. */
    const later = (act) => window.requestAnimationFrame(() => window.setTimeout(() => root.current && act(), 0));
    const goTo = (target) => {
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: "center" });
    };
    const focusFirst = (errors) => later(() => {
      const wrong = [...root.current.querySelectorAll("[data-problem-name]")].find((one) => errors[one.dataset.problemName]);
      const control = wrong && wrong.querySelector("input, select, textarea, [tabindex]");
      if (control) goTo(control);
      else focusPart("problem");
    });
    const focusPart = (name) => later(() => {
      const part = root.current.querySelector(`[data-part="${name}"]`);
      if (part) goTo(part);
    });

    const submit = async (changes = {}) => {
      if (view.busy) return;
      const values = changes.values || draft.values;
      const errors = problemsOf(spec, values);
      if (Object.keys(errors).length) {
        show({ errors, message: texts.check });
        focusFirst(errors);
        return;
      }
      const content = JSON.stringify(drafts.sendableOf(values));
      // A number belongs to one content: what was changed after an attempt without an answer is a new form, or the
      // server would answer for the old one and drop the change.
      const isOther = draft.uncertain !== undefined && draft.uncertain !== content;
      const now = { ...draft, ...changes, uncertain: undefined, number: isOther ? drafts.newNumber() : draft.number };
      show({ busy: true, message: "", errors: {}, conflict: null, question: null });
      setDraft({ ...changes, number: now.number, answer: undefined });
      const answer = await drafts.send({ ...stored(now), values: now.values });
      show({ busy: false });
      settle(answer, now, content);
    };

    /* Fields that only the other one has changed: saving on top must not take that back. */
    const followed = (conflict) => {
      const given = conflict.changes.filter((one) => one.is_untouched && one.name in draft.values);
      const values = Object.fromEntries(given.map((one) => [one.name, one.value]));
      return Object.fromEntries(Object.entries(complete(spec, values)).filter(([name]) => name in values));
    };

    const settle = (answer, now, content) => {
      const body = answer.body || {};
      if (answer.status === 200) finish(now, body.saved);
      else if (answer.status === 0) wait(answer, now, content);
      else if (body.problem) {
        const known = Object.keys(body.problem.fields).length;
        setDraft({ state: "draft", answer: undefined });
        show({ errors: body.problem.fields, message: body.problem.message || (known ? texts.check : texts.failed) });
        focusFirst(body.problem.fields);
      } else if (body.conflict) {
        setDraft({ state: "draft", answer: undefined });
        show({ conflict: body.conflict, message: "" });
        focusPart("conflict");
      } else if (body.confirm) {
        setDraft({ state: "draft", answer: undefined });
        show({ question: body.confirm, message: "" });
        focusPart("confirm");
      } else {
        setDraft({ state: "draft", answer: undefined });
        show({ message: (body.error && body.error.message) || texts.failed });
        focusPart("problem");
      }
    };

    const finish = (now, saved) => {
      drafts.drop(now.key);
      setDraft({ state: "done" });
      window.qm.toast(saved.message, "good");
      props.done();
      if (saved.href) window.qm.arriveAt(saved.href);
      else window.qm.rebuild(undefined, `${id}-send`);
    };

    const wait = (answer, now, content) => {
      if (hasPassword) {
        // A password is not kept for later, so this form has to be sent while somebody looks at it.
        show({ message: answer.away ? texts.away : texts.no_connection });
        focusPart("problem");
        return;
      }
      const changes = { state: "queued", uncertain: content };
      setDraft({ ...changes, away: answer.away });
      isKept.current = drafts.write(now.key, stored(now, changes));
      focusPart("queued");
    };

    latest.current = { settle, draft, content: JSON.stringify(drafts.sendableOf(draft.values)) };
    React.useEffect(() => {
      const take = (event) => {
        if (event.detail.key !== latest.current.draft.key) return;
        event.preventDefault();
        latest.current.settle(event.detail.answer, latest.current.draft, latest.current.content);
      };
      document.addEventListener("qm:form-answer", take);
      // What the queue was told while this page was not shown.
      if (draft.answer) settle(draft.answer, draft, "");
      return () => document.removeEventListener("qm:form-answer", take);
    }, []);

    // A form that a link has opened is what one came for.
    React.useEffect(() => {
      if (!cancel) return undefined;
      const timer = window.setTimeout(() => {
        const title = root.current && root.current.querySelector(".form-title");
        if (!title || root.current.contains(document.activeElement)) return;
        title.focus({ preventScroll: true });
        const place = window.matchMedia("(max-width: 760px)").matches ? "start" : "nearest";
        (title.closest(".panel") || title).scrollIntoView({ block: place });
      }, 60);
      return () => window.clearTimeout(timer);
    }, []);

    const discard = () => {
      drafts.drop(draft.key);
      setDraft({
        values: draft.initial, about: props.about, number: drafts.newNumber(), confirmed: [], restored: null, state: "new",
        uncertain: undefined, changed: false,
      });
      show({ errors: {}, touched: {}, message: "", conflict: null, question: null });
      window.qm.toast(texts.discarded);
      const first = root.current.querySelector("input, select, textarea");
      if (first) first.focus();
    };
    const giveUp = () => {
      drafts.drop(draft.key);
      setDraft({ state: "done" });
      props.done();
      window.qm.rebuild();
    };

    /* --- drawing --- */

    const drawn = (one, name, value, set) =>
      make("div", { key: name, "data-problem-name": name, className: "form-slot" },
        field({
          field: one, texts, id: idOf(id, name), value, problem: view.errors[name], disabled: isQueued || view.busy,
          change: set, leave: () => leave(one, name, value), setOthers: setValues,
        }));

    const group = (part, place) => {
      const fields = part.fields.map((one) => drawn(one, one.name, draft.values[one.name], (value) => change(one, one.name, value)));
      if (!part.title) return make("div", { key: place, className: "form-group" }, fields);
      return make("fieldset", { key: place, className: "form-group form-group-titled" }, [
        make("legend", { key: "title", className: "form-group-title" }, part.title),
        part.hint && make("p", { key: "hint", className: "field-hint" }, part.hint), ...fields,
      ]);
    };

    const repeats = () => {
      const { name, title, item: itemName, fields, add, at_most: most } = spec.repeats;
      const items = draft.values[name];
      const setItem = (key, changes) => setValues({ [name]: items.map((one) => (one.key === key ? { ...one, ...changes } : one)) });
      let index = -1;
      const entries = items.map((item) => {
        if (!item.removed) index += 1;
        const here = index;
        const words = itemName.replace("%(number)s", here + 1);
        if (item.removed) {
          return make("li", { key: item.key, className: "form-item form-item-removed" }, [
            make("span", { key: "words" }, fill(texts.removed, { item: itemName.replace("%(number)s", "").trim() })),
            button("undo", texts.undo, () => setItem(item.key, { removed: false }), "button-small"),
          ]);
        }
        return make("li", { key: item.key, className: "form-item" }, make("fieldset", { className: "form-group form-group-titled" }, [
          make("legend", { key: "title", className: "form-group-title" }, words),
          ...fields.map((one) => {
            const path = `${name}.${here}.${one.name}`;
            const set = (value) => {
              setItem(item.key, { values: { ...item.values, [one.name]: value } });
              recheck(one, path, value);
            };
            return drawn(one, path, item.values[one.name], set);
          }),
          button("remove", texts.remove, () => setItem(item.key, { removed: true }), "form-remove", {
            "aria-label": `${words}: ${texts.remove}`, disabled: isQueued || view.busy,
          }),
        ]));
      });
      const addItem = () => {
        const item = newItem(spec, {});
        setValues({ [name]: [...items, item] });
        window.requestAnimationFrame(() => {
          const all = root.current.querySelectorAll(".form-item:not(.form-item-removed)");
          const control = all.length && all[all.length - 1].querySelector("input, select, textarea");
          if (control) control.focus();
        });
      };
      return make("section", { key: "repeats", className: "form-repeats", "data-problem-name": name, "aria-label": title }, [
        make("h3", { key: "title", className: "form-group-title" }, title),
        make("ol", { key: "items", className: "form-items" }, entries),
        view.errors[name] && make("p", { key: "problem", className: "form-problem" }, view.errors[name]),
        button("add", add, addItem, "form-add", { disabled: isQueued || view.busy || index + 1 >= most }),
      ]);
    };

    const notices = [
      draft.restored && !isQueued && box("restored", "info", [
        make("span", { key: "words" }, fill(texts.restored, { moment: moment(draft.restored) })),
        button("discard", texts.discard, discard, "button-small", { disabled: view.busy }),
      ], { role: "status", "data-part": "restored" }),
      !isKept.current && isDirty && box("not-kept", "bad", texts.not_kept, { role: "alert" }),
    ];
    const verdicts = [
      isQueued && box("queued", "info", [
        make("span", { key: "words" }, draft.away ? texts.away : texts.queued),
        make("div", { key: "answers", className: "form-answers" }, [
          button("now", texts.send_now, () => drafts.sendWaiting(), "button-small"),
          button("edit", texts.edit, () => setDraft({ state: "draft" }), "button-small"),
        ]),
      ], { role: "status", tabIndex: -1, "data-part": "queued" }),
      view.conflict && make(Conflict, {
        key: "conflict", conflict: view.conflict, texts, busy: view.busy, giveUp,
        overwrite: () => submit({
          about: { ...draft.about, expected: view.conflict.current }, values: { ...draft.values, ...followed(view.conflict) },
        }),
      }),
      view.question && make(Confirm, {
        key: "confirm", question: view.question, texts, busy: view.busy,
        accept: () => submit({ confirmed: [...draft.confirmed, view.question.key] }),
        back: () => { show({ question: null }); focusFirst({}); },
      }),
      view.message && box("message", "bad", view.message, { role: "alert", tabIndex: -1, "data-part": "problem" }),
    ];
    const mayLeave = cancel || folded;
    const close = () => (cancel ? window.qm.arriveAt(cancel) : setOpen(false));
    const send = make("button", {
      key: "send", id: `${id}-send`, type: "submit", className: "button button-primary form-send", title: texts.keys,
      disabled: view.busy || isQueued || Boolean(view.conflict) || Boolean(view.question), "aria-busy": view.busy,
    }, view.busy ? [make("span", { key: "turn", className: "spinner", "aria-hidden": true }), texts.busy] : spec.submit);
    const bar = make("div", { key: "bar", className: "form-bar" }, [
      send, mayLeave && button("close", texts.cancel, close),
    ]);

    if (!isOpen) return make("div", { id, className: "edit-form-folded" }, button("open", spec.title, () => setOpen(true)));
    return make("form", {
      id, ref: root, className: "edit-form", noValidate: true, autoComplete: "off", "aria-label": spec.title, "data-state": view.busy ? "busy" : draft.state,
      onSubmit: (event) => { event.preventDefault(); submit(); },
      onKeyDown: (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit(); }
        if (event.key === "Escape" && mayLeave && !view.busy) { event.stopPropagation(); close(); }
      },
    }, [
      props.has_title !== false && make("h2", { key: "title", className: "form-title", tabIndex: -1 }, spec.title),
      ...notices, ...spec.groups.map(group), spec.repeats && repeats(), ...verdicts, bar,
    ]);
  }

  /** A page that is built anew gives other values or another version: then the form begins again, from its draft. */
  function EditForm(props) {
    const [round, setRound] = React.useState(0);
    const key = JSON.stringify([props.spec.key, props.about, props.values, props.spec.texts.check, round]);
    return make(Inner, { ...props, key, about: props.about || {}, done: () => setRound((before) => before + 1) });
  }

  window.qm_forms = { EditForm };
})();
