/* The browser's own form parts as Dash components (see components/native.py). React comes with Dash. */
(function () {
  "use strict";
  const React = window.React;
  const make = React.createElement;

  const passed = (props) =>
    Object.fromEntries(Object.entries(props).filter(([name]) => /^(aria-|data-)/.test(name) && !name.startsWith("data-dash")));

  const hintId = (props) => (props.hint ? `${props.id}-hint` : undefined);
  const hint = (props) => props.hint && make("span", { id: hintId(props), className: "field-hint", key: "hint" }, props.hint);
  const labelText = (props) =>
    make("span", { className: props.hide_label ? "visually-hidden" : "field-label", key: "label" }, props.label);

  /* A date that is being typed passes through the years 0002, 0020 and 0202. */
  const isComplete = (kind, value) => kind !== "date" || value === "" || Number(value.slice(0, 4)) >= 1900;

  function Field(props) {
    const { id, kind = "text", value = "", delay_ms: delay = 400, setProps } = props;
    const [draft, setDraft] = React.useState(value);
    const timer = React.useRef(null);
    React.useEffect(() => setDraft(value), [value]);
    React.useEffect(() => () => window.clearTimeout(timer.current), []);

    const send = (text) => {
      window.clearTimeout(timer.current);
      if (text !== value && isComplete(kind, text)) setProps({ value: text });
    };
    const input = make("input", {
      ...passed(props),
      id, type: kind, value: draft, key: "input", className: "control",
      placeholder: props.placeholder, title: props.title, min: props.min, max: props.max, step: props.step,
      disabled: props.disabled, autoComplete: props.autocomplete || "off", "aria-describedby": hintId(props),
      onChange: (event) => {
        const text = event.target.value;
        setDraft(text);
        window.clearTimeout(timer.current);
        timer.current = window.setTimeout(() => send(text), delay);
      },
      onBlur: () => send(draft),
      onKeyDown: (event) => event.key === "Enter" && send(draft),
    });
    const className = ["field", `field-${kind}`, props.className].filter(Boolean).join(" ");
    return make("label", { className, htmlFor: id }, [labelText(props), input, hint(props)]);
  }

  function Menu(props) {
    const { id, value = "", options = [], setProps } = props;
    const entries = options.map((one) => make("option", { key: one.value, value: one.value }, one.label));
    if (props.empty_label) entries.unshift(make("option", { key: "", value: "" }, props.empty_label));
    const menu = make(
      "select",
      {
        ...passed(props),
        id, value, key: "select", className: "control", disabled: props.disabled, "aria-describedby": hintId(props),
        onChange: (event) => setProps({ value: event.target.value }),
      },
      entries,
    );
    const className = ["field", "field-select", props.className].filter(Boolean).join(" ");
    return make("label", { className, htmlFor: id }, [labelText(props), menu, hint(props)]);
  }

  function Group(props) {
    const { id, kind, value, options = [], setProps } = props;
    const isChecked = (code) => (kind === "radio" ? value === code : (value || []).includes(code));
    const choose = (code, checked) => {
      if (kind === "radio") setProps({ value: code });
      else setProps({ value: options.map((one) => one.value).filter((one) => (one === code ? checked : isChecked(one))) });
    };
    const entries = options.map((one) =>
      make("label", { key: one.value, className: "tick" }, [
        make("input", {
          key: "input", type: kind, name: id, value: one.value, checked: isChecked(one.value), disabled: props.disabled,
          onChange: (event) => choose(one.value, event.target.checked),
        }),
        make("span", { key: "label" }, one.label),
      ]),
    );
    const legendClass = props.hide_label ? "visually-hidden" : "field-label";
    const className = ["field", "field-group", props.className].filter(Boolean).join(" ");
    return make("fieldset", { ...passed(props), id, className, "aria-describedby": hintId(props) }, [
      make("legend", { key: "legend", className: legendClass }, props.label),
      ...entries,
      hint(props),
    ]);
  }

  function Switch(props) {
    const box = make("input", {
      ...passed(props),
      key: "input", id: props.id, type: "checkbox", checked: Boolean(props.value), disabled: props.disabled,
      "aria-describedby": hintId(props),
      onChange: (event) => props.setProps({ value: event.target.checked }),
    });
    const className = ["tick", props.className].filter(Boolean).join(" ");
    return make("label", { className, htmlFor: props.id }, [box, make("span", { key: "label" }, props.label), hint(props)]);
  }

  function Choice(props) {
    if (props.kind === "select") return make(Menu, props);
    if (props.kind === "switch") return make(Switch, props);
    return make(Group, props);
  }

  window.qm_controls = { Field, Choice };
})();
