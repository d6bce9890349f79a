interface Heading {
  /** Where its line starts, in UTF-16 units. */
  readonly offset: number;
  /** 1 … 6. */
  readonly level: number;
  readonly text: string;
}

const LINE = /^(?: {0,3}(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*| {0,3}(`{3,}|~{3,}).*)\r?$/gm;

/** The headings of a Markdown text that are written with `#`, those in fenced code aside. */
export function headingsOf(text: string): Heading[] {
  const headings: Heading[] = [];
  let fence: string | undefined;
  for (const { index, 1: marks, 2: title, 3: ticks } of text.matchAll(LINE)) {
    if (ticks !== undefined) {
      if (fence === undefined) fence = ticks;
      else if (ticks.startsWith(fence)) fence = undefined;
    } else if (fence === undefined) headings.push({ offset: index, level: marks!.length, text: title! });
  }
  return headings;
}

/**
 * Names places of a document by its title and the headings above them: `BM25 > The formula`. Ask in ascending order.
 * @param title of the document; where it is also the first heading it is said once
 */
export function titlesOf(text: string, title: string | undefined): (offset: number) => string | undefined {
  const headings = headingsOf(text);
  const above: Heading[] = [];
  let next = 0;
  return (offset) => {
    for (let heading = headings[next]; heading !== undefined && heading.offset <= offset; heading = headings[++next]) {
      while (above.length > 0 && above.at(-1)!.level >= heading.level) above.pop();
      above.push(heading);
    }
    const path = [...(title === undefined ? [] : [title]), ...above.map((heading) => heading.text)];
    const said = path.filter((part, i) => part !== path[i - 1]);
    return said.length === 0 ? undefined : said.join(" > ");
  };
}
