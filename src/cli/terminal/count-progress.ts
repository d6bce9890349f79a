import { clearLine, cursorTo } from "node:readline";
import { truncate } from "../../lib/text.ts";
import type { Deps } from "../deps.ts";
import { line } from "../deps.ts";

/** Milliseconds between two displays: in place where a person watches, else lines. */
const EVERY = { watched: 100, plain: 10_000 };

/** Shows how far work is whose end is not known: a line of counts. */
export interface CountProgress {
  /** @param text what was done so far; printed as it is */
  update(text: string): void;
  /** Takes the display away. */
  stop(): void;
}

/** A line that is rewritten in place when a person watches, one every ten seconds when none does, nothing when quiet. */
export function countProgress(quiet: boolean, { stderr, clock }: Pick<Deps, "stderr" | "clock">): CountProgress {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  const { stream, interactive } = stderr;
  const watched = interactive ? stream : undefined;
  let last = clock.monotonic() - (watched ? EVERY.watched : 0);
  let drawn = false;
  const clear = (): void => {
    if (!watched || !drawn) return;
    cursorTo(watched, 0);
    clearLine(watched, 0);
    drawn = false;
  };
  return {
    update(text) {
      if (clock.monotonic() - last < (watched ? EVERY.watched : EVERY.plain)) return;
      last = clock.monotonic();
      if (!watched) return line(stderr, text);
      clear();
      stderr.write(truncate(text, (stderr.columns ?? 80) - 1));
      drawn = true;
    },
    stop: clear,
  };
}
