// What every page with a list of entries shares: the view in the address, chips that count, pages of fifty rows, the keys, and the way
// to one entry and back. Its elements have the same ids on every page: find, sort, rows, where, back, more.
(() => {
  const { el } = plumbline;
  const PAGE = 50;
  const $ = (id) => document.getElementById(id);
  const chips = () => document.querySelectorAll("[data-show]");
  const links = () => [...$("rows").querySelectorAll("a")];

  // ---- the view in the address

  /** What the address says of the view; nothing where it leads to a place of the page. */
  const addressed = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

  /** @param usual a view's keys, with what each is where the address does not say */
  const viewOf = (params, usual) =>
    Object.fromEntries(Object.entries(usual).map(([key, plain]) => [key, params.get(key) ?? plain]));

  /** @param usual what the address leaves out */
  function paramsOf(view, usual) {
    const params = new URLSearchParams();
    for (const [key, plain] of Object.entries(usual)) {
      if (view[key] !== plain && view[key] !== "") params.set(key, view[key]);
    }
    return params;
  }

  const hashOf = (params) => `#${params.toString() || "list="}`;

  // ---- the list

  const wordsOf = ({ q }) => q.toLowerCase().split(/\s+/).filter(Boolean);

  /**
   * Shows the page that a view names, and what the chips count. The view gets the number of a page that there is.
   * @param row makes the element of an entry @param none what to say where nothing is found
   */
  function showRows(view, { found, counts }, row, none) {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const page = Math.min(pages, Math.max(1, Number.parseInt(view.page, 10) || 1));
    const [from, to] = [(page - 1) * PAGE, Math.min(found.length, page * PAGE)];
    view.page = String(page);
    if ($("find").value !== view.q) $("find").value = view.q;
    for (const chip of chips()) {
      chip.setAttribute("aria-pressed", String(chip.dataset.show === view.show));
      chip.querySelector("b").textContent = counts[chip.dataset.show];
    }
    $("sort").value = view.sort;
    $("rows").replaceChildren(...found.slice(from, to).map(row));
    $("where").textContent = found.length === 0 ? none : `${from + 1} to ${to} of ${found.length}`;
    $("back").disabled = page <= 1;
    $("more").disabled = page >= pages;
  }

  /** The entry of the row in focus. @param shown the entries found */
  const entryInFocus = (view, shown) => shown[(Number(view.page) - 1) * PAGE + links().indexOf(document.activeElement)];

  // ---- one entry

  const backTo = (href, label) => el("a", { href, class: "close" }, `‹ ${label}`);

  /** A link; its words alone where it leads nowhere. */
  const step = (href, label, rel) =>
    href === undefined ? el("span", { class: "hint" }, label) : el("a", { href, rel }, label);

  /** The entry found before or after this one; undefined where there is none, or where this one is not among those found. */
  const beside = (entry, shown, by) => (shown.includes(entry) ? shown[shown.indexOf(entry) + by] : undefined);

  /** What leads away from an open entry. @param entry it @param shown those found @param more elements: behind the neighbours, and at the end */
  function pager(back, entry, shown, hrefOf, more) {
    const at = shown.indexOf(entry);
    const to = (by) => {
      const other = beside(entry, shown, by);
      return other === undefined ? undefined : hrefOf(other);
    };
    const position = at === -1 ? "not in the list as filtered" : `${at + 1} of ${shown.length} in the list`;
    return el(
      "div",
      { class: "pager" },
      back,
      step(to(-1), "‹ previous", "prev"),
      step(to(1), "next ›", "next"),
      ...(more.next ?? []),
      el("span", { class: "hint" }, position),
      ...(more.last ?? []),
    );
  }

  // ---- putting it to work

  /**
   * The page's controls, its keys, and what follows from a new address.
   * @param of view(), address(change), go(change), render(); closed: the keys of an open entry, as they are when none is;
   *   selects: by the id of a choice, what else of the view it changes; neighbour(by): opens the entry's neighbour;
   *   other(key): keys of the page's own; stayed(): called where one address of the list led to another
   */
  function listen({ view, address, go, render, closed, selects, neighbour, other, stayed }) {
    $("find").addEventListener("input", (event) => go({ q: event.target.value }));
    for (const chip of chips()) chip.addEventListener("click", () => go({ show: chip.dataset.show }));
    for (const [id, also] of Object.entries(selects)) {
      $(id).addEventListener("change", (event) => go({ ...also, [id]: event.target.value }));
    }
    $("back").addEventListener("click", () => go({ page: String(Number(view().page) - 1) }));
    $("more").addEventListener("click", () => go({ page: String(Number(view().page) + 1) }));
    const isOpen = () => view().question !== "";
    const close = () => {
      location.hash = address(closed);
    };
    listKeys({ isOpen, close, clear: () => go({ q: "" }), neighbour, other });
    const entry = () => Object.fromEntries(Object.keys(closed).map((key) => [key, view()[key]]));
    let last = entry();
    addEventListener("hashchange", async () => {
      await render();
      const [before, now] = [last, entry()];
      last = now;
      if (isOpen()) {
        if (address(now) !== address(before)) {
          scrollTo(0, 0);
          // Who goes on by keyboard, or listens, goes on in what was opened.
          document.querySelector("#question, #answer").focus({ preventScroll: true });
        }
      } else if (before.question === "") stayed?.();
      else
        links()
          .find((a) => a.getAttribute("href") === address(before))
          ?.focus();
    });
  }

  /**
   * The keys of a list and of the view of one of its entries. `/` leads to the search; Escape closes the entry, or gives the search
   * up; j and k go to the entry's neighbours, or along the rows, which Enter opens as any link.
   * @param of isOpen() whether an entry is shown; close(), clear() the search, neighbour(by), other(key) for keys of the page's own
   */
  function listKeys({ isOpen, close, clear, neighbour, other = () => undefined }) {
    const find = $("find");
    const along = (by) => {
      const rows = links();
      const at = rows.indexOf(document.activeElement);
      rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const typing = event.target.matches("input[type=search], select");
      if (event.key === "Escape") {
        if (isOpen()) close();
        else if (typing) {
          if (event.target === find) clear();
          event.target.blur();
        }
      } else if (typing) {
        if (event.key === "Enter" && event.target === find) links()[0]?.focus();
      } else if (event.key === "/" && !isOpen()) {
        event.preventDefault();
        find.focus();
        find.select();
      } else if (event.key === "j" || event.key === "k") (isOpen() ? neighbour : along)(event.key === "j" ? 1 : -1);
      else other(event.key);
    });
  }

  Object.assign(plumbline, {
    addressed,
    viewOf,
    paramsOf,
    hashOf,
    wordsOf,
    showRows,
    entryInFocus,
    beside,
    backTo,
    step,
    pager,
    listen,
  });
})();
