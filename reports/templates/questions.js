// The page of a suite's questions with the answers of all systems: the list with how each system fared, the view in the address,
// and the way to one question and back.
(() => {
  const { load, visible, el, outside, options, questionOf, asked, systemChooser } = plumbline;
  const { addressed, viewOf, paramsOf, hashOf, wordsOf, showRows, entryInFocus, beside, backTo, step, pager, listen } =
    plumbline;
  const { FATES, isRight, isKnown, fareOf, fateClass, labelOf, card, notAsked, openAll } = plumbline;
  /** So many systems are shown when the address names none: the best ones. */
  const FIRST = 12;
  const collator = new Intl.Collator("en", { numeric: true });
  const $ = (id) => document.getElementById(id);
  const defaults = {
    q: "",
    show: "all",
    on: "",
    by: "",
    tag: "",
    right: "",
    wrong: "",
    sort: "order",
    page: "1",
    question: "",
  };
  const CLOSED = { question: "" };
  const baseTitle = document.title;
  let list;
  let places;
  let texts;
  let tags;
  let usual;
  let chooser;
  let state = { ...defaults, runs: [] };
  let columns = [];
  let shown = [];
  let turn = 0;

  // ---- the view in the address

  function read() {
    const params = addressed();
    state = viewOf(params, defaults);
    const named = new Set(params.getAll("run"));
    const known = list.runs.filter(({ run }) => named.has(run));
    state.runs = params.has("run") ? known : usual;
    // A link may ask for systems that are not among the first.
    const wanted = new Set([params.get("with"), state.right, state.wrong]);
    const more = list.runs.filter((run) => wanted.has(run.run) && !state.runs.includes(run));
    if (more.length > 0) state.runs = list.runs.filter((run) => state.runs.includes(run) || more.includes(run));
    if (!groups().includes(state.on)) state.on = usualGroup();
    for (const key of ["right", "wrong"]) if (!state.runs.some(({ run }) => run === state[key])) state[key] = "";
    if (!tags.has(state.tag)) state.tag = "";
    if (!["all", "differ", "none", "every"].includes(state.show)) state.show = "all";
    if (!["order", "id", "hardest", "easiest"].includes(state.sort)) state.sort = "order";
  }

  function address(change) {
    const next = { ...state, ...change };
    const params = paramsOf(next, { ...defaults, on: usualGroup(), by: rules()[0]?.[0] });
    const usually = next.runs.length === usual.length && next.runs.every((run) => usual.includes(run));
    if (!usually) for (const { run } of next.runs) params.append("run", run);
    if (next.runs.length === 0) params.append("run", "");
    return hashOf(params);
  }

  /** Changes the list; it replaces the entry in the history, while opening a question, which is a link, adds one. */
  function go(change) {
    history.replaceState(null, "", address({ page: "1", ...change }));
    render();
  }

  const groups = () => [...new Set(list.runs.flatMap((run) => run.groups))];
  const usualGroup = () => groups().find((name) => name !== "retrieval") ?? groups()[0];

  /** The ways to tell right from wrong that the shown runs have in this context: metric and words, the suite's own first. */
  function rules() {
    const found = new Map();
    for (const run of state.runs)
      for (const { metric, text } of rulesOf(run)) if (!found.has(metric)) found.set(metric, text);
    return [...found];
  }

  const rulesOf = (run) => run.right?.find(({ name }) => name === state.on)?.rules ?? [];

  // ---- how the systems fared

  /** Where a question of the list stands in a run; -1 where it was not asked. */
  function placeIn({ set }, at) {
    const of = list.sets[set];
    if (typeof of === "number") return at < of ? at : -1;
    return of[at] ?? -1;
  }

  /** The letters of each shown run under the context and rule chosen; null where it was not asked in this context. */
  const columnsOf = () =>
    state.runs.map((run) => {
      if (!run.groups.includes(state.on)) return null;
      return rulesOf(run).find(({ metric }) => metric === state.by)?.letters ?? "";
    });

  /** One letter for each shown run. */
  function lettersAt(at) {
    return state.runs.map((run, i) => {
      const place = placeIn(run, at);
      return place < 0 || columns[i] === null ? "-" : (columns[i][place] ?? "u");
    });
  }

  /** Narrows a list to questions on which the named systems are right, or are not. */
  function fits(letters) {
    const letterOf = (name) => letters[state.runs.findIndex(({ run }) => run === name)];
    if (state.right !== "" && !isRight(letterOf(state.right))) return false;
    return state.wrong === "" || (isKnown(letterOf(state.wrong)) && !isRight(letterOf(state.wrong)));
  }

  function strip(letters) {
    const { right, known } = fareOf(letters);
    const marks = letters.map((letter, i) =>
      el(
        "i",
        { class: `fate ${fateClass(letter)}`, title: `${state.runs[i].name}: ${FATES[letter][1]}` },
        FATES[letter][0],
      ),
    );
    return [
      el("span", { class: "strip", "aria-hidden": "true" }, ...marks),
      el("span", { class: "score" }, `${right} of ${known}`, el("span", { class: "unseen" }, " right")),
    ];
  }

  // ---- the list

  function select() {
    const words = wordsOf(state);
    const tagged = state.tag === "" ? undefined : new Set(tags.get(state.tag));
    const found = [];
    const counts = { all: 0, differ: 0, none: 0, every: 0 };
    const right = new Map();
    for (let at = 0; at < list.ids.length; at += 1) {
      if (tagged && !tagged.has(at)) continue;
      if (!words.every((word) => texts[at].includes(word))) continue;
      const letters = lettersAt(at);
      if (!fits(letters)) continue;
      const fare = fareOf(letters);
      counts.all += 1;
      for (const kind of ["differ", "none", "every"]) if (fare[kind]) counts[kind] += 1;
      if (state.show !== "all" && !fare[state.show]) continue;
      found.push(at);
      right.set(at, fare.known === 0 ? Number.NaN : fare.right / fare.known);
    }
    if (state.sort === "id") found.sort((a, b) => collator.compare(list.ids[a], list.ids[b]));
    else if (state.sort !== "order") {
      const sign = state.sort === "hardest" ? 1 : -1;
      const share = (at) => right.get(at);
      found.sort((a, b) => Number.isNaN(share(a)) - Number.isNaN(share(b)) || sign * (share(a) - share(b)) || a - b);
    }
    return { found, counts };
  }

  function renderList() {
    const selected = select();
    shown = selected.found;
    const systems = state.runs.map((run) => [run.run, labelOf(run)]);
    const ways = rules();
    options(
      $("on"),
      groups().map((name) => [name, name]),
      state.on,
    );
    options($("by"), ways.length === 0 ? [["", "nothing"]] : ways, state.by);
    options(
      $("tag"),
      [["", "any"], ...[...tags].map(([name, questions]) => [name, `${name} (${questions.length})`])],
      state.tag,
    );
    options($("right"), [["", "any system"], ...systems], state.right);
    options($("wrong"), [["", "any system"], ...systems], state.wrong);
    for (const id of ["tag", "right", "wrong"]) $(id).disabled = $(id).options.length < 2;
    showRows(state, selected, rowItem, "No question fits.");
  }

  const addressOf = (at) => address({ question: list.ids[at] });

  function rowItem(at) {
    const [id, text] = [outside(list.ids[at], "span", "id"), outside(list.texts[at], "span", "text")];
    return el("li", {}, el("a", { href: addressOf(at) }, id, text, ...strip(lettersAt(at))));
  }

  function renderLegend() {
    const marks = Object.entries(FATES).map(([letter, [mark, says]]) =>
      el("span", {}, el("i", { class: `fate ${fateClass(letter)}` }, mark), ` ${says}`),
    );
    const order = el("span", {}, "from left to right as under Systems");
    $("legend").replaceChildren(...marks.filter((_, i) => i !== 1), order);
  }

  const pick = (runs) => go({ runs, right: "", wrong: "", page: state.page });

  // ---- one question

  async function renderQuestion(mine) {
    const at = places.get(state.question);
    const view = $("question");
    const back = backTo(address(CLOSED), "all questions");
    if (at === undefined) {
      view.replaceChildren(back, el("h2", {}, "No such question"), outside(state.question));
      return;
    }
    const letters = lettersAt(at);
    const taken = state.runs.map((run, i) => ({ run, letter: letters[i], place: placeIn(run, at) }));
    const here = taken.filter(({ run, place }) => place >= 0 && run.groups.includes(state.on));
    const read = await Promise.all(here.map(({ run, place }) => questionOf(run.source, place)));
    // Another question, or other systems, may have been asked for meanwhile.
    if (turn !== mine) return;
    const rest = taken.filter((one) => !here.includes(one));
    const cards = here.map((one, i) => card(one, read[i], state.on));
    const other = disagreement(at);
    const differing = step(other === undefined ? undefined : addressOf(other), "next on which systems differ ›");
    const { right, known, differ } = fareOf(letters);
    const rule = rules().find(([metric]) => metric === state.by)?.[1];
    view.replaceChildren(
      pager(back, at, shown, addressOf, { next: [differing] }),
      el("h2", {}, outside(list.ids[at], "bdi", "")),
      ...(read.length > 0 ? asked(read[0]) : [outside(list.texts[at], "p", "asked outside")]),
      state.on === "retrieval"
        ? el("h3", {}, "Rankings")
        : el("h3", {}, "Answers under ", outside(state.on, "bdi", "")),
      el(
        "p",
        { class: "hint" },
        known === 0
          ? "None of the systems shown has an answer that can be told right or wrong."
          : `${right} of ${known} systems right by ${rule}${differ ? "" : ": they agree"}.`,
        " ",
        read.some(({ retrieval }) => retrieval) && button("show the passages of all", () => openAll(view)),
      ),
      el("div", { class: "answers across" }, ...cards),
      ...notAsked(rest),
      keys(),
    );
    document.title = visible(`${list.ids[at]} · ${baseTitle}`);
  }

  function keys() {
    const said = [
      ["j", "next"],
      ["k", "previous"],
      ["n", "next on which systems differ"],
      ["p", "passages of all"],
      ["Esc", "all questions"],
    ];
    return el("p", { class: "hint keys" }, ...said.flatMap(([key, does]) => [el("kbd", {}, key), ` ${does} `]));
  }

  function button(label, act) {
    const made = el("button", { type: "button" }, label);
    made.addEventListener("click", act);
    return made;
  }

  /** The next question of the list on which the shown systems differ. */
  function disagreement(at) {
    for (let i = shown.indexOf(at) + 1; i < shown.length; i += 1) {
      if (fareOf(lettersAt(shown[i])).differ) return shown[i];
    }
    return undefined;
  }

  // ---- putting it together

  const render = () => show().catch(complain);

  async function show() {
    const mine = ++turn;
    read();
    await Promise.all(
      state.runs.map(async (run) => {
        run.right ??= await load("right", run.data);
      }),
    );
    if (turn !== mine) return;
    const ways = rules();
    if (!ways.some(([metric]) => metric === state.by)) state.by = ways[0]?.[0] ?? "";
    columns = columnsOf();
    const open = state.question !== "";
    for (const id of ["overview", "list"]) $(id).hidden = open;
    $("question").hidden = !open;
    for (const id of ["systems", "view"]) $(id).hidden = false;
    chooser.show(state.runs, (run) => rulesOf(run).find(({ metric }) => metric === state.by));
    renderList();
    if (open) await renderQuestion(mine);
    else document.title = baseTitle;
  }

  function complain(error) {
    $("question").replaceChildren(el("p", { class: "note" }, error.message));
    $("question").hidden = false;
  }

  function openAt(at) {
    if (at !== undefined) location.hash = addressOf(at);
  }

  load("list").then((value) => {
    list = value;
    places = new Map(list.ids.map((id, at) => [id, at]));
    texts = list.ids.map((id, at) => `${id} ${list.texts[at]}`.toLowerCase());
    tags = new Map(list.tags.map(({ name, questions }) => [name, questions]));
    for (const run of list.runs) {
      const own = run.groups.map((name) => ({ name, metrics: [] }));
      run.source = { per: list.per, folder: run.data, trials: run.trials, groups: own };
    }
    usual = list.runs.filter(({ older }) => !older).slice(0, FIRST);
    $("asked").textContent = list.ids.length.toLocaleString("en").replaceAll(",", "\u202f");
    chooser = systemChooser($("systems"), { runs: list.runs, usual, pick });
    renderLegend();
    render();
    const isOpen = () => state.question !== "";
    listen({
      ...{ view: () => state, address, go, render, closed: CLOSED },
      selects: { on: { by: "" }, by: {}, tag: {}, right: {}, wrong: {}, sort: {} },
      neighbour: (by) => openAt(beside(places.get(state.question), shown, by)),
      other(key) {
        if (key === "n") openAt(disagreement(isOpen() ? places.get(state.question) : entryInFocus(state, shown)));
        else if (key === "p" && isOpen()) openAll($("question"));
      },
    });
  }, complain);
})();
