import type { Clock } from "../../core/contracts.ts";

/**
 * Divides the time of one machine among the calls that it works on: each moment is shared equally by those in flight. The
 * shares of all calls add up to the time in which at least one was in flight, whatever the concurrency.
 *
 * Kept as the integral of 1 / (calls in flight), of which a call's share is the difference between its end and its begin.
 */
export class MachineTime {
  readonly #clock: Clock;
  #integral = 0;
  #inFlight = 0;
  #at = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns what {@link end} is to be given */
  begin(): number {
    this.#advance();
    this.#inFlight += 1;
    return this.#integral;
  }

  /** @returns the call's share in milliseconds */
  end(begun: number): number {
    this.#advance();
    this.#inFlight -= 1;
    return this.#integral - begun;
  }

  #advance(): void {
    const now = this.#clock.monotonic();
    if (this.#inFlight > 0) this.#integral += (now - this.#at) / this.#inFlight;
    this.#at = now;
  }
}
