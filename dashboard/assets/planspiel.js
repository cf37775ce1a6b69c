/* The question of a scenario: its form writes the link when it is sent; the router then builds the page anew. */
(function () {
  "use strict";

  const valueOf = (holder, name) => (holder.querySelector(`[data-wish="${name}"]`) || { value: "" }).value.trim();

  /* area:type:days for each row that names an interval. */
  function wishes(form) {
    return [...form.querySelectorAll(".planspiel-wish")]
      .map((row) => [valueOf(row, "area"), valueOf(row, "type"), valueOf(row, "days")])
      .filter((wish) => wish.every(Boolean))
      .map((wish) => wish.join(":"))
      .join(",");
  }

  /* office:rounds for each office with a number; "none" says that no office limits anything. */
  function offices(form) {
    const named = [...form.querySelectorAll("[data-office]")].map((input) => [input.dataset.office, input.value.trim()]);
    const more = [...form.querySelectorAll(".planspiel-office-more")].map((row) => [
      row.querySelector("select").value,
      row.querySelector("input").value.trim(),
    ]);
    const given = [...named, ...more].filter((pair) => pair.every(Boolean));
    return given.map((pair) => pair.join(":")).join(",") || "none";
  }

  function ask(form) {
    const parts = { scenario: null, compare: null, wish: wishes(form), office: offices(form) };
    form.querySelectorAll("[data-part]").forEach((input) => {
      parts[input.dataset.part] = input.value.trim();
    });
    window.qm.setQuery(parts);
  }

  function compare(form) {
    const chosen = [...form.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.value);
    const most = Number(form.dataset.most);
    if (chosen.length < 2 || chosen.length > most) {
      window.qm.toast(form.dataset.words, "bad");
      return;
    }
    window.qm.navigate(`${form.dataset.address}?compare=${chosen.join(",")}`);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".planspiel-form")) {
      event.preventDefault();
      ask(form);
    } else if (form.matches(".planspiel-choose")) {
      event.preventDefault();
      compare(form);
    }
  });
})();
