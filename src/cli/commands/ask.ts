import { UsageError } from "../../core/errors.ts";
import { defineCommand, flag, optional, value } from "../command.ts";
import { choice, integer, text } from "../terminal/parse-value.ts";

export const ask = defineCommand({
  details: [
    "Nothing is logged and nothing scored. Times are of this one call: the first question to a server is often its slowest.",
    "The exit code is 4 when the system has no answer.",
  ].join("\n"),
  args: [{ name: "<question>", summary: "the question" }],
  options: {
    system: optional("-s, --system <id>", "the system (required)", text),
    dataset: optional("-d, --dataset <id>", "whose passages are searched; the suite's when left out", text),
    suite: optional(
      "-b, --suite <id>",
      "whose dataset and refusal detector; may be left out where there is only one",
      text,
    ),
    topk: value("-k, --topk <k>", "how many passages are found and given to the generator", integer(1, 1000), 3),
    closedBook: flag("--closed-book", "give the generator no passages"),
    full: flag("--full", "show passages whole"),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    { command: 'bench ask --system bm25-reader "What is nDCG?"', says: "three passages and the answer" },
    { command: 'bench ask -s raft-8b -k 7 --full "What is nDCG?"', says: "seven passages, shown whole" },
    {
      command: 'bench ask -s raft-8b --closed-book --format json "What is nDCG?"',
      says: "what the model knows itself",
    },
  ],
  async run([question], options, deps) {
    const { system } = options;
    if (system === undefined || question!.trim() === "") {
      const [where, fix] =
        system === undefined
          ? ["--system", "name one: --system bm25-reader"]
          : ["<question>", 'write it in quotes: "What is nDCG?"'];
      throw new UsageError({ code: "E_USAGE", where, expected: "a value", got: "nothing", fix });
    }
    const { askSystem } = await import("../system/ask-system.ts");
    return askSystem(question!, { ...options, system }, deps);
  },
});
