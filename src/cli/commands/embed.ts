import { defineCommand, flag } from "../command.ts";
import { line } from "../deps.ts";
import { suiteFlag } from "./common-flags.ts";

export const embed = defineCommand({
  details: [
    "Vectors are kept in .cache/ under the encoder's and the text's content: what was encoded once, by whichever system, is not",
    "encoded again. An interrupted command goes on where it was.",
  ].join("\n"),
  args: [{ name: "<system>", summary: "a system with a retriever" }],
  options: {
    ...suiteFlag,
    quiet: flag("-q, --quiet", "no progress"),
  },
  examples: [{ command: "bench embed hybrid", says: "encodes what is new with progress, and saves the index" }],
  async run([name], { suite, quiet }, deps) {
    const { EXIT } = await import("../../core/errors.ts");
    const { buildSystem } = await import("../../system/index.ts");
    const { openJob } = await import("../job/prepare-job.ts");
    const { startProgress } = await import("../terminal/progress.ts");
    const { systemWorld } = await import("../job/system-world.ts");
    const { project, dataset, fingerprint, systems } = await openJob({ suite, system: [name!] }, deps);
    const progress = startProgress(systems[0]!.id, quiet, deps);
    let done = 0;
    let encoded: number | undefined;
    try {
      const built = await buildSystem(systems[0]!, {
        passages: () => dataset.passages(),
        corpusSha256: fingerprint.corpusSha256,
        ...systemWorld(project.cache, deps),
        onProgress: (step) => {
          done = step.done;
          encoded = step.embedded ?? encoded;
          const counts = { failed: 0, refused: 0, inFlight: 0, retries: 0 };
          progress.update({ done, total: fingerprint.passages, ...counts });
        },
      });
      progress.stop();
      for (const note of built.notes()) line(deps.stderr, note);
      await built.close();
    } finally {
      progress.stop();
    }
    const now = encoded === undefined ? "" : `${encoded} encoded now, `;
    const made = done === 0 ? "its index was there already" : `${now}index saved`;
    line(deps.stdout, `${systems[0]!.id}: ${fingerprint.passages} passages of ${dataset.id}, ${made}`);
    return EXIT.ok;
  },
});
