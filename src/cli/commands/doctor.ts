import { defineCommand } from "../command.ts";
import { line } from "../deps.ts";

export const doctor = defineCommand({
  options: {},
  examples: [
    {
      command: "bench doctor",
      says: "a line per thing, with how to get what is missing; exits 3 when a file is wrong",
    },
  ],
  async run(_, _options, deps) {
    const { examine } = await import("../project/examine.ts");
    const { EXIT } = await import("../../core/errors.ts");
    const findings = await examine(deps);
    for (const { state, what, fix } of findings) {
      line(deps.stdout, `${state.padEnd(7)}  ${what}${fix === undefined ? "" : `\n         fix: ${fix}`}`);
    }
    return findings.some(({ state }) => state === "wrong") ? EXIT.data : EXIT.ok;
  },
});
