// What systems made of a question, side by side: how each fared, and a card with its answer. Texts come from the pieces beside the
// pages of the runs.
(() => {
  const { el, outside, resultBody, failureText, outcomeTable, passagesOf, passageList } = plumbline;
  const FATES = {
    y: ["✓", "right"],
    d: ["✓", "declined, rightly: the documents hold no answer"],
    n: ["✗", "wrong"],
    r: ["○", "refused"],
    f: ["!", "failed"],
    u: ["?", "not scored"],
    "-": ["—", "not asked"],
  };
  const isRight = (letter) => letter === "y" || letter === "d";
  const isKnown = (letter) => letter !== "-" && letter !== "u";

  function fareOf(letters) {
    const known = letters.filter(isKnown).length;
    const right = letters.filter(isRight).length;
    return {
      known,
      right,
      differ: right > 0 && right < known,
      none: known > 0 && right === 0,
      every: known > 0 && right === known,
    };
  }

  const fateClass = (letter) =>
    isRight(letter) ? "right" : ({ n: "wrong", f: "failed", r: "refused" }[letter] ?? "unknown");

  /** Runs of one system are told apart by their day. */
  const labelOf = ({ name, at, older }) => (older ? `${name} (${at})` : name);

  /** What one system made of the question. @param on the context */
  function card({ run, letter }, question, on) {
    const { retrieval, retrievalFailure } = question;
    const results = question.results.filter(({ condition }) => condition === on);
    const [mark, says] = FATES[letter];
    const link = el("a", { href: `${run.page}#${new URLSearchParams({ on, question: question.id })}` });
    link.append(outside(labelOf(run), "bdi", ""));
    const body =
      on === "retrieval"
        ? retrievalFailure
          ? failureText(retrievalFailure)
          : retrieval && [outcomeTable(run.source, retrieval.outcomes)]
        : results.flatMap((result) => [
            results.length > 1 && el("h5", {}, `trial ${result.trial + 1}`),
            ...resultBody(run.source, result),
          ]);
    return el(
      "section",
      { class: letter === "f" ? "card failure" : "card" },
      el(
        "h4",
        {},
        link,
        el("span", { class: `mark ${fateClass(letter)}`, title: says }, `${mark} ${says.split(",")[0]}`),
      ),
      ...(body ?? []).filter(Boolean),
      ...(retrieval ? [passagesOfOne(run.source, question)] : []),
    );
  }

  /** Retrieved passages, loaded when they are opened. */
  function passagesOfOne(source, question) {
    const { retrieval, retrievalFailure, gold } = question;
    const grades = new Map(gold.map(([id, grade]) => [id, grade]));
    const rank = retrieval.hits.findIndex(([id]) => grades.has(id)) + 1;
    const found = gold.length === 0 ? "" : rank > 0 ? `, gold at ${rank}` : ", gold not among them";
    const count = `${retrieval.retrieved} ${retrieval.retrieved === 1 ? "passage" : "passages"} retrieved${found}`;
    const box = el("details", { class: "retrieved" }, el("summary", {}, count));
    box.addEventListener("toggle", async () => {
      if (!box.open || box.childElementCount > 1) return;
      const loading = el("p", { class: "hint" }, "loading …");
      box.append(loading);
      try {
        const passages = await passagesOf(source, question, retrieval);
        loading.replaceWith(
          el("div", {}, ...passageList(source, question, retrieval, retrievalFailure, passages, "h5")),
        );
      } catch (error) {
        loading.textContent = error.message;
      }
    });
    return box;
  }

  function notAsked(rest) {
    if (rest.length === 0) return [];
    const names = rest.flatMap(({ run }, i) => [i > 0 ? ", " : "", outside(labelOf(run), "bdi", "")]);
    return [el("p", { class: "hint" }, "— Not asked this in this context: ", ...names, ".")];
  }

  function openAll(view) {
    const boxes = [...view.querySelectorAll("details.retrieved")];
    const open = !boxes.every((box) => box.open);
    for (const box of boxes) box.open = open;
  }

  Object.assign(plumbline, { FATES, isRight, isKnown, fareOf, fateClass, labelOf, card, notAsked, openAll });
})();
