import { defineCommand, value } from "../command.ts";
import { line } from "../deps.ts";
import { choice, integer, openFraction } from "../terminal/parse-value.ts";

export const datasetDuplicates = defineCommand({
  args: [{ name: "<dataset>", summary: "its id in datasets/, or a folder" }],
  options: {
    threshold: value("--threshold <fraction>", "how alike two passages of a group are at least", openFraction, 0.8),
    shingle: value("--shingle <n>", "words of a shingle", integer(1, 20), 3),
    limit: value("--limit <n>", "how many groups are printed", integer(0), 20),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [{ command: "bench dataset duplicates handbook", says: "the groups at .8, largest first" }],
  async run([name], { threshold, shingle, limit, format }, { cwd, stdout }) {
    const { EXIT } = await import("../../core/errors.ts");
    const { nearDuplicates, openDataset } = await import("../../dataset/index.ts");
    const { printable, truncate } = await import("../../lib/text.ts");
    const { datasetFolder } = await import("../dataset/dataset-folder.ts");
    const found = await nearDuplicates(await openDataset(await datasetFolder(name!, cwd)), { threshold, shingle });
    if (format === "json") {
      line(stdout, JSON.stringify(found, null, 2));
      return EXIT.ok;
    }
    line(stdout, `${found.passages} passages, ${found.distinctTexts} distinct texts`);
    const near = found.near.toSorted((a, b) => b.passages.length - a.passages.length);
    const inGroups = near.reduce((n, group) => n + group.passages.length, 0);
    line(stdout, `${near.length} groups of passages at least ${threshold} alike, ${inGroups} passages in them`);
    for (const { passages, similarity } of near.slice(0, limit)) {
      line(stdout, `  ${similarity.toFixed(2)}  ${truncate(printable(passages.join(", ")), 140)}`);
    }
    if (near.length > limit) line(stdout, `  … and ${near.length - limit} more groups; --limit shows them`);
    return EXIT.ok;
  },
});
