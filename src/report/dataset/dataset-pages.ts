import { fileNameOf } from "../../lib/text.ts";
import type { Manifest, Run } from "../../runlog/index.ts";
import { datasetFacts } from "./dataset-facts.ts";
import { datasetView } from "./dataset-view.ts";

type Named = Pick<Manifest["dataset"], "id" | "split" | "sha256">;

/** A card of the site: one version of one split of a dataset. */
export interface DatasetPage {
  readonly path: string;
  /** That asked it, the one that asked most of it first. */
  readonly runs: readonly [Run, ...Run[]];
  readonly view: () => Promise<ReturnType<typeof datasetView>>;
}

/** A card for everything that finished runs asked. */
export function datasetPages(runs: readonly Run[]): DatasetPage[] {
  const found = new Map<string, [Run, ...Run[]]>();
  for (const run of runs) {
    if (run.state !== "complete") continue;
    const path = datasetPath(run.manifest.dataset);
    const others = found.get(path);
    if (others) others.push(run);
    else found.set(path, [run]);
  }
  return Array.from(found, ([path, members]) => {
    // With a card before one without, as older logs are.
    const known = (run: Run): number => run.manifest.dataset.queries + (run.manifest.dataset.card ? 0.5 : 0);
    const ordered = members.sort((a, b) => known(b) - known(a));
    return { path, runs: ordered, view: async () => datasetView(ordered, await datasetFacts(ordered[0])) };
  });
}

/** Where the card of a dataset stands in the site. */
export function datasetPath(dataset: Named): string {
  return ["datasets", ...partsOf(dataset)].join("/");
}

/** The path as an address: the % of an escaped file name is itself escaped. */
export function datasetHref(dataset: Named): string {
  return ["datasets", ...partsOf(dataset).map(encodeURIComponent)].join("/");
}

function partsOf({ id, split, sha256 }: Named): string[] {
  return [fileNameOf(id), `${fileNameOf(`${split}-${sha256.slice(0, 8)}`)}.html`];
}
