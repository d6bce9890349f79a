import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { exportTrecRun } from "./export-trec-run.ts";
import { retrieval, writeRun } from "./testing/made-log.ts";

describe("exportTrecRun", () => {
  it("writes the six columns of a TREC run", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"), [retrieval("__proto__")]);
    const lines: string[] = [];
    for await (const line of exportTrecRun(join(folder, "r"))) lines.push(line);
    expect(lines).toEqual([
      "__proto__ Q0 p1 1 3.5 tiny-made-1",
      "__proto__ Q0 p2 2 2.25 tiny-made-1",
      "__proto__ Q0 p3 3 1 tiny-made-1",
      "__proto__ Q0 constructor 4 0.5 tiny-made-1",
    ]);
  });

  it("refuses ids that would break its columns", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"), [retrieval("__proto__", { ranking: [["a b", 1]] })]);
    await expect(exportTrecRun(join(folder, "r")).next()).rejects.toMatchObject({
      code: "E_TREC_ID",
      problems: [{ got: '"a b"' }],
    });
  });
});
