import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Manifest } from "../../runlog/index.ts";
import type { AnswerPrints } from "./answer-prints.ts";
import { answerSource, type SameAnswerPair, sameAnswerPairs } from "./same-answer-pairs.ts";

const FILE = "prints.bin";

/** The prints of the answers of a site's runs. They lie beside the runs' pages, also those of an earlier build, and are held a table at a time. */
export class KeptPrints {
  readonly #of = new Map<string, { readonly file: string; readonly source: string | undefined }>();

  /** Writes those of a run into the folder of its page's data. */
  async add(manifest: Manifest, folder: string, prints: AnswerPrints): Promise<void> {
    await writeFile(join(folder, FILE), serialize(prints));
    this.#know(manifest, folder);
  }

  /** Those of a run whose page is kept. @returns whether they are there */
  async restore(manifest: Manifest, folder: string): Promise<boolean> {
    const there = await access(join(folder, FILE)).then(
      () => true,
      () => false,
    );
    if (there) this.#know(manifest, folder);
    return there;
  }

  #know({ run, system }: Manifest, folder: string): void {
    this.#of.set(run, { file: join(folder, FILE), source: answerSource(system.config) });
  }

  /** The pairs that are to be flagged among runs of one suite and protocol, by their names. */
  async pairsOf(runs: Iterable<string>): Promise<SameAnswerPair[]> {
    const printed = [];
    for (const run of runs) {
      const known = this.#of.get(run);
      if (known === undefined) continue;
      printed.push({ run, source: known.source, prints: deserialize(await readFile(known.file)) as AnswerPrints });
    }
    return sameAnswerPairs(printed);
  }
}
