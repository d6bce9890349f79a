import { defineCommand } from "../command.ts";

export const cacheShow = defineCommand({
  details: [
    "Answers of endpoints are kept in .cache/answers and shared by all runs: a request that was answered once is not paid for",
    "again. A kept answer is never counted as measured: it has no latency and no cost. Deleting the folder is safe.",
  ].join("\n"),
  options: {},
  examples: [{ command: "bench cache show", says: "the size of the cache and the runs that filled it" }],
  async run(_, __, deps) {
    const { showCache } = await import("../run/cache.ts");
    return showCache(deps);
  },
});
