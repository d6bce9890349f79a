import { AnswerCache } from "../answer-cache.ts";

/**
 * A process that reads and writes a cache others use at the same time.
 * Usage: node cache-process.js FOLDER RUN KEYS ROUNDS. Every found answer must be whole and the one of its key. Prints
 * `ready`, waits for a line on its input, then prints how many it found and how many it wrote.
 */
const [folder = "", run = "", keys = "0", rounds = "0"] = process.argv.slice(2);
const cache = new AnswerCache(folder);
const at = "2026-05-31T00:00:00.000Z";
let found = 0;
let written = 0;
process.stdout.write("ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
for (let round = 0; round < Number(rounds); round += 1) {
  for (let key = 0; key < Number(keys); key += 1) {
    const kept = await cache.get(`k${key}`);
    if (kept !== undefined) {
      if (kept.answer.text !== `answer ${key}`.repeat(100)) throw new Error(`k${key} holds ${kept.answer.text}`);
      found += 1;
    }
    if (kept !== undefined && (key + round) % 3 !== 0) continue;
    const answer = { text: `answer ${key}`.repeat(100), finish: "stop" };
    await cache.put(`k${key}`, { answer, from: { run, at } });
    written += 1;
    if ((key + round) % 7 === 0) await cache.remove(`k${(key + 1) % Number(keys)}`);
  }
}
process.stdout.write(`${JSON.stringify({ found, written })}\n`);
process.stdin.destroy();
