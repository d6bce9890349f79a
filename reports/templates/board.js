// The leaderboard: sorting, searching, filtering, columns, and numbers by tag, with the view in the address. Text is only ever read
// from and moved in the page, or put into it as text.
(async () => {
  const { el, load, visible } = window.plumbline;
  const collator = new Intl.Collator("en", { numeric: true });
  const byId = (id) => document.getElementById(id);
  const [search, family, tag, reset, found] = ["find", "family", "tag", "reset", "found"].map(byId);
  const tables = new Map();
  for (const table of document.querySelectorAll("table.board")) tables.set(table.dataset.table, table);
  for (const table of tables.values()) if (table.dataset.later) await addRows(table);
  const asBuilt = new Map();
  for (const [key, table] of tables) asBuilt.set(key, { rows: rowsOf(table), sort: sortOf(table) });
  if (tables.size === 0) return;

  /** The rows that a long table has besides those in the page, as the same template wrote them. */
  async function addRows(table) {
    const html = await load(table.dataset.later).catch(() => undefined);
    if (html === undefined) return;
    const template = document.createElement("template");
    template.innerHTML = `<table><tbody>${html}</tbody></table>`;
    table.tBodies[0].append(...template.content.querySelectorAll("tr"));
    table.closest(".scroll").nextElementSibling.hidden = true;
  }

  /** What systems say about themselves, and of the metrics what they look at. */
  const FIELDS = ["type", "size", "trained on", "licence", "tag"];
  const FAMILIES = [
    ["ranking", "rankings"],
    ["reference", "against references"],
    ["text", "text"],
    ["grounding", "grounding"],
    ["refusal", "refusals"],
    ["judged", "judges"],
    ["unknown", "unknown"],
  ];
  const filters = new Map();
  const boxes = new Map();
  /** The row of each table that the others are held against. */
  const pinned = new Map();
  let pinsShown = "";
  const rows = () => [...tables.values()].flatMap(rowsOf);
  const headsOf = (table) => [...table.tHead.rows[0].cells];
  const fieldsOf = new Map(rows().map((row) => [row, JSON.parse(row.dataset.fields)]));

  makeControls();
  makePins();
  search.closest("[hidden]").hidden = false;

  /** Its rows as they stand, but for what is said between them. */
  function rowsOf(table) {
    return [...table.tBodies[0].rows].filter((row) => !row.classList.contains("tier"));
  }

  function sortOf(table) {
    const head = table.querySelector("th[aria-sort]");
    return head && { column: head.dataset.column, direction: head.getAttribute("aria-sort") };
  }

  /** Numbers by value, text as people count (q2 before q10); what has no value is last in both directions. */
  function sortBy(table, column, direction) {
    const heads = headsOf(table);
    const at = heads.findIndex((head) => head.dataset.column === column);
    if (at === -1 || (direction !== "ascending" && direction !== "descending")) return;
    const numeric = heads[at].dataset.type === "number";
    const sign = direction === "ascending" ? 1 : -1;
    // Of equal values those of one group stay together.
    const tierSign = direction === heads[at].dataset.first ? 1 : -1;
    const tierOf = (row) => Number(row.cells[at].dataset.tier ?? 0);
    const sorted = rowsOf(table).sort((a, b) => {
      const x = a.cells[at].dataset.v;
      const y = b.cells[at].dataset.v;
      if (x === "" || y === "") return (x === "") - (y === "");
      const order = sign * (numeric ? Number(x) - Number(y) : collator.compare(x, y));
      return order || tierSign * (tierOf(a) - tierOf(b));
    });
    table.tBodies[0].append(...sorted);
    mark(table, column, direction);
    showTiers(table);
  }

  /** Says between the rows which of them cannot be told apart by what they are sorted by; the words are the build's. */
  function showTiers(table) {
    for (const row of table.querySelectorAll("tr.tier")) row.remove();
    const heads = headsOf(table);
    const at = heads.findIndex((head) => head.hasAttribute("aria-sort"));
    const says = JSON.parse(heads[at]?.dataset.tiers ?? "[]");
    const told = says.length > 0 && !table.classList.contains("by-tag") && !heads[at].hidden;
    let above;
    for (const row of rowsOf(table)) {
      const tier = told ? row.cells[at].dataset.tier : undefined;
      if (!told || row.hidden || tier === above) continue;
      above = tier;
      const texts = tier === undefined ? ["Not ranked by it"] : says[tier];
      const words = texts.map((text, i) => (i % 2 === 0 ? text : el("b", {}, el("bdi", {}, text))));
      row.before(el("tr", { class: "tier" }, el("td", { colspan: heads.length }, el("span", {}, ...words))));
    }
  }

  function mark(table, column, direction) {
    for (const head of headsOf(table)) {
      if (head.dataset.column === column) head.setAttribute("aria-sort", direction);
      else head.removeAttribute("aria-sort");
    }
  }

  /** Choices that would choose nothing are left out. */
  function makeControls() {
    const names = new Set([...tables.values()].flatMap((table) => headsOf(table).map((h) => h.dataset.family)));
    const families = FAMILIES.filter(([key]) => names.has(key));
    window.plumbline.options(family, [["", "all"], ...families], "");
    family.parentElement.hidden = families.length < 2;

    const tags = new Set([...tables.values()].flatMap((table) => JSON.parse(table.dataset.tags)));
    window.plumbline.options(tag, [["", "anything"], ...[...tags].map((name) => [name, name])], "");
    tag.parentElement.hidden = tags.size === 0;

    for (const field of FIELDS) {
      const values = new Set([...fieldsOf.values()].flatMap((fields) => fields[field] ?? []));
      const all = [...fieldsOf.values()].every((fields) => fields[field] !== undefined);
      if (values.size < (all ? 2 : 1)) continue;
      const select = el("select", { id: `field-${field.replace(" ", "-")}` });
      const sorted = [...values].sort(collator.compare);
      window.plumbline.options(select, [["", "any"], ...sorted.map((value) => [value, value])], "");
      filters.set(field, select);
      const label = el("label", { for: select.id }, field === "tag" ? "system tag" : field);
      byId("fields").append(el("span", { class: "field" }, label, " ", select));
    }

    const columns = new Map();
    for (const table of tables.values()) {
      for (const head of headsOf(table)) {
        if (!columns.has(head.dataset.column)) columns.set(head.dataset.column, head);
      }
    }
    for (const [name, head] of columns) {
      const fixed = "fixed" in head.dataset;
      const box = el("input", { type: "checkbox", disabled: fixed });
      box.checked = true;
      boxes.set(name, box);
      byId("columns")
        .querySelector("fieldset")
        .append(el("label", {}, box, ` ${name}`));
    }
  }

  const SAYS_SOMETHING = ["reference", "text", "grounding"];
  const judged = (head) => head.dataset.family === "judged";

  /** Columns that are shown. Judges never stand alone: the first metric that looks at answers stays with them. */
  function shownColumns(table) {
    const heads = headsOf(table);
    const wanted = heads.map((head) => {
      const inFamily =
        ["", undefined, "reported"].includes(head.dataset.family) || ["", head.dataset.family].includes(family.value);
      return inFamily && boxes.get(head.dataset.column).checked;
    });
    const answerMetrics = heads.flatMap((head, at) => (SAYS_SOMETHING.includes(head.dataset.family) ? [at] : []));
    const alone = heads.some((head, at) => judged(head) && wanted[at]) && !answerMetrics.some((at) => wanted[at]);
    if (alone && answerMetrics.length > 0) wanted[answerMetrics[0]] = true;
    return wanted;
  }

  function showColumns() {
    for (const table of tables.values()) {
      const shown = shownColumns(table);
      for (const row of table.rows) for (const [at, cell] of [...row.cells].entries()) cell.hidden = !shown[at];
    }
  }

  function filterRows() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = [...filters].filter(([, select]) => select.value !== "");
    const all = rows();
    for (const row of all) {
      const fits = ([field, select]) => [fieldsOf.get(row)[field] ?? []].flat().includes(select.value);
      row.hidden = !(words.every((word) => row.dataset.find.includes(word)) && chosen.every(fits));
    }
    const shown = all.filter((row) => !row.hidden).length;
    found.textContent = words.length + chosen.length === 0 ? "" : `${shown} of ${all.length} rows`;
  }

  /** Cells as they were built, while they show the numbers of a tag. */
  const kept = new Map();

  function showAll() {
    for (const [cell, { nodes, sort, title }] of kept) {
      cell.replaceChildren(...nodes);
      cell.dataset.v = sort;
      if (title !== null) cell.title = title;
    }
    kept.clear();
    for (const table of tables.values()) table.classList.remove("by-tag");
    for (const note of document.querySelectorAll(".note.by-tag")) note.hidden = true;
  }

  function put(cell, sort, ...nodes) {
    if (!kept.has(cell)) {
      kept.set(cell, { nodes: [...cell.childNodes], sort: cell.dataset.v, title: cell.getAttribute("title") });
    }
    cell.removeAttribute("title");
    cell.dataset.v = sort;
    cell.replaceChildren(...nodes);
  }

  let tagShown = "";
  /** Puts the numbers of one tag into the rows; each run has them in a piece of its own. */
  async function showTag() {
    if (tag.value === tagShown) return;
    tagShown = tag.value;
    const wanted = tagShown;
    showAll();
    if (wanted === "") return again();
    for (const table of tables.values()) {
      if (!JSON.parse(table.dataset.tags).includes(wanted)) continue;
      table.classList.add("by-tag");
      showTiers(table);
      let [few, least] = [0, Number.POSITIVE_INFINITY];
      for (const row of asBuilt.get(table.dataset.table).rows) {
        const pieces = await load("tags", `${row.dataset.folder}/data/`).catch(() => undefined);
        if (tagShown !== wanted) return;
        const [, group] = pieces?.tags.find(([name]) => name === wanted) ?? [];
        const numbers = group?.find(({ name }) => name === row.dataset.group);
        fill(row, headsOf(table), numbers);
        if (numbers) least = Math.min(least, numbers.n);
        few = pieces?.few ?? few;
      }
      const note = table.closest(".part").querySelector(".note.by-tag");
      note.textContent =
        `Only questions tagged “${visible(wanted)}”. No order of the systems is told here: it would take a test for every tag.` +
        (least < few ? ` Below ${few} questions a mean says little.` : "");
      note.hidden = false;
    }
    again();
  }

  function fill(row, heads, numbers) {
    const cells = [...row.cells];
    for (const [at, { dataset }] of heads.entries()) {
      const cell = cells[at];
      if (dataset.family) {
        const value = numbers?.metrics.find(([name]) => name === dataset.column);
        if (!value || value[1] === null) put(cell, "", el("div", {}, el("span", { class: "missing" }, "—")));
        else {
          const [, mean, number, interval] = value;
          const shown = [el("span", { class: "n" }, number), " ", el("span", { class: "ci" }, interval)];
          put(cell, String(mean), el("div", {}, ...shown));
        }
      } else if (cell.classList.contains("count") && !cell.classList.contains("words")) {
        const counted = { n: numbers?.n, failed: numbers?.failed, refused: numbers?.refused }[dataset.column];
        put(cell, String(counted ?? ""), counted === undefined ? "—" : String(counted));
      }
    }
  }

  function makePins() {
    for (const [key, table] of tables) {
      if (!("pins" in table.dataset)) continue;
      byId("about-pins").hidden = false;
      for (const row of rowsOf(table)) {
        const name = [row.cells[0].dataset.v, row.cells[1].dataset.label === "context" ? row.cells[1].dataset.v : ""];
        const button = el("button", {
          ...{ type: "button", class: "pin", "aria-pressed": "false", "aria-label": `Pin ${name.join(" ").trim()}` },
          title: "Show the paired difference of every other row to this one",
        });
        button.append("pin");
        button.addEventListener("click", () => {
          if (pinned.get(key) === row) pinned.delete(key);
          else pinned.set(key, row);
          changed();
        });
        row.cells[0].append(" ", button);
      }
    }
  }

  /** Puts the differences to the pinned rows into the cells, as the build has told them; of the questions of a tag there are none. */
  async function showPins() {
    const wanted = JSON.stringify([tag.value, ...[...pinned].map(([key, row]) => [key, row.dataset.at])]);
    if (wanted === pinsShown) return;
    pinsShown = wanted;
    for (const node of document.querySelectorAll("table.board .against")) node.remove();
    for (const [key, table] of tables) {
      table.classList.remove("pinned");
      for (const button of table.querySelectorAll("button.pin")) {
        button.setAttribute("aria-pressed", String(button.closest("tr") === pinned.get(key)));
      }
    }
    if (tag.value !== "") return;
    for (const [key, row] of pinned) {
      const table = tables.get(key);
      const piece = await load(`pin-${key}-${row.dataset.at}`).catch(() => undefined);
      if (pinsShown !== wanted) return;
      if (piece === undefined) continue;
      table.classList.add("pinned");
      const found = new Map(piece.map(([at, cells]) => [String(at), cells]));
      const metrics = [...headsOf(table).entries()].filter(([, { dataset }]) => dataset.family);
      for (const other of rowsOf(table)) {
        for (const [column, [at]] of metrics.entries()) {
          const against = found.get(other.dataset.at)?.[column];
          if (!against) continue;
          const [difference, interval, word, says] = against;
          const mark = el("b", { class: `mark ${{ better: "right", worse: "wrong" }[word] ?? "tied"}` }, word);
          const ci = el("span", { class: "ci" }, interval);
          const parts = [el("span", { class: "unseen" }, "to the pinned row "), difference, " ", ci, " ", mark];
          other.cells[at].firstElementChild.append(el("small", { class: "against", title: says }, ...parts));
        }
      }
    }
  }

  /** Sorts anew by what the cells show now. */
  function again() {
    for (const table of tables.values()) {
      const sort = sortOf(table);
      if (sort) sortBy(table, sort.column, sort.direction);
    }
  }

  /** The view in the address: `#q=bm25&sort=0-0-answers:EM:descending`; what is as built is left out. */
  function toAddress() {
    const params = new URLSearchParams();
    if (search.value !== "") params.set("q", search.value);
    if (family.value !== "") params.set("metrics", family.value);
    if (tag.value !== "") params.set("tag", tag.value);
    for (const [field, select] of filters) if (select.value !== "") params.append("only", `${field}:${select.value}`);
    for (const [name, box] of boxes) if (!box.checked) params.append("hide", name);
    for (const [key, table] of tables) {
      const sort = sortOf(table);
      const built = asBuilt.get(key).sort;
      if (sort && (sort.column !== built?.column || sort.direction !== built.direction)) {
        params.append("sort", `${key}:${sort.column}:${sort.direction}`);
      }
    }
    for (const [key, row] of pinned) params.append("pin", `${key}:${row.dataset.folder}:${row.dataset.group}`);
    const hash = params.toString();
    history.replaceState(null, "", hash === "" ? location.pathname + location.search : `#${hash}`);
  }

  function choose(select, value) {
    select.value = value;
    if (select.value !== value) select.value = "";
  }

  function fromAddress() {
    const params = new URLSearchParams(location.hash.slice(1));
    search.value = params.get("q") ?? "";
    choose(family, params.get("metrics") ?? "");
    choose(tag, params.get("tag") ?? "");
    for (const select of filters.values()) select.value = "";
    for (const only of params.getAll("only")) {
      const at = only.indexOf(":");
      const select = filters.get(only.slice(0, at));
      if (select) choose(select, only.slice(at + 1));
    }
    const hidden = params.getAll("hide");
    for (const [name, box] of boxes) box.checked = box.disabled || !hidden.includes(name);
    pinned.clear();
    for (const pin of params.getAll("pin")) {
      const table = tables.get(pin.split(":", 1)[0]);
      const own = table && "pins" in table.dataset ? rowsOf(table) : [];
      const row = own.find(({ dataset }) => pin === `${table.dataset.table}:${dataset.folder}:${dataset.group}`);
      if (row) pinned.set(table.dataset.table, row);
    }
    for (const [key, table] of tables) {
      const { rows: built, sort } = asBuilt.get(key);
      for (const row of table.querySelectorAll("tr.tier")) row.remove();
      table.tBodies[0].append(...built);
      mark(table, sort?.column, sort?.direction);
    }
    for (const sort of params.getAll("sort")) {
      const parts = sort.split(":");
      const table = tables.get(parts[0]);
      if (table && parts.length >= 3) sortBy(table, parts.slice(1, -1).join(":"), parts.at(-1));
    }
    show();
  }

  function show() {
    showColumns();
    filterRows();
    for (const table of tables.values()) showTiers(table);
    void showTag();
    void showPins();
  }

  function changed() {
    show();
    toAddress();
  }

  for (const table of tables.values()) {
    for (const head of headsOf(table)) {
      head.querySelector("button").addEventListener("click", () => {
        const first = head.dataset.first;
        const other = first === "ascending" ? "descending" : "ascending";
        sortBy(table, head.dataset.column, head.getAttribute("aria-sort") === first ? other : first);
        toAddress();
      });
    }
  }
  search.addEventListener("input", changed);
  for (const control of [family, tag, ...filters.values(), ...boxes.values()]) {
    control.addEventListener("change", changed);
  }
  // On a narrow screen the filters are behind a button, but for those that a link sets.
  const filtersButton = document.querySelector(".filters-button");
  const openFilters = (open) => {
    filtersButton.setAttribute("aria-expanded", String(open));
    byId("filters").classList.toggle("open", open);
  };
  filtersButton.addEventListener("click", () => openFilters(filtersButton.getAttribute("aria-expanded") === "false"));
  reset.addEventListener("click", () => {
    history.replaceState(null, "", location.pathname + location.search);
    fromAddress();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !["INPUT", "SELECT"].includes(document.activeElement?.tagName)) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      changed();
      search.blur();
    }
  });
  addEventListener("hashchange", fromAddress);
  fromAddress();
  openFilters([...filters.values(), family, tag].some(({ value }) => value !== ""));
})();
