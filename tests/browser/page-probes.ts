/**
 * What is asked of a page from inside it, as source text: the tests are checked without the types of a browser, and text
 * is not stopped by the page's own security policy.
 */
export const PROBES = {
  /** Elements that only injected markup could have made, and scripts from elsewhere. */
  injected: `(() => {
    const strange = document.querySelectorAll("img, iframe, object, embed, form, base, [onload], [onerror], [onmouseover]");
    const ours = /^(?:\\.\\.\\/)*assets\\/[a-z]+\\.js$|^(?:(?:\\.\\.\\/)*runs\\/[\\w.%-]+\\/)?data\\/[a-z0-9]+\\.js$/;
    const scripts = [...document.scripts].filter((script) => !ours.test(script.getAttribute("src") ?? ""));
    return [...strange, ...scripts].map((node) => node.outerHTML.slice(0, 200));
  })()`,

  /** Contrast of each text with the nearest ground behind it, by WCAG 2's formula, below 4.5; disabled controls are exempt. */
  faintTexts: `(() => {
    // A mixed colour is told in shares of 1: color(srgb 0.9 0.93 0.96).
    const channels = (color) =>
      (color.match(/[\\d.]+/g) ?? []).map((c, i) => Number(c) * (color.startsWith("color(") && i < 3 ? 255 : 1));
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const luminance = (color) => {
      const [r, g, b] = channels(color).map((c) => linear(c / 255));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (node) => {
      for (let at = node; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if ((channels(color)[3] ?? 1) > 0) return color;
      }
      return matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)";
    };
    const faint = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!node.textContent.trim() || !parent.checkVisibility() || parent.closest(":disabled, noscript")) continue;
      const style = getComputedStyle(parent);
      const pair = [luminance(parent instanceof SVGElement ? style.fill : style.color), luminance(ground(parent))];
      const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      if (contrast < 4.5) faint.add(contrast.toFixed(2) + " " + node.textContent.slice(0, 40));
    }
    return [...faint];
  })()`,

  /** By how many pixels the page is wider than its window. */
  sideways: "document.documentElement.scrollWidth - document.documentElement.clientWidth",

  /** Whether a script element with text in it is run. */
  inlineScriptRuns: `(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.ran = true";
    document.body.append(script);
    return "ran" in globalThis;
  })()`,
} as const;
