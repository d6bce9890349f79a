import type { AnswerRequest, Clock, Generator } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import type { LoadRequest } from "../../runlog/load-record.ts";

/** When a request was to be sent, on the clock's monotonic time and in the step's measured window. */
export interface Due {
  readonly time: number;
  readonly atMs: number;
}

/**
 * Sends one request and times it from the moment it was due.
 * @throws the signal's reason when it is aborted; whatever is not a SystemFailure
 */
export async function timeCall(
  generator: Generator,
  request: AnswerRequest,
  due: Due,
  clock: Clock,
  signal: AbortSignal,
): Promise<LoadRequest> {
  const { time, atMs } = due;
  const since = (moment: number): number => round(moment - time);
  const common = { atMs: round(atMs), lateMs: Math.max(0, since(clock.monotonic())) };
  let pieces = 0;
  let [first, last, longest] = [0, 0, 0];
  const onToken = (): void => {
    const now = clock.monotonic();
    if (pieces === 0) first = now;
    else longest = Math.max(longest, now - last);
    last = now;
    pieces += 1;
  };
  try {
    const { usage, finish } = await generator.answer({ ...request, onToken }, signal);
    const endMs = since(clock.monotonic());
    // A piece may hold several tokens, or none that is text: the server's own count is the better one.
    const tokens = usage?.completionTokens ?? (pieces > 0 ? pieces : undefined);
    return {
      state: "answered",
      ...common,
      ...(pieces > 0 && { firstTokenMs: since(first) }),
      endMs,
      ...(tokens !== undefined && { tokens }),
      ...(usage && { promptTokens: usage.promptTokens }),
      ...(usage?.cachedPromptTokens !== undefined && { cachedPromptTokens: usage.cachedPromptTokens }),
      ...(pieces > 1 && tokens !== undefined && tokens > 1 && { tokenGapMs: round((last - first) / (tokens - 1)) }),
      ...(pieces > 1 && { longestGapMs: round(longest) }),
      finish,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SystemFailure)) throw error;
    return { state: "failed", ...common, endMs: since(clock.monotonic()), code: error.code };
  }
}

/** To the microsecond, so that files stay small. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
