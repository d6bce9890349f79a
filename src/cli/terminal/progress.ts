import cliProgress from "cli-progress";
import { printable, truncate } from "../../lib/text.ts";
import type { Progress as RunProgress } from "../../run/index.ts";
import type { Deps } from "../deps.ts";
import { line } from "../deps.ts";

/** How far a long piece of work is, a run or another. */
export interface Step extends RunProgress {
  /** Calls that wait for their turn, and what for. */
  readonly waiting?: { readonly calls: number; readonly reason: string };
}

/** Shows how a long piece of work goes on, on standard error. */
export interface Progress {
  update(step: Step): void;
  /** Takes the display away. */
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** Milliseconds between two lines where the display is no terminal. */
const PLAIN_EVERY = 10_000;

/**
 * A bar that is redrawn in place when a person watches, a line every ten seconds when none does (a pipe, `CI`), nothing
 * when quiet. Rate and time left count what was done in this process, not what a resumed run had done before.
 */
export function startProgress(
  title: string,
  quiet: boolean,
  { stderr, clock }: Pick<Deps, "stderr" | "clock">,
): Progress {
  if (quiet) return SILENT;
  const started = clock.monotonic();
  let first: number | undefined;
  const rate = (step: Step): number => {
    first ??= step.done;
    return (step.done - first) / Math.max(0.001, (clock.monotonic() - started) / 1000);
  };
  if (!stderr.interactive || !stderr.stream) {
    let last = started;
    return {
      ...SILENT,
      update(step) {
        const speed = rate(step);
        if (clock.monotonic() - last < PLAIN_EVERY) return;
        last = clock.monotonic();
        line(stderr, `${title}: ${describeStep(step, speed)}`);
      },
    };
  }
  const bar = new cliProgress.SingleBar({
    format: "{title} {bar} {text}",
    stream: stderr.stream,
    hideCursor: true,
    clearOnComplete: true,
    barsize: Math.max(6, Math.min(24, (stderr.columns ?? 80) - 70)),
    barCompleteChar: "█",
    barIncompleteChar: "░",
    gracefulExit: false,
  });
  const shown = truncate(printable(title), 24);
  let running = false;
  return {
    update(step) {
      const payload = { title: shown, text: describeStep(step, rate(step)) };
      if (!running) bar.start(step.total, step.done, payload);
      else bar.update(step.done, payload);
      running = true;
    },
    stop() {
      if (running) bar.stop();
    },
  };
}

function describeStep(step: Step, speed: number): string {
  const { done, total, failed, refused, inFlight, retries, usd, score, waiting } = step;
  const left = speed > 0 ? duration((total - done) / speed) : "?";
  const rate = speed >= 10 ? speed.toFixed(0) : speed.toFixed(1);
  const again = retries > 0 ? `  ${retries} retries` : "";
  const mean = score === undefined ? "" : `  ${score.metric} ${score.mean.toFixed(3)}`;
  const cost = usd === undefined ? "" : `  ${usd.toFixed(2)} USD`;
  const held = waiting === undefined ? "" : `  ${waiting.calls} waiting for ${waiting.reason}`;
  return `${done}/${total}  ${rate}/s${mean}  ${failed} failed  ${refused} refused  ${inFlight} in flight${again}${cost}${held}  ${left} left`;
}

/** Seconds as people read them: `4 s`, `2:05`, `1:02:05`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const parts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((p, i) => (i === 0 ? String(p) : String(p).padStart(2, "0"))).join(":");
}
