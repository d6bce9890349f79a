import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** A page of which all is written down that a good page does not do. */
export interface WatchedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console messages, errors, dialogs and requests outside the folder, as they come. */
  readonly troubles: string[];
}

/** Opens an empty page. @param folder of the site: what is requested from elsewhere is a trouble */
export async function watchedPage(
  browser: Browser,
  folder: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("dialog", (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(pathToFileURL(folder).href) && !/^(?:data:,|about:)/.test(url)) {
      troubles.push(`request: ${url}`);
    }
  });
  return { context, page, troubles };
}
