import { expect, it } from "vitest";
import type { Pace } from "../../system/pace/pacer.ts";
import { startPacedProgress } from "./paced-progress.ts";

const STEP = { done: 2, total: 9, failed: 0, refused: 0, inFlight: 1, retries: 0 };

it("says anew what calls wait for while no result comes, until it is stopped", async () => {
  let text = "";
  let now = 0;
  const stderr = { write: (part: string) => (text += part), interactive: false, columns: 100, colour: false };
  let pace: readonly Pace[] = [{ waiting: 0, limit: 4 }];
  const progress = startPacedProgress("judge", false, () => pace, {
    stderr,
    clock: { now: () => now, monotonic: () => now },
  });
  progress.update(STEP);
  expect(text).toBe("");
  now = 20_000;
  pace = [{ waiting: 3, limit: 4, reason: "the budget of 5 requests a minute" }];
  await expect.poll(() => text, { timeout: 20_000 }).toMatch(/judge: .*3 .*the budget of 5 requests a minute/);
  progress.stop();
  const said = text;
  now = 60_000;
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(text).toBe(said);
});

it("shows nothing when quiet, nor before there is anything to show", () => {
  const stderr = { write: () => expect.unreachable("wrote"), interactive: false, columns: 100, colour: false };
  const progress = startPacedProgress("judge", true, () => [], {
    stderr,
    clock: { now: () => 0, monotonic: () => 0 },
  });
  progress.update(STEP);
  progress.stop();
});
