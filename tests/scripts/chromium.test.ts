import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";

type Chromium = {
  findChromium(options: { env: Record<string, string>; isExecutable(path: string): boolean }): string | undefined;
  installation(machine: { platform: string; osRelease: string; root: boolean }): {
    command: string;
    automatic: boolean;
  };
};
const { findChromium, installation } = (await import(
  new URL("../../scripts/chromium.mjs", import.meta.url).href
)) as Chromium;

const only =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

describe("finding a browser", () => {
  it("takes the one that PLUMBLINE_CHROMIUM names before any other", () => {
    const env = { PLUMBLINE_CHROMIUM: "/my/chrome", PATH: "/usr/bin" };
    expect(findChromium({ env, isExecutable: only("/my/chrome", "/usr/bin/chromium") })).toBe("/my/chrome");
  });

  it("refuses a named browser that is not there, and does not take another silently", () => {
    const env = { PLUMBLINE_CHROMIUM: "/my/chrome", PATH: "/usr/bin" };
    expect(() => findChromium({ env, isExecutable: only("/usr/bin/chromium") })).toThrow(/names \/my\/chrome/);
  });

  it("looks through the search path, then the usual places", () => {
    const env = { PATH: ["", "/a", "/b"].join(delimiter) };
    expect(findChromium({ env, isExecutable: only(join("/b", "google-chrome")) })).toBe(join("/b", "google-chrome"));
    expect(findChromium({ env, isExecutable: only("/snap/bin/chromium") })).toBe("/snap/bin/chromium");
    expect(findChromium({ env, isExecutable: () => false })).toBeUndefined();
  });
});

describe("installing a browser", () => {
  it.each([
    ["Debian as root: by itself", "linux", "ID=debian\n", true, "apt-get install", true],
    ["Debian as a user: one command", "linux", 'NAME="Debian"\nID=debian\n', false, "sudo apt-get install", false],
    ["Ubuntu, whose package is a snap", "linux", "ID=ubuntu\nID_LIKE=debian\n", true, "snap install chromium", false],
    ["Fedora", "linux", 'ID="fedora"\n', false, "sudo dnf install", false],
    ["macOS", "darwin", "", false, "brew install", false],
    ["Windows", "win32", "", false, "winget install", false],
    ["an unknown system: the variable", "linux", "", true, "PLUMBLINE_CHROMIUM=", false],
  ])("%s", (_name, platform, osRelease, root, command, automatic) => {
    const how = installation({ platform, osRelease, root });
    expect(how.command).toContain(command);
    expect(how.automatic).toBe(automatic);
  });
});
