/* Photographs of a property: a form that takes one, and a button that takes one away (see pages/objekt/photographs.py).
   A picture is drawn on a canvas first: what one drags over becomes black before anything leaves the device. */
(function () {
  "use strict";
  const React = window.React;
  const make = React.createElement;
  const QUALITY = 0.9;
  const LEAST_DRAG = 6; // pixels of the screen: a tap is no box

  /** Post; the browser tells how much has gone, which fetch cannot. Rejects with words, or "" without a connection. */
  function send(action, body, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", action);
      request.responseType = "json";
      if (typeof body === "string") request.setRequestHeader("Content-Type", "application/json");
      request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
      request.addEventListener("load", () => {
        if (request.status === 200 && request.response) resolve(request.response.saved);
        else reject(new Error((request.response && request.response.error && request.response.error.message) || ""));
      });
      request.addEventListener("error", () => reject(new Error("")));
      request.send(body);
    });
  }

  function done(saved) {
    window.qm.toast(saved.message, "good");
    window.qm.rebuild();
  }

  const day = (date) => {
    const two = (number) => String(number).padStart(2, "0");
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  };

  /** The picture upright and within the edge; null where this browser cannot show it. */
  async function decoded(file, edge) {
    try {
      const bitmap = await window.createImageBitmap(file);
      const share = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
      return { bitmap, width: Math.max(1, Math.round(bitmap.width * share)), height: Math.max(1, Math.round(bitmap.height * share)) };
    } catch {
      return null;
    }
  }

  function paint(canvas, picture, boxes) {
    const brush = canvas.getContext("2d");
    brush.fillStyle = "white"; // a JPEG would make black of what is transparent
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture.bitmap, 0, 0, canvas.width, canvas.height);
    brush.fillStyle = "black";
    for (const box of boxes) {
      brush.fillRect(
        Math.min(box.x0, box.x1), Math.min(box.y0, box.y1), Math.abs(box.x1 - box.x0), Math.abs(box.y1 - box.y0),
      );
    }
  }

  function Blackening({ id, picture, boxes, setBoxes, label, describedBy }) {
    const canvas = React.useRef(null);
    const drag = React.useRef(null);
    React.useEffect(() => paint(canvas.current, picture, boxes), [picture, boxes]);

    const at = (event) => {
      const frame = canvas.current.getBoundingClientRect();
      const limited = (value) => Math.min(1, Math.max(0, value));
      return {
        x: limited((event.clientX - frame.left) / frame.width) * picture.width,
        y: limited((event.clientY - frame.top) / frame.height) * picture.height,
      };
    };
    const begin = (event) => {
      if (event.button) return;
      canvas.current.setPointerCapture(event.pointerId);
      const { x, y } = at(event);
      drag.current = { x0: x, y0: y, x1: x, y1: y, fromX: event.clientX, fromY: event.clientY };
    };
    const move = (event) => {
      if (!drag.current) return;
      const { x, y } = at(event);
      Object.assign(drag.current, { x1: x, y1: y });
      paint(canvas.current, picture, [...boxes, drag.current]);
    };
    const end = (event) => {
      const box = drag.current;
      drag.current = null;
      if (!box) return;
      const isTap = Math.abs(event.clientX - box.fromX) < LEAST_DRAG && Math.abs(event.clientY - box.fromY) < LEAST_DRAG;
      setBoxes(isTap ? [...boxes] : [...boxes, box]);
    };
    return make("canvas", {
      id, ref: canvas, width: picture.width, height: picture.height, className: "fotos-canvas",
      role: "img", "aria-label": label, "aria-describedby": describedBy,
      onPointerDown: begin, onPointerMove: move, onPointerUp: end,
      onPointerCancel: () => { drag.current = null; setBoxes([...boxes]); },
    });
  }

  function blob(id) {
    return new Promise((resolve) => document.getElementById(id).toBlob(resolve, "image/jpeg", QUALITY));
  }

  const empty = { file: null, picture: null, boxes: [], problem: "", share: null, submission: "" };

  function PhotographForm(props) {
    const { id, action, property, max_bytes: maxBytes, edge_px: edge, caption_length: longest, latest_on: latest, texts,
      project, moments } = props;
    const [state, setState] = React.useState(empty);
    const change = (values) => setState((before) => ({ ...before, ...values }));
    const form = React.useRef(null);
    const { file, picture, boxes, problem, share } = state;
    const isBusy = share !== null;

    /* What had the focus is gone with each step; without this a keyboard would begin at the top of the page again. */
    const hadFile = React.useRef(false);
    React.useEffect(() => {
      if (file) {
        form.current.focus({ preventScroll: true });
        form.current.scrollIntoView({ block: "nearest" });
      } else if (hadFile.current) {
        document.getElementById(`${id}-file`).focus();
      }
      hadFile.current = Boolean(file);
    }, [file]);

    async function choose(event) {
      const chosen = event.target.files[0];
      event.target.value = ""; // so that the same file can be chosen again
      if (!chosen) return;
      const shown = await decoded(chosen, edge);
      if (!shown && chosen.size > maxBytes) {
        change({ ...empty, problem: texts.too_large });
        return;
      }
      change({ ...empty, file: chosen, picture: shown, submission: window.crypto.randomUUID ? window.crypto.randomUUID() : random() });
    }

    async function submit(event) {
      event.preventDefault();
      const fields = form.current.elements;
      if (fields.taken_on.value > latest) return change({ problem: texts.date_ahead });
      if (project && !fields.moment.value) {
        change({ problem: texts.no_moment });
        fields.moment.focus();
        return undefined;
      }
      if (!fields.is_checked.checked) {
        change({ problem: texts.unchecked });
        fields.is_checked.focus();
        return undefined;
      }
      const body = new FormData();
      body.append("property", property);
      body.append("submission", state.submission);
      body.append("taken_on", fields.taken_on.value);
      body.append("caption", fields.caption.value);
      body.append("is_checked", "yes");
      if (project) {
        body.append("project", project);
        body.append("moment", fields.moment.value);
      }
      change({ problem: "", share: 0 });
      const drawn = picture ? await blob(`${id}-canvas`) : null;
      body.append("file", drawn || file, drawn ? "foto.jpg" : file.name);
      try {
        const saved = await send(action, body, (now) => change({ share: now }));
        setState(empty);
        done(saved);
      } catch (error) {
        change({ share: null, problem: error.message || texts.failed });
      }
      return undefined;
    }

    const warning = problem && make("p", { className: "notice notice-bad", role: "alert", key: "problem" }, problem);
    if (!file) return make("div", { id, className: "fotos-pick" }, [pickers(id, texts, choose), warning]);

    const percent = Math.round((share || 0) * 100);
    const progress = isBusy && make("label", { className: "progress", key: "progress", role: "status" }, [
      make("span", { key: "words" }, percent < 100 ? `${texts.sending} ${percent} %` : texts.received),
      make("progress", { key: "bar", max: 100, value: percent }),
    ]);
    const name = { tabIndex: -1, "aria-label": texts.send };
    return make("form", { id, ref: form, className: "fotos-form", onSubmit: submit, noValidate: true, ...name }, [
      picture
        ? make("div", { className: "fotos-blacken", key: "picture" }, [
          make("p", { id: `${id}-blacken`, key: "hint" }, texts.blacken),
          make(Blackening, {
            key: "canvas", id: `${id}-canvas`, picture, boxes, label: texts.picture, describedBy: `${id}-blacken`,
            setBoxes: (value) => change({ boxes: value }),
          }),
          boxes.length > 0 && make("p", { className: "fotos-undo", key: "undo" }, [
            make("span", { className: "quiet", key: "count", role: "status" }, texts.blackened.replace("{count}", boxes.length)),
            make("button", {
              type: "button", className: "button", key: "button", disabled: isBusy,
              onClick: () => change({ boxes: boxes.slice(0, -1) }),
            }, texts.undo),
          ]),
        ])
        : make("p", { className: "notice notice-info", key: "unseen" }, `${file.name}: ${texts.unseen}`),
      project && labelled(`${id}-moment`, texts.moment, "", make("select", {
        id: `${id}-moment`, name: "moment", className: "control", key: "control", defaultValue: "", disabled: isBusy,
        required: true, onChange: () => change({ problem: "" }),
      }, [["", "–"], ...moments].map(([code, words]) => make("option", { value: code, key: code || "none" }, words)))),
      labelled(`${id}-taken-on`, texts.taken_on, "", make("input", {
        id: `${id}-taken-on`, name: "taken_on", type: "date", className: "control", key: "control", max: latest,
        defaultValue: file.lastModified ? [day(new Date(file.lastModified)), latest].sort()[0] : "", disabled: isBusy,
      })),
      labelled(`${id}-caption`, texts.caption, texts.caption_hint, make("input", {
        id: `${id}-caption`, name: "caption", type: "text", className: "control", key: "control", maxLength: longest,
        disabled: isBusy, autoComplete: "off", "aria-describedby": `${id}-caption-hint`,
      })),
      make("label", { className: "tick fotos-check", key: "check" }, [
        make("input", { type: "checkbox", name: "is_checked", key: "input", required: true, disabled: isBusy, onChange: () => change({ problem: "" }) }),
        make("span", { key: "words" }, texts.check),
      ]),
      warning,
      progress,
      make("div", { className: "fotos-answers", key: "answers" }, [
        make("button", { type: "submit", className: "button button-primary", key: "send", disabled: isBusy }, texts.send),
        make("button", { type: "button", className: "button", key: "cancel", disabled: isBusy, onClick: () => setState(empty) }, texts.cancel),
      ]),
    ]);
  }

  /* Only a device with a camera at hand is offered to use it; the other one opens the usual choice of files. */
  function pickers(id, texts, choose) {
    const one = (name, text, symbol, more) =>
      make("label", { className: `button fotos-${name}`, key: name }, [
        make("span", { className: `icon icon-${symbol}`, "aria-hidden": "true", key: "icon" }),
        make("span", { key: "text" }, text),
        make("input", {
          id: `${id}-${name}`, type: "file", accept: "image/jpeg,image/png,image/webp", className: "visually-hidden",
          key: "input", onChange: choose, "aria-describedby": `${id}-limit`, ...more,
        }),
      ]);
    return make("div", { className: "fotos-pickers", key: "pickers" }, [
      one("camera", texts.camera, "plus", { capture: "environment" }),
      one("file", texts.file, "upload", {}),
      make("span", { className: "field-hint", id: `${id}-limit`, key: "limit" }, texts.limit),
    ]);
  }

  function labelled(id, label, hint, control) {
    return make("div", { className: "field", key: id }, [
      make("label", { className: "field-label", htmlFor: id, key: "label" }, label),
      control,
      hint && make("span", { className: "field-hint", id: `${id}-hint`, key: "hint" }, hint),
    ]);
  }

  /** A version 4 UUID where the page has no secure context (plain http in an office's network). */
  function random() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  function RemovePhotograph(props) {
    const { id, action, label, texts } = props;
    const [isAsking, setAsking] = React.useState(false);
    const [problem, setProblem] = React.useState("");
    const [isBusy, setBusy] = React.useState(false);
    const submission = React.useRef("");
    const question = React.useRef(null);
    React.useEffect(() => { if (isAsking) question.current.focus(); }, [isAsking]);

    async function remove() {
      setBusy(true);
      setProblem("");
      submission.current = submission.current || random();
      try {
        done(await send(action, JSON.stringify({ submission: submission.current }), () => undefined));
      } catch (error) {
        setBusy(false);
        setProblem(error.message || texts.failed);
      }
    }

    if (!isAsking) {
      return make("button", {
        id, type: "button", className: "button button-quiet fotos-remove", "aria-label": label, onClick: () => setAsking(true),
      }, texts.remove);
    }
    return make("div", { id, className: "fotos-question", role: "group", "aria-label": label }, [
      make("p", { key: "ask", tabIndex: -1, ref: question }, texts.ask),
      make("div", { className: "fotos-answers", key: "answers" }, [
        make("button", { type: "button", className: "button button-danger", key: "yes", disabled: isBusy, onClick: remove }, texts.confirm),
        make("button", { type: "button", className: "button", key: "no", disabled: isBusy, onClick: () => setAsking(false) }, texts.cancel),
      ]),
      problem && make("p", { className: "notice notice-bad", role: "alert", key: "problem" }, problem),
    ]);
  }

  window.qm_photographs = { PhotographForm, RemovePhotograph };
})();
