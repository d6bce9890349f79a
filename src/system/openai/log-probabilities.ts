/**
 * The log probabilities of the tokens of one reply. Chat completions give them as `{content: [{logprob}]}`, also of a refusal;
 * completions as `{token_logprobs: [number]}`, and some servers in the chat form. In a stream each part has those of its own.
 */
export class LogProbabilities {
  #sum = 0;
  #count = 0;

  /** @param logprobs a choice's `logprobs`, whatever a server put there */
  add(logprobs: unknown): void {
    if (logprobs === null || typeof logprobs !== "object") return;
    const { content, refusal, token_logprobs } = logprobs as Readonly<Record<string, unknown>>;
    for (const token of [...listOf(content), ...listOf(refusal)]) {
      this.#take((token as { logprob?: unknown } | null)?.logprob);
    }
    for (const value of listOf(token_logprobs)) this.#take(value);
  }

  /** The mean of ln p over the tokens, at most 0; undefined when none came. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  #take(value: unknown): void {
    // The first token of an echoed prompt has none, and rounding may put a sure one a little above 0.
    if (typeof value !== "number" || !Number.isFinite(value)) return;
    this.#sum += Math.min(0, value);
    this.#count += 1;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
