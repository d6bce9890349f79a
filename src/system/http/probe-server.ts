import { SystemFailure, UnavailableError } from "../../core/errors.ts";

/**
 * Puts one call to a server before the first question is asked, so that a server that is down or answers otherwise than the
 * system file says leaves no run behind.
 * @param where the place of its address, for messages
 * @throws UnavailableError with the fix
 */
export async function probeServer(call: () => Promise<unknown>, where: string): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    const { code, message } = error;
    const fix = FIXES.get(code) ?? "see the server's log, and correct the request in the system file";
    throw new UnavailableError([{ code, where, expected: "a server that answers", got: message, fix }]);
  }
}

const FIXES: ReadonlyMap<string, string> = new Map([
  ["E_ENDPOINT_UNREACHABLE", "start the server, or correct its address"],
  ["E_ENDPOINT_TIMEOUT", "see why the server does not answer, or raise timeout_s"],
  ["E_ENDPOINT_REFUSED_KEY", "set the variable that the system file names to a key this server takes"],
  ["E_ENDPOINT_REPLY", "correct the pointers in the system file, or the address"],
]);
