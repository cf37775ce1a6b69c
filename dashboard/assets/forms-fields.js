/* The fields of forms: label above, hint, control, problem under it. All of them are the browser's own parts. */
(function () {
  "use strict";
  const React = window.React;
  const make = React.createElement;

  const described = (field, id, problem) =>
    [field.hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ") || undefined;

  /* What every control says about itself to assistive technology. */
  const common = ({ field, id, problem, disabled }) => ({
    id, disabled, "aria-describedby": described(field, id, problem), "aria-invalid": problem ? true : undefined,
    "aria-required": field.is_required || undefined,
  });

  const hintOf = ({ field, id }) => field.hint && make("span", { key: "hint", id: `${id}-hint`, className: "field-hint" }, field.hint);

  const problemOf = ({ id, problem }) =>
    problem && make("span", { key: "problem", id: `${id}-problem`, className: "form-problem" }, [
      make("span", { key: "icon", className: "icon icon-warning", "aria-hidden": true }), problem,
    ]);

  const nameOf = ({ field, texts }) => [
    field.label,
    field.is_required && make("span", { key: "must", className: "form-must" }, ` (${texts.required})`),
  ];

  /** Label, hint, control and problem of a single control. */
  const labelled = (props, control, more) =>
    make("div", { className: `field form-field form-field-${props.field.kind}`, "data-field": props.field.name }, [
      make("label", { key: "label", className: "field-label", htmlFor: props.id }, nameOf(props)),
      hintOf(props), make(React.Fragment, { key: "control" }, control), more, problemOf(props),
    ]);

  const grouped = (props, entries) =>
    make(
      "fieldset",
      {
        className: `field field-group form-field form-field-${props.field.kind}`, "data-field": props.field.name,
        "aria-describedby": described(props.field, props.id, props.problem), disabled: props.disabled,
      },
      [make("legend", { key: "legend", className: "field-label" }, nameOf(props)), hintOf(props),
        make("div", { key: "entries", className: "form-ticks" }, entries), problemOf(props)],
    );

  const tick = (id, kind, name, label, checked, onChange, problem) =>
    make("label", { key: id, className: "tick" }, [
      make("input", { key: "input", id, type: kind, name, checked, onChange, "aria-invalid": problem ? true : undefined }),
      make("span", { key: "label" }, label),
    ]);

  function Line(props) {
    const { field, value, change, leave } = props;
    const types = { password: "password", date: "date" };
    return labelled(props, make("input", {
      ...common(props),
      className: "control", type: types[field.kind] || "text", value: value || "",
      inputMode: field.kind === "integer" ? "numeric" : undefined,
      max: field.kind === "date" ? field.latest || "9999-12-31" : undefined,
      autoComplete: field.kind === "password" ? "new-password" : "off",
      onChange: (event) => change(event.target.value), onBlur: leave,
    }));
  }

  function Lines(props) {
    const { field, value, change, leave, texts, id } = props;
    const count = [...(value || "")].length;
    const words = window.qm_drafts.fill(texts.count, { count, most: field.max_length });
    const counter = make("span", { key: "count", className: count > field.max_length ? "form-count form-count-over" : "form-count" }, words);
    return labelled(props, make("textarea", {
      ...common(props), className: "control", rows: 4, value: value || "", autoComplete: "off",
      onChange: (event) => change(event.target.value), onBlur: leave,
    }), counter);
  }

  function Menu(props) {
    const { field, value, change, leave, texts } = props;
    const entries = field.options.map(([code, label]) => make("option", { key: code, value: code }, label));
    const none = field.is_required ? `– ${texts.choose} –` : "–";
    return labelled(props, make("select", {
      ...common(props), className: "control", value: value || "",
      onChange: (event) => change(event.target.value), onBlur: leave,
    }, [make("option", { key: "", value: "" }, none), ...entries]));
  }

  function Ticks(props) {
    const { field, value, change, id, problem } = props;
    const chosen = value || [];
    const codes = field.options.map(([code]) => code);
    return grouped(props, field.options.map(([code, label], place) =>
      tick(place ? `${id}-${code}` : id, "checkbox", id, label, chosen.includes(code), (event) =>
        change(codes.filter((one) => (one === code ? event.target.checked : chosen.includes(one)))), problem)));
  }

  function YesNo(props) {
    const { field, value, change, texts, id, problem } = props;
    const entries = [[true, texts.yes], [false, texts.no]];
    if (!field.is_required) entries.push([null, texts.not_known]);
    return grouped(props, entries.map(([code, label], place) =>
      tick(place ? `${id}-${code}` : id, "radio", id, label, value === code, () => change(code))));
  }

  /* --- an address with suggestions: the combobox of the ARIA practices ------------------------------------------------ */

  function Address(props) {
    const { field, value, change, leave, setOthers, texts, id } = props;
    const [found, setFound] = React.useState(null);
    const [active, setActive] = React.useState(-1);
    const [isAway, setAway] = React.useState(false);
    const asked = React.useRef(0);
    const timer = React.useRef(null);
    React.useEffect(() => () => window.clearTimeout(timer.current), []);

    const close = () => { asked.current += 1; setFound(null); setActive(-1); };
    const ask = async (text) => {
      const number = (asked.current += 1);
      try {
        const response = await window.fetch(`${field.suggest}?${new URLSearchParams({ q: text })}`, { headers: { Accept: "application/json" } });
        const answer = response.ok ? await response.json() : { suggestions: [] };
        if (number === asked.current) { setFound(answer.suggestions); setActive(-1); setAway(false); }
      } catch (offline) {
        // An address can be written without any help; an object has to be chosen, so the field says what is missing.
        if (number === asked.current) { setFound(null); setAway(true); }
      }
    };
    const type = (text) => {
      change(text ? { text, id: null } : null);
      window.clearTimeout(timer.current);
      if (field.suggest && text.trim().length >= 2) timer.current = window.setTimeout(() => ask(text.trim()), 250);
      else close();
    };
    const choose = (one) => {
      window.clearTimeout(timer.current);
      close();
      change({ text: one.text, id: one.id === undefined || one.id === null ? null : String(one.id) });
      if (one.values) setOthers(one.values);
    };
    const press = (event) => {
      const isOpen = found && found.length;
      if (event.key === "Escape" && found) { event.stopPropagation(); close(); }
      if (!isOpen) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        setActive((active + step + found.length + (active < 0 && step < 0 ? 1 : 0)) % found.length);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        choose(found[active]);
      }
    };
    const isOpen = Boolean(found && found.length);
    const input = make("input", {
      ...common(props), key: "input", className: "control", type: "text", value: (value && value.text) || "", autoComplete: "off",
      role: "combobox", "aria-expanded": isOpen, "aria-controls": `${id}-list`, "aria-autocomplete": "list",
      "aria-activedescendant": isOpen && active >= 0 ? `${id}-option-${active}` : undefined,
      onChange: (event) => type(event.target.value), onKeyDown: press,
      onBlur: () => { window.clearTimeout(timer.current); window.setTimeout(close, 150); leave(); },
    });
    const list = make("ul", { key: "list", id: `${id}-list`, role: "listbox", "aria-label": field.label, className: "form-suggestions", hidden: !isOpen },
      (found || []).map((one, place) =>
        make("li", {
          key: place, id: `${id}-option-${place}`, role: "option", "aria-selected": place === active,
          // The list must not take the focus from the field before the click arrives.
          onMouseDown: (event) => event.preventDefault(), onClick: () => choose(one),
        }, [make("span", { key: "text" }, one.text), one.detail && make("span", { key: "detail", className: "quiet" }, one.detail)])));
    const said = isAway ? texts.suggestions_away : found === null ? "" : found.length ? window.qm_drafts.fill(texts.suggestions, { count: found.length }) : texts.no_suggestions;
    return labelled(props, make("div", { className: "form-combobox" }, [input, list]),
      make("span", { key: "said", role: "status", className: isAway || (found && !found.length) ? "field-hint" : "visually-hidden" }, said));
  }

  /* --- a point of the map, which other parts of the page choose -------------------------------------------------------- */

  function Place(props) {
    const { field, value, change, texts, id, problem } = props;
    const show = (number) => number.toLocaleString(document.documentElement.lang || "de", { minimumFractionDigits: 4, maximumFractionDigits: 4 });
    const words = value
      ? window.qm_drafts.fill(texts.place_chosen, { latitude: show(value[1]), longitude: show(value[0]) })
      : texts.place_none;
    return make("div", {
      className: "field form-field form-field-place", "data-field": field.name, role: "group",
      "aria-labelledby": `${id}-name`, "aria-describedby": described(field, id, problem),
    }, [
      make("span", { key: "label", id: `${id}-name`, className: "field-label" }, nameOf(props)),
      hintOf(props),
      make("p", { key: "value", id, tabIndex: -1, className: value ? "form-place" : "form-place quiet" }, [
        make("span", { key: "words", role: "status" }, words),
        value && make("button", { key: "remove", type: "button", className: "button button-quiet", disabled: props.disabled, onClick: () => change(null) }, texts.place_remove),
      ]),
      problemOf(props),
    ]);
  }

  const KINDS = { lines: Lines, choice: Menu, choices: Ticks, yes_no: YesNo, address: Address, place: Place };
  window.qm_form_field = (props) => make(KINDS[props.field.kind] || Line, props);
})();
