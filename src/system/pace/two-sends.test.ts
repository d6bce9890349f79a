import { describe, expect, it } from "vitest";
import { type TwoSends, twoSends } from "./two-sends.ts";

/** A request that is answered or fails when told, and notices that it is cut off. */
function request() {
  let answer: (value: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  let begin: () => void = () => undefined;
  let [cut, whole] = [false, false];
  const send = (signal: AbortSignal, begun: () => void = () => undefined): Promise<string> =>
    new Promise((resolve, reject) => {
      answer = (value) => {
        whole = true;
        resolve(value);
      };
      [fail, begin] = [reject, begun];
      signal.addEventListener("abort", () => {
        cut = !whole;
        reject(signal.reason);
      });
    });
  return {
    send,
    answer: (value: string) => answer(value),
    fail: (message: string) => fail(new Error(message)),
    begin: () => begin(),
    cut: () => cut,
  };
}

const tick = (): Promise<void> => new Promise(setImmediate);

function sending(options: Partial<TwoSends<string>> = {}) {
  const [one, two] = [request(), request()];
  let over: () => void = () => undefined;
  let asked = 0;
  const result = twoSends({
    first: one.send,
    second: () => {
      asked += 1;
      return two.send;
    },
    wait: () =>
      new Promise((resolve) => {
        over = resolve;
      }),
    signal: new AbortController().signal,
    ...options,
  });
  result.catch(() => undefined);
  const wait = async (): Promise<void> => {
    over();
    await tick();
  };
  return { one, two, result, wait, asked: () => asked };
}

describe("twoSends", () => {
  it("sends once what is answered in time", async () => {
    const { one, result, asked } = sending();
    one.answer("8K");
    expect(await result).toEqual({ value: "8K", twice: false });
    expect(asked()).toBe(0);
  });

  it("sends once what has begun in time, however long its end takes", async () => {
    const { one, result, wait, asked } = sending();
    one.begin();
    await wait();
    one.answer("8K");
    expect(await result).toEqual({ value: "8K", twice: false });
    expect(asked()).toBe(0);
  });

  it.each(["one", "two"] as const)("takes the first whole answer, of %s, and cuts the other off", async (winner) => {
    const sent = sending();
    await sent.wait();
    // To have begun is not to be whole.
    sent.one.begin();
    sent[winner].answer(winner);
    expect(await sent.result).toEqual({ value: winner, twice: true });
    expect([sent.one.cut(), sent.two.cut()]).toEqual([winner === "two", winner === "one"]);
  });

  it.each(["one", "two"] as const)("leaves the answer to the other when %s fails", async (loser) => {
    const sent = sending();
    await sent.wait();
    sent[loser].fail("500");
    await tick();
    sent[loser === "one" ? "two" : "one"].answer("8K");
    expect(await sent.result).toEqual({ value: "8K", twice: true });
  });

  it("fails as the first did when both fail", async () => {
    const { one, two, result, wait } = sending();
    await wait();
    two.fail("second");
    await tick();
    one.fail("first");
    await expect(result).rejects.toThrow("first");
  });

  it("sends nothing more after a failure in time, nor where no second is allowed", async () => {
    const failed = sending();
    failed.one.fail("500");
    await expect(failed.result).rejects.toThrow("500");
    expect(failed.asked()).toBe(0);
    const refused = sending({ second: () => undefined });
    await refused.wait();
    refused.one.answer("8K");
    expect(await refused.result).toEqual({ value: "8K", twice: false });
  });

  it("never sends a second where nothing says when", async () => {
    const { one, two: _, ...base } = sending();
    one.answer("x");
    await base.result;
    const alone = request();
    const result = twoSends({
      first: alone.send,
      second: () => expect.unreachable("sent"),
      signal: new AbortController().signal,
    });
    await tick();
    alone.answer("8K");
    expect(await result).toEqual({ value: "8K", twice: false });
  });

  it("cuts both off when its caller is aborted, and leaves no listener", async () => {
    const control = new AbortController();
    const { one, two, result, wait } = sending({ signal: control.signal });
    await wait();
    control.abort(new Error("stop"));
    await expect(result).rejects.toThrow("stop");
    expect([one.cut(), two.cut()]).toEqual([true, true]);
    await expect(sending({ signal: control.signal }).result).rejects.toThrow("stop");
  });
});
