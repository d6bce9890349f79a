// The page of one run: the list of its questions with the view in the address, and the way to one question and back.
(() => {
  const { load, el, outside, number, duration, options, listKeys, questionView } = plumbline;
  const PAGE = 50;
  const collator = new Intl.Collator("en", { numeric: true });
  const $ = (id) => document.getElementById(id);
  const defaults = { q: "", show: "all", in: "", on: "", metric: "", sort: "order", page: "1", question: "" };
  const baseTitle = document.title;
  let list;
  let places;
  let state = { ...defaults };
  let shown = [];

  // ---- the view in the address

  function read() {
    const params = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    state = { ...defaults, on: defaultGroup(), metric: "" };
    for (const key of Object.keys(defaults)) if (params.has(key)) state[key] = params.get(key);
    if (!list.groups.some((group) => group.name === state.on)) state.on = defaultGroup();
    if (!group().metrics.some((metric) => metric.name === state.metric)) state.metric = defaultMetric(group());
    if (!["all", "wrong", "failed", "refused"].includes(state.show)) state.show = "all";
    if (!list.classes.some(({ id }) => id === state.in)) state.in = "";
    if (!["order", "id", "worst", "best", "slowest"].includes(state.sort)) state.sort = "order";
  }

  function address(change) {
    const next = { ...state, ...change };
    const params = new URLSearchParams();
    for (const key of Object.keys(defaults)) {
      const usual = key === "on" ? defaultGroup() : key === "metric" ? defaultMetric(group(next.on)) : defaults[key];
      if (next[key] !== usual && next[key] !== "") params.set(key, next[key]);
    }
    return `#${params.toString() || "list="}`;
  }

  /** Changes the list; it replaces the entry in the history, while opening a question, which is a link, adds one. */
  function go(change) {
    history.replaceState(null, "", address(change));
    render();
  }

  const group = (name = state.on) => list.groups.find((g) => g.name === name) ?? list.groups[0];
  const metricOf = (of = group()) => of.metrics.find((m) => m.name === state.metric);
  const defaultGroup = () => (list.groups.find((g) => g.name !== "retrieval") ?? list.groups[0]).name;

  /** The metric that says wrong most plainly: an exact one where the run has it. */
  function defaultMetric(of) {
    const names = of.metrics.map((m) => m.name);
    return ["EM", "F1", "Contains"].find((name) => names.includes(name)) ?? names[0] ?? "";
  }

  // ---- the list

  function kind(q) {
    const letter = group().states[q];
    if (letter === "f") return "failed";
    if (letter === "r") return "refused";
    if (letter === "-") return "absent";
    const metric = metricOf();
    return metric && metric.values[q] !== null && metric.values[q] === metric.worst ? "wrong" : "";
  }

  const classOf = (id) => list.classes.find((found) => found.id === id);

  /** The questions of a class of the diagnosis; undefined where the list is not narrowed to one. */
  const members = (id) => (id === "" ? undefined : new Set(classOf(id).questions));

  function select() {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    const counts = { all: 0, wrong: 0, failed: 0, refused: 0 };
    const only = members(state.in);
    for (let q = 0; q < list.ids.length; q += 1) {
      if (only && !only.has(q)) continue;
      const text = `${list.ids[q]} ${list.texts[q]}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
      const is = kind(q);
      counts.all += 1;
      if (is in counts && is !== "") counts[is] += 1;
      if (state.show === "all" || state.show === is) found.push(q);
    }
    const metric = metricOf();
    if (state.sort === "id") found.sort((a, b) => collator.compare(list.ids[a], list.ids[b]));
    else if (state.sort === "slowest") {
      const ms = (q) => group().ms?.[q] ?? -1;
      found.sort((a, b) => ms(b) - ms(a));
    } else if (metric && (state.sort === "worst" || state.sort === "best")) {
      const sign = (metric.better === "higher" ? 1 : -1) * (state.sort === "worst" ? 1 : -1);
      const value = (q) => metric.values[q];
      found.sort((a, b) => (value(a) === null) - (value(b) === null) || sign * (value(a) - value(b)));
    }
    return { found, counts };
  }

  function renderList() {
    const { found, counts } = select();
    shown = found;
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const page = Math.min(pages, Math.max(1, Number.parseInt(state.page, 10) || 1));
    state.page = String(page);
    if ($("find").value !== state.q) $("find").value = state.q;
    for (const chip of document.querySelectorAll("[data-show]")) {
      chip.setAttribute("aria-pressed", String(chip.dataset.show === state.show));
      chip.querySelector("b").textContent = counts[chip.dataset.show];
    }
    options(
      $("on"),
      list.groups.map((g) => [g.name, g.name]),
      state.on,
    );
    options(
      $("metric"),
      group().metrics.map((m) => [m.name, m.name]),
      state.metric,
    );
    $("sort").value = state.sort;
    $("only").hidden = state.in === "";
    $("only").querySelector("b").textContent = classOf(state.in)?.title ?? "";
    const metric = metricOf();
    $("explain").textContent = metric
      ? `Wrong: answered, and scored ${number(metric.worst)}, the worst value of ${metric.name}. ${metric.title}.`
      : "";
    const rows = found.slice((page - 1) * PAGE, page * PAGE).map((q) => {
      const is = kind(q);
      return el(
        "li",
        {},
        el(
          "a",
          { href: address({ question: list.ids[q] }) },
          outside(list.ids[q], "span", "id"),
          outside(list.texts[q], "span", "text"),
          el("span", { class: `state ${is}` }, is === "absent" ? "not reached" : is),
          el("span", { class: "score" }, state.sort === "slowest" ? timeOf(q) : number(metric?.values[q])),
        ),
      );
    });
    $("rows").replaceChildren(...rows);
    $("where").textContent =
      found.length === 0
        ? "No question fits."
        : `${(page - 1) * PAGE + 1} to ${Math.min(found.length, page * PAGE)} of ${found.length}`;
    $("back").disabled = page <= 1;
    $("more").disabled = page >= pages;
  }

  const timeOf = (q) => (typeof group().ms?.[q] === "number" ? duration(group().ms[q]) : "—");

  // ---- one question

  async function renderQuestion() {
    const id = state.question;
    const q = places.get(id);
    const view = $("question");
    const back = el("a", { href: address({ question: "" }), class: "close" }, "‹ all questions");
    if (q === undefined) {
      view.replaceChildren(back, el("h2", {}, "No such question"), outside(id));
      return;
    }
    const content = await questionView(list, q);
    // Another question may have been asked for meanwhile.
    if (state.question !== id) return;
    const at = shown.indexOf(q);
    const step = (by, label) => {
      const other = at === -1 ? undefined : shown[at + by];
      return other === undefined
        ? el("span", { class: "hint" }, label)
        : el("a", { href: address({ question: list.ids[other] }), rel: by < 0 ? "prev" : "next" }, label);
    };
    const position = at === -1 ? "not in the list as filtered" : `${at + 1} of ${shown.length} in the list`;
    view.replaceChildren(
      el(
        "div",
        { class: "pager" },
        back,
        step(-1, "‹ previous"),
        step(1, "next ›"),
        el("span", { class: "hint" }, position),
        el("a", { href: acrossHref(id) }, "all systems on this question"),
      ),
      ...content,
    );
    document.title = `${id} · ${baseTitle}`;
  }

  function acrossHref(question) {
    return `${list.across}#${new URLSearchParams({ on: state.on, with: list.run, question })}`;
  }

  // ---- putting it together

  /** Whether the address names questions of the list, as links above it do. */
  const leadsToList = () => state.question === "" && location.hash.includes("=") && location.hash !== "#list=";

  function render() {
    read();
    const open = state.question !== "";
    for (const id of ["overview", "questions", "details"]) $(id).hidden = open;
    $("question").hidden = !open;
    renderList();
    if (open) renderQuestion().catch(complain);
    else document.title = baseTitle;
  }

  function complain(error) {
    $("question").replaceChildren(el("p", { class: "note" }, error.message));
    $("question").hidden = false;
  }

  function neighbour(by) {
    const other = shown[shown.indexOf(places.get(state.question)) + by];
    if (other !== undefined) location.hash = address({ question: list.ids[other] });
  }

  load("list").then((value) => {
    list = value;
    places = new Map(list.ids.map((id, at) => [id, at]));
    $("list").hidden = false;
    $("find").addEventListener("input", (event) => go({ q: event.target.value, page: "1" }));
    for (const chip of document.querySelectorAll("[data-show]")) {
      chip.addEventListener("click", () => go({ show: chip.dataset.show, page: "1" }));
    }
    $("only")
      .querySelector("button")
      .addEventListener("click", () => go({ in: "", page: "1" }));
    $("on").addEventListener("change", (event) => go({ on: event.target.value, metric: "", page: "1" }));
    $("metric").addEventListener("change", (event) => go({ metric: event.target.value, page: "1" }));
    $("sort").addEventListener("change", (event) => go({ sort: event.target.value, page: "1" }));
    $("back").addEventListener("click", () => go({ page: String(Number(state.page) - 1) }));
    $("more").addEventListener("click", () => go({ page: String(Number(state.page) + 1) }));
    listKeys({
      isOpen: () => state.question !== "",
      close: () => {
        location.hash = address({ question: "" });
      },
      clear: () => go({ q: "", page: "1" }),
      neighbour,
    });
    let lastQuestion = "";
    addEventListener("hashchange", () => {
      render();
      if (leadsToList() && lastQuestion === "") $("questions").scrollIntoView();
      if (state.question !== lastQuestion) {
        const row = [...$("rows").querySelectorAll("a")].find(
          (a) => a.getAttribute("href") === address({ question: lastQuestion }),
        );
        if (state.question !== "") scrollTo(0, 0);
        else row?.focus();
      }
      lastQuestion = state.question;
    });
    render();
    lastQuestion = state.question;
    if (leadsToList()) $("questions").scrollIntoView();
  }, complain);
})();
