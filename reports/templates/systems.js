// The choice of the systems that a page shows, with how often each is right.
(() => {
  const { el, outside, isRight, isKnown, labelOf } = plumbline;

  /**
   * @param box the element of the choice
   * @param runs all runs, the best first @param usual those shown when none are chosen @param pick called with the runs chosen
   * @returns show: takes the runs that are shown, and the rule (letters by question) that each is right by
   */
  function systemChooser(box, { runs, usual, pick }) {
    const find = box.querySelector("input[type=search]");
    let shown = [];
    let ruleOf = () => undefined;

    function render() {
      box.querySelector("summary").textContent = `Systems: ${shown.length} of ${runs.length} shown`;
      const wanted = find.value.toLowerCase();
      const held = document.activeElement?.closest(".systems input")?.value;
      const items = runs.filter((run) => labelOf(run).toLowerCase().includes(wanted)).map(item);
      box.querySelector(".systems").replaceChildren(...items);
      // Who ticks by keyboard goes on from there.
      if (held !== undefined) [...box.querySelectorAll(".systems input")].find(({ value }) => value === held)?.focus();
    }

    function item(run) {
      const tick = el("input", { type: "checkbox", value: run.run });
      tick.checked = shown.includes(run);
      return el("li", {}, el("label", {}, tick, " ", outside(labelOf(run), "bdi", ""), el("small", {}, shareOf(run))));
    }

    /** In words; counted once for each rule. */
    function shareOf(run) {
      const rule = ruleOf(run);
      if (rule === undefined) return "";
      if (rule.share === undefined) {
        const letters = [...rule.letters].filter(isKnown);
        rule.share = letters.length === 0 ? "" : `${letters.filter(isRight).length} of ${letters.length} right`;
      }
      return rule.share;
    }

    find.addEventListener("input", render);
    box.addEventListener("change", ({ target }) => {
      if (target.type !== "checkbox") return;
      pick(runs.filter((run) => (run.run === target.value ? target.checked : shown.includes(run))));
    });
    const sets = { best: () => usual, all: () => runs.filter(({ older }) => !older), none: () => [] };
    for (const choice of box.querySelectorAll("[data-pick]")) {
      choice.addEventListener("click", () => pick(sets[choice.dataset.pick]()));
    }
    box.querySelector("[data-pick=best]").textContent = `best ${usual.length}`;
    return {
      show(chosen, ruleFor) {
        shown = chosen;
        ruleOf = ruleFor;
        render();
      },
    };
  }

  Object.assign(plumbline, { systemChooser });
})();
