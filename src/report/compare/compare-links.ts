import type { Comparison } from "../../gate/index.ts";
import { compareHref } from "./compare-pages.ts";

type Compared = Pick<Comparison, "suite" | "protocol" | "baseline" | "candidate">;

/** The pages of two runs, as the leaderboard leads to them. */
export class CompareLinks {
  readonly #comparisons: Compared[] = [];

  add({ suite, protocol, baseline, candidate }: Compared): void {
    this.#comparisons.push({ suite, protocol, baseline, candidate });
  }

  /** The pages of one table: a line per baseline, with those compared with it. */
  of(suite: string, protocol: string) {
    const lines = new Map<string, { name: string; candidates: { name: string; href: string }[] }>();
    for (const compared of this.#comparisons) {
      if (compared.suite !== suite || compared.protocol !== protocol) continue;
      const { baseline, candidate } = compared;
      const line = lines.get(baseline.run) ?? { name: baseline.title ?? baseline.system, candidates: [] };
      line.candidates.push({ name: candidate.title ?? candidate.system, href: compareHref(compared) });
      lines.set(baseline.run, line);
    }
    return [...lines.values()];
  }
}
