/* The upload form of the page of deliveries (see pages/lieferungen/upload_form.py). React comes with Dash. */
(function () {
  "use strict";
  const React = window.React;
  const make = React.createElement;

  /** Post the form; the browser tells how much has gone, which fetch cannot. */
  function send(action, body, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", action);
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
      request.addEventListener("load", () => {
        if (request.status === 200 && request.response) resolve(request.response);
        else reject(new Error((request.response && request.response.error && request.response.error.message) || ""));
      });
      request.addEventListener("error", () => reject(new Error("")));
      request.send(body);
    });
  }

  function labelled(id, label, control, hint) {
    // The hint stays outside of the label: it is the description of the control and not a part of its name.
    return make("div", { className: "field", key: id }, [
      make("label", { className: "field-label", htmlFor: id, key: "label" }, label),
      control,
      hint && make("span", { className: "field-hint", id: `${id}-hint`, key: "hint" }, hint),
    ]);
  }

  function menu(id, value, options, onChange, disabled) {
    const entries = options.map((one) => make("option", { key: one.value, value: one.value }, one.label));
    return make("select", { id, name: id, value, onChange, disabled, className: "control", key: "control" }, entries);
  }

  function UploadForm(props) {
    const { id, action, next, sources, mappings, max_bytes: maxBytes, texts } = props;
    const [source, setSource] = React.useState(sources.length ? sources[0].value : "");
    const [mapping, setMapping] = React.useState("");
    const [problem, setProblem] = React.useState("");
    const [share, setShare] = React.useState(null);
    const ofSource = mappings.filter((one) => one.source === source);
    const chosen = ofSource.some((one) => one.value === mapping) ? mapping : (ofSource[0] || {}).value || "";
    const isBusy = share !== null;

    async function submit(event) {
      event.preventDefault();
      const form = event.currentTarget;
      const file = form.elements.file.files[0];
      if (!file) return setProblem(texts.no_file);
      if (file.size > maxBytes) return setProblem(texts.too_large);
      const body = new FormData();
      for (const [name, value] of Object.entries({ source, mapping: chosen, as_of: form.elements.as_of.value })) {
        body.append(name, value);
      }
      body.append("file", file, file.name);
      setProblem("");
      setShare(0);
      try {
        const answer = await send(action, body, setShare);
        window.qm.navigate(`${next}?upload=${encodeURIComponent(answer.token)}`);
      } catch (error) {
        setShare(null);
        setProblem(error.message || texts.failed);
      }
      return undefined;
    }

    const percent = Math.round((share || 0) * 100);
    const progress = isBusy && make("label", { className: "progress", key: "progress", role: "status" }, [
      make("span", { key: "words" }, percent < 100 ? `${texts.sending} ${percent} %` : texts.received),
      make("progress", { key: "bar", max: 100, value: percent }),
    ]);
    const warning = problem && make("p", { className: "notice notice-bad", role: "alert", key: "problem" }, problem);
    return make("form", { id, className: "lieferungen-form", onSubmit: submit, noValidate: true }, [
      labelled(`${id}-source`, texts.source, menu(`${id}-source`, source, sources, (e) => setSource(e.target.value), isBusy)),
      labelled(`${id}-mapping`, texts.mapping, menu(`${id}-mapping`, chosen, ofSource, (e) => setMapping(e.target.value), isBusy)),
      labelled(
        `${id}-file`, texts.file,
        make("input", {
          id: `${id}-file`, name: "file", type: "file", className: "control", key: "control", disabled: isBusy,
          "aria-describedby": `${id}-file-hint`, onChange: () => setProblem(""),
        }),
        texts.limit,
      ),
      labelled(
        `${id}-as-of`, texts.as_of,
        make("input", {
          id: `${id}-as-of`, name: "as_of", type: "date", className: "control", key: "control", disabled: isBusy,
          "aria-describedby": `${id}-as-of-hint`,
        }),
        texts.as_of_hint,
      ),
      make("button", { type: "submit", className: "button button-primary", disabled: isBusy, key: "send" }, texts.send),
      progress,
      warning,
    ]);
  }

  window.qm_upload = { UploadForm };
})();
