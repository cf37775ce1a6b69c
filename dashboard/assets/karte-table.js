/* The table of the map page: the rows that it asks for, and the row of the object that was picked. */
(function () {
  "use strict";
  const NARROW = "(max-width: 720px)";
  const byId = (id) => document.getElementById(id);
  const skip = () => window.dash_clientside.no_update;
  const isHere = () => byId("karte") !== null;

  let picked = null; // the object that was picked: where it is on the map and in the table

  function table(act) {
    if (window.dash_ag_grid) window.dash_ag_grid.getApiAsync("karte-table").then((grid) => isHere() && !grid.isDestroyed() && act(grid));
  }

  /** The rows that the table asks for; an answer that a newer question has overtaken is thrown away. */
  async function rows(wish, filter) {
    if (!isHere() || !wish || !filter) return skip();
    try {
      const answer = await window.qm_rows.ask("karte", byId("karte").dataset.rows, filter, wish);
      return answer ? { rowData: answer.rows, rowCount: answer.total } : skip();
    } catch (error) {
      window.qm.toast(byId("karte").dataset.rowsFailed, "bad");
      return skip();
    }
  }

  function refill(filter) {
    if (filter) table((grid) => {
      fitColumns(grid);
      grid.purgeInfiniteCache();
    });
    return skip();
  }

  /** At phone width the address and what the layers show; the card tells the rest. */
  function fitColumns(grid) {
    const isNarrow = window.matchMedia(NARROW).matches;
    const kept = new Set(["address", "state", "due_on"]);
    for (const column of grid.getColumns() || []) grid.setColumnsVisible([column.getColId()], !isNarrow || kept.has(column.getColId()));
  }

  /** Show the row of the object that was picked: wait for the table's first rows, scroll there, wait again, select. */
  function markRow(grid, place, tries = 50, hasScrolled = false) {
    grid.deselectAll();
    if (!place || place.id !== (picked && picked.id) || tries === 0) return;
    const node = grid.getRowNode(String(place.id));
    if (node) {
      node.setSelected(true, true);
      if (!hasScrolled) grid.ensureNodeVisible(node, null);
      return;
    }
    const isLoaded = grid.getDisplayedRowCount() > 1;
    const isOwnOrder = grid.getColumnState().every((column) => !column.sort || (column.colId === "address" && column.sort === "asc"));
    if (isLoaded && (place.position === null || !isOwnOrder || byId("karte-dock").hidden)) return;
    if (isLoaded && !hasScrolled) grid.ensureIndexVisible(place.position, "middle");
    window.setTimeout(() => isHere() && !grid.isDestroyed() && markRow(grid, place, tries - 1, hasScrolled || isLoaded), 120);
  }

  /** Pick an object (null = none): its row is shown and selected. */
  function pick(place) {
    picked = place;
    table((grid) => markRow(grid, place));
  }

  const isPicked = (id) => picked !== null && picked.id === id;
  const show = () => picked && pick(picked);

  window.qm_table = { rows, refill, pick, isPicked, show };
})();
