import { readFile } from "node:fs/promises";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { configReference } from "../config/reference.ts";
import { metricReference } from "../metric/reference.ts";
import { COMMANDS } from "./commands/index.ts";
import { cliReference } from "./reference.ts";

describe("docs/reference", () => {
  it.each([
    ["cli.md", cliReference],
    ["config.md", configReference],
    ["metrics.md", metricReference],
  ])("%s is what the code says (`npm run docs` writes it)", async (name, make) => {
    const page = await readFile(new URL(`../../docs/reference/${name}`, import.meta.url), "utf8");
    expect(page).toBe(`${make().trimEnd()}\n`);
  });
});

describe("the configuration reference", () => {
  it("says of every key what it means, and has every kind of judge", () => {
    const rows = configReference()
      .split("\n")
      .filter((row) => row.startsWith("| `") && !row.includes("with `kind:"));
    expect(rows.filter((row) => / \|\s*\|$/.test(row))).toEqual([]);
    for (const kind of ["model", "pairwise", "lexical", "panel", "people"])
      expect(configReference()).toContain(`### Kind \`${kind}\`: `);
    expect(configReference()).toContain("| `criteria[].scale` |");
  });
});

describe("the command reference", () => {
  const html = marked.parse(cliReference(), { async: false });

  it("has a section for each command, linked from the table at the top", () => {
    const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(headings).toEqual(COMMANDS.map(({ name }) => `bench ${name}`));
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
    expect(links).toEqual(headings.map((title) => title!.replaceAll(" ", "-")));
  });

  it("shows every option and example", () => {
    const page = cliReference();
    for (const { options, examples } of COMMANDS) {
      for (const { flags } of Object.values(options)) expect(page).toContain(`| \`${flags}\` |`);
      for (const { command } of examples) expect(page).toContain(`\`${command}\``);
    }
  });

  it("loses no <placeholder> to HTML, and keeps what is laid out in columns", () => {
    const tags = new Set([...html.matchAll(/<([a-z0-9-]+)/gi)].map(([, tag]) => tag));
    for (const tag of tags) expect("h1 h2 p table thead tbody tr th td code a ul li pre").toContain(tag);
    expect(html).toContain("which part of a &lt;top&gt; is the question");
    expect(html).toMatch(/<pre><code class="language-text">Forms:\n {2}beir {6}a folder/);
  });

  it("escapes bars in cells, so that each row has three", () => {
    const bars = cliReference([
      {
        name: "x",
        summary: "a|b",
        args: [{ name: "<y>", summary: "c|d" }],
        options: {},
        examples: [],
        run: async () => 0,
      },
    ]);
    expect(bars).toContain("| `<y>` | c\\|d | |");
    expect(bars).toContain("| [`bench x`](#bench-x) | a\\|b |");
  });
});
