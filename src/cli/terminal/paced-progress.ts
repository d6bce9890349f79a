import type { Pace } from "../../system/pace/pacer.ts";
import type { Deps } from "../deps.ts";
import { type Progress, type Step, startProgress } from "./progress.ts";

const SHOW_EVERY_MS = 1000;

/**
 * As `startProgress`, for work that asks endpoints: shows what holds calls back. While calls wait for a budget no result comes, and
 * a display that stands still looks dead, so that it is shown anew every second.
 */
export function startPacedProgress(
  title: string,
  quiet: boolean,
  pace: () => readonly Pace[],
  deps: Pick<Deps, "stderr" | "clock">,
): Progress {
  const progress = startProgress(title, quiet, deps);
  let last: Step | undefined;
  const show = (): void => {
    if (last === undefined) return;
    const held = pace().find(({ waiting, reason }) => waiting > 0 && reason !== undefined);
    progress.update({ ...last, ...(held && { waiting: { calls: held.waiting, reason: held.reason! } }) });
  };
  const timer = setInterval(show, SHOW_EVERY_MS);
  return {
    update(step) {
      last = step;
      show();
    },
    stop() {
      clearInterval(timer);
      progress.stop();
    },
  };
}
