// The pages of a single file: one at a time, by the place that the address names; others say how the leaderboard is looked at.
(() => {
  const pages = [...document.querySelectorAll("article.page")];
  const nav = [...document.querySelectorAll("header.site nav a")];

  function named() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  }

  function show() {
    const target = named();
    const page = target?.closest("article.page") ?? pages[0];
    for (const one of pages) one.hidden = one !== page;
    for (const link of nav) {
      if (link.hash === `#${page.id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = page.dataset.title;
    if (target === page) scrollTo(0, 0);
    else target?.scrollIntoView();
  }

  addEventListener("hashchange", show);
  show();
})();
