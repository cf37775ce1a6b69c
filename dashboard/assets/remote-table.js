/* Tables whose rows come by URL: what the grid asks for, links in it, and how tall it needs to be. */
(function () {
  "use strict";
  const skip = () => window.dash_clientside.no_update;
  const asked = new Map(); // number of the last question of each place

  /** The rows that a grid asks for as {rowData, rowCount}; null when a newer question has overtaken the answer. */
  async function ask(place, url, query, wish) {
    const number = (asked.get(place) || 0) + 1;
    asked.set(place, number);
    const [sort] = wish.sortModel || [];
    const parts = new URLSearchParams(query);
    parts.set("start", wish.startRow);
    parts.set("size", wish.endRow - wish.startRow);
    if (sort) parts.set("sort", sort.colId);
    if (sort && sort.sort === "desc") parts.set("desc", "1");
    parts.set("spoken", document.documentElement.lang); // a browser keeps answers by their address
    const response = await fetch(`${url}?${parts}`, { headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (!response.ok) throw new Error((answer.error || {}).message || "");
    return number === asked.get(place) ? answer : null;
  }

  function tell(place, answer) {
    const box = document.getElementById(place);
    if (!box) return;
    box.querySelector(".remote-table-count").textContent = answer.said;
    box.querySelector(".remote-table-empty").hidden = answer.total > 0;
    box.querySelector(".remote-table-grid").hidden = answer.total === 0;
    box.style.setProperty("--rows", answer.total);
  }

  async function rows(wish, source) {
    if (!wish || !source) return skip();
    try {
      const answer = await ask(source.place, source.url, source.query, wish);
      if (answer === null) return skip();
      tell(source.place, answer);
      return { rowData: answer.rows, rowCount: answer.total };
    } catch (error) {
      window.qm.toast(error.message || source.failed, "bad");
      return skip();
    }
  }

  /* A cell that leads somewhere; the first one of a row is where the row leads. */
  window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
  window.dashAgGridComponentFunctions.RemoteTableLink = function (props) {
    const address = props.data && props.data.links ? props.data.links[props.colDef.field] : null;
    if (!address) return props.value === undefined ? null : props.value;
    return window.React.createElement("a", { href: address, tabIndex: -1 }, props.value);
  };

  /* A share as a bar beside its number, so that a column of them is read at a glance. */
  window.dashAgGridComponentFunctions.RemoteTableShare = function (props) {
    const make = window.React.createElement;
    const share = Number.parseFloat(String(props.value).replace(",", "."));
    if (Number.isNaN(share)) return props.value === undefined ? null : props.value;
    const filled = make("span", { style: { width: `${Math.min(100, Math.max(0, share))}%` } });
    const bar = make("span", { className: "remote-table-bar", "aria-hidden": true, key: "bar" }, filled);
    return make("span", { className: "remote-table-share" }, [bar, make("span", { key: "number" }, props.value)]);
  };

  const linkOf = (part) => part.closest(".ag-row").querySelector(".ag-cell a[href]");

  document.addEventListener("click", (event) => {
    const cell = event.target.closest(".remote-table .ag-cell");
    if (!cell || event.target.closest("a") || String(window.getSelection())) return;
    const link = linkOf(cell);
    if (link) link.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".remote-table .ag-cell")) return;
    const own = event.target.querySelector("a[href]");
    const link = own || linkOf(event.target);
    if (link) link.click();
  });

  /* --- files: an address that follows the link takes its query at the moment it is used --------------------------- */

  function follow(event) {
    const file = event.target.closest && event.target.closest("a[data-follows-link]");
    if (!file) return;
    const query = new URLSearchParams(window.location.search);
    query.set("lang", document.documentElement.lang);
    file.href = `${file.pathname}?${query}`;
  }
  for (const kind of ["pointerover", "focusin", "click"]) document.addEventListener(kind, follow, true);

  window.qm_rows = { ask };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.remote_table = { rows };
})();
