// The leaderboard: sorting and searching, with the view in the address. Text is only ever read from and moved in the page.
(() => {
  const collator = new Intl.Collator("en", { numeric: true });
  const search = document.getElementById("find");
  const found = document.getElementById("found");
  const tables = new Map();
  for (const table of document.querySelectorAll("table.board")) tables.set(table.dataset.table, table);
  const asBuilt = new Map();
  for (const [key, table] of tables) asBuilt.set(key, { rows: [...table.tBodies[0].rows], sort: sortOf(table) });
  if (tables.size === 0) return;

  search.closest("[hidden]").hidden = false;

  function sortOf(table) {
    const head = table.querySelector("th[aria-sort]");
    return head && { column: head.dataset.column, direction: head.getAttribute("aria-sort") };
  }

  /** Numbers by value, text as people count (q2 before q10); what has no value is last in both directions. */
  function sortBy(table, column, direction) {
    const heads = [...table.tHead.rows[0].cells];
    const at = heads.findIndex((head) => head.dataset.column === column);
    if (at === -1 || (direction !== "ascending" && direction !== "descending")) return;
    const numeric = heads[at].dataset.type === "number";
    const sign = direction === "ascending" ? 1 : -1;
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      const x = a.cells[at].dataset.v;
      const y = b.cells[at].dataset.v;
      if (x === "" || y === "") return (x === "") - (y === "");
      return sign * (numeric ? Number(x) - Number(y) : collator.compare(x, y));
    });
    table.tBodies[0].append(...rows);
    mark(table, column, direction);
  }

  function mark(table, column, direction) {
    for (const head of table.tHead.rows[0].cells) {
      if (head.dataset.column === column) head.setAttribute("aria-sort", direction);
      else head.removeAttribute("aria-sort");
    }
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    let all = 0;
    for (const table of tables.values()) {
      for (const row of table.tBodies[0].rows) {
        row.hidden = !words.every((word) => row.dataset.find.includes(word));
        all += 1;
        if (!row.hidden) shown += 1;
      }
    }
    found.textContent = words.length === 0 ? "" : `${shown} of ${all} rows`;
  }

  /** The view in the address: `#q=bm25&sort=0-0-answers:EM:descending`; what is as built is left out. */
  function toAddress() {
    const params = new URLSearchParams();
    if (search.value !== "") params.set("q", search.value);
    for (const [key, table] of tables) {
      const sort = sortOf(table);
      const built = asBuilt.get(key).sort;
      if (sort && (sort.column !== built?.column || sort.direction !== built.direction)) {
        params.append("sort", `${key}:${sort.column}:${sort.direction}`);
      }
    }
    const hash = params.toString();
    history.replaceState(null, "", hash === "" ? location.pathname + location.search : `#${hash}`);
  }

  function fromAddress() {
    const params = new URLSearchParams(location.hash.slice(1));
    search.value = params.get("q") ?? "";
    for (const [key, table] of tables) {
      const { rows, sort } = asBuilt.get(key);
      table.tBodies[0].append(...rows);
      mark(table, sort?.column, sort?.direction);
    }
    for (const sort of params.getAll("sort")) {
      const parts = sort.split(":");
      const table = tables.get(parts[0]);
      if (table && parts.length >= 3) sortBy(table, parts.slice(1, -1).join(":"), parts.at(-1));
    }
    filter();
  }

  for (const table of tables.values()) {
    for (const head of table.tHead.rows[0].cells) {
      head.querySelector("button").addEventListener("click", () => {
        const first = head.dataset.first;
        const other = first === "ascending" ? "descending" : "ascending";
        sortBy(table, head.dataset.column, head.getAttribute("aria-sort") === first ? other : first);
        toAddress();
      });
    }
  }
  search.addEventListener("input", () => {
    filter();
    toAddress();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      filter();
      toAddress();
      search.blur();
    }
  });
  addEventListener("hashchange", fromAddress);
  fromAddress();
})();
