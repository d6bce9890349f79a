import { describe, expect, it } from "vitest";
import { limiter } from "./limiter.ts";

const signal = new AbortController().signal;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("limiter", () => {
  it("runs at most so many calls at once, in their order, and all of them", async () => {
    const limit = limiter(3);
    let [running, most] = [0, 0];
    const started: number[] = [];
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        limit(async () => {
          started.push(n);
          most = Math.max(most, ++running);
          await pause(n % 3);
          running -= 1;
          return n;
        }, signal),
      ),
    );
    expect(most).toBe(3);
    expect(started).toEqual(results);
  });

  it("goes on after calls that fail", async () => {
    const limit = limiter(1);
    const failing = limit(() => Promise.reject(new Error("no")), signal);
    const next = limit(async () => "yes", signal);
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });

  it("lets a waiting call go when it is aborted, without using its turn", async () => {
    const limit = limiter(1);
    const controller = new AbortController();
    let free = (): void => undefined;
    const first = limit(() => new Promise<void>((resolve) => (free = resolve)), signal);
    let called = false;
    const second = limit(async () => {
      called = true;
    }, controller.signal);
    const third = limit(async () => "third", signal);
    controller.abort(new Error("interrupted"));
    await expect(second).rejects.toThrow("interrupted");
    free();
    await first;
    expect(await third).toBe("third");
    expect(called).toBe(false);
  });
});
