import { describe, expect, it } from "vitest";
import { openDocuments } from "./documents.ts";
import { tempDataset } from "./testing/temp-dataset.ts";

async function texts(files: Parameters<typeof tempDataset>[0], documents: string, ids: string[]) {
  const opened = await openDocuments(await tempDataset(files), { documents });
  const found: (string | undefined)[] = [];
  for (const id of ids) found.push(await opened!.text(id));
  await opened!.close();
  return found;
}

describe("openDocuments", () => {
  it("names the files of a folder by their path in it, with or without extension", async () => {
    const files = { "pages/a.md": "A", "pages/sub/b.txt": "B" };
    expect(await texts(files, "pages", ["a", "a.md", "sub/b", "b", "a"])).toEqual(["A", "A", "B", undefined, "A"]);
  });

  it("never takes an id for a path", async () => {
    const files = { "secret.txt": "S", "pages/a.md": "A" };
    expect(await texts(files, "pages", ["../secret.txt", "../secret", "/etc/passwd", "", "."])).toEqual(
      Array(5).fill(undefined),
    );
  });

  it("reads the rows of a JSONL file", async () => {
    const files = {
      "documents.jsonl": [
        { _id: "https://x/1", text: "A" },
        { _id: "__proto__", text: "B" },
      ],
    };
    expect(await texts(files, "documents.jsonl", ["__proto__", "https://x/1", "https://x/2"])).toEqual([
      "B",
      "A",
      undefined,
    ]);
  });

  it("gives a row's title with its text", async () => {
    const rows = [{ _id: "a", title: "A", text: "x" }];
    const opened = (await openDocuments(await tempDataset({ "d.jsonl": rows }), { documents: "d.jsonl" }))!;
    expect([await opened.get("a"), await opened.get("b")]).toEqual([{ _id: "a", title: "A", text: "x" }, undefined]);
    await opened.close();
  });

  it("is nothing when the dataset names none, and an error when what it names is missing", async () => {
    expect(await openDocuments("/", {})).toBeUndefined();
    const dir = await tempDataset({});
    await expect(openDocuments(dir, { documents: "pages" })).rejects.toMatchObject({ code: "E_DATASET_FILE" });
  });
});
