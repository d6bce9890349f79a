// The page of one run: the list of its questions with the view in the address, and the way to one question and back.
(() => {
  const { load, visible, el, outside, number, duration, options, questionView } = plumbline;
  const { addressed, viewOf, paramsOf, hashOf, wordsOf, showRows, beside, backTo, pager, listen } = plumbline;
  const collator = new Intl.Collator("en", { numeric: true });
  const $ = (id) => document.getElementById(id);
  const defaults = { q: "", show: "all", in: "", on: "", metric: "", sort: "order", page: "1", question: "" };
  const CLOSED = { question: "" };
  const baseTitle = document.title;
  let list;
  let places;
  let state = { ...defaults };
  let shown = [];

  // ---- the view in the address

  function read() {
    state = viewOf(addressed(), { ...defaults, on: defaultGroup() });
    if (!list.groups.some((group) => group.name === state.on)) state.on = defaultGroup();
    if (!group().metrics.some((metric) => metric.name === state.metric)) state.metric = defaultMetric(group());
    if (!["all", "wrong", "failed", "refused"].includes(state.show)) state.show = "all";
    if (!list.classes.some(({ id }) => id === state.in)) state.in = "";
    if (!["order", "id", "worst", "best", "slowest"].includes(state.sort)) state.sort = "order";
  }

  function address(change) {
    const next = { ...state, ...change };
    const usual = { ...defaults, on: defaultGroup(), metric: defaultMetric(group(next.on)) };
    return hashOf(paramsOf(next, usual));
  }

  /** Changes the list; it replaces the entry in the history, while opening a question, which is a link, adds one. */
  function go(change) {
    history.replaceState(null, "", address({ page: "1", ...change }));
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
    const words = wordsOf(state);
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
    const selected = select();
    shown = selected.found;
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
    $("only").hidden = state.in === "";
    $("only").querySelector("b").textContent = visible(classOf(state.in)?.title ?? "");
    const metric = metricOf();
    $("explain").textContent = metric
      ? visible(
          `Wrong: answered, and scored ${number(metric.worst)}, the worst value of ${metric.name}. ${metric.title}.`,
        )
      : "";
    showRows(state, selected, rowItem, "No question fits.");
  }

  function rowItem(q) {
    const is = kind(q);
    const score = state.sort === "slowest" ? timeOf(q) : number(metricOf()?.values[q]);
    return el(
      "li",
      {},
      el(
        "a",
        { href: addressOf(q) },
        outside(list.ids[q], "span", "id"),
        outside(list.texts[q], "span", "text"),
        el("span", { class: `state ${is}` }, is === "absent" ? "not reached" : is),
        el("span", { class: "score" }, score),
      ),
    );
  }

  const addressOf = (q) => address({ question: list.ids[q] });
  const timeOf = (q) => (typeof group().ms?.[q] === "number" ? duration(group().ms[q]) : "—");

  // ---- one question

  async function renderQuestion() {
    const id = state.question;
    const q = places.get(id);
    const view = $("question");
    const back = backTo(address(CLOSED), "all questions");
    if (q === undefined) {
      view.replaceChildren(back, el("h2", {}, "No such question"), outside(id));
      return;
    }
    const content = await questionView(list, q);
    // Another question may have been asked for meanwhile.
    if (state.question !== id) return;
    const across = el("a", { href: acrossHref(id) }, "all systems on this question");
    view.replaceChildren(pager(back, q, shown, addressOf, { last: [across] }), ...content);
    document.title = visible(`${id} · ${baseTitle}`);
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
    const other = beside(places.get(state.question), shown, by);
    if (other !== undefined) location.hash = addressOf(other);
  }

  load("list").then((value) => {
    list = value;
    places = new Map(list.ids.map((id, at) => [id, at]));
    $("list").hidden = false;
    $("only")
      .querySelector("button")
      .addEventListener("click", () => go({ in: "" }));
    const toList = () => {
      if (leadsToList()) $("questions").scrollIntoView();
    };
    render();
    toList();
    listen({
      ...{ view: () => state, address, go, render, closed: CLOSED, neighbour, stayed: toList },
      selects: { on: { metric: "" }, metric: {}, sort: {} },
    });
  }, complain);
})();
