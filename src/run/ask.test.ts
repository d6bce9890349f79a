import { describe, expect, it } from "vitest";
import { SystemFailure } from "../core/errors.ts";
import { ask } from "./ask.ts";

function asking(replies: (string | Error)[], attempts = 3) {
  const waits: number[] = [];
  const control = new AbortController();
  let time = 0;
  const clock = { now: () => 0, monotonic: () => time };
  let retries = 0;
  const result = ask(
    async () => {
      time += 10;
      const reply = replies.shift();
      if (reply instanceof Error) throw reply;
      return reply;
    },
    {
      attempts,
      clock,
      signal: control.signal,
      sleep: async (ms) => {
        waits.push(ms);
        time += ms;
      },
      onRetry: () => {
        retries += 1;
      },
    },
  );
  return { result, waits, control, retries: () => retries };
}

const passing = () => new SystemFailure("E_BUSY", "busy", { retryable: true });

describe("ask", () => {
  it("gives the reply and the time of the attempt that succeeded, waits and failed attempts excluded", async () => {
    const { result, waits, retries } = asking([passing(), passing(), "yes"]);
    expect(await result).toEqual({ ok: true, value: "yes", ms: 10 });
    expect(waits).toEqual([500, 1000]);
    expect(retries()).toBe(2);
  });

  it("gives up after as many attempts as allowed", async () => {
    const { result, waits } = asking([passing(), passing(), passing(), "too late"]);
    expect(await result).toEqual({ ok: false, passing: true, code: "E_BUSY", message: "busy", attempts: 3 });
    expect(waits).toHaveLength(2);
  });

  it.each([
    ["a failure that cannot pass", new SystemFailure("E_400", "no", { retryable: false }), 1],
    ["a system that asked again by itself", new SystemFailure("E_503", "no", { retryable: true, attempts: 4 }), 4],
  ])("does not ask again after %s", async (_, failure, attempts) => {
    const { result, waits } = asking([failure, "unheard"]);
    expect(await result).toMatchObject({ ok: false, attempts });
    expect(waits).toEqual([]);
  });

  it("passes a defect on", async () => {
    await expect(asking([new RangeError("bug")]).result).rejects.toThrow(RangeError);
  });

  it("takes a call that was cut off neither for a failure nor for a defect", async () => {
    const control = new AbortController();
    const call = async () => {
      control.abort(new Error("stop"));
      throw new SystemFailure("E_ABORTED", "cut", { retryable: true });
    };
    const clock = { now: () => 0, monotonic: () => 0 };
    const options = { attempts: 3, clock, signal: control.signal, sleep: async () => undefined };
    await expect(ask(call, options)).rejects.toThrow("stop");
    await expect(ask(async () => "unasked", options)).rejects.toThrow("stop");
  });
});
