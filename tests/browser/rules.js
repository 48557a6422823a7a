// What a person must find on every page, computed by the browser that shows it.
// Each rule returns sentences; none is good.
(() => {
  "use strict";

  const MIN_CONTRAST = 4.5;

  const shown = (element) =>
    element.getClientRects().length > 0 &&
    getComputedStyle(element).visibility !== "hidden";

  const say = (element) => {
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    const marks = element.id ? `#${element.id}` : element.className && `.${element.className}`;
    return `<${element.tagName.toLowerCase()}${marks || ""}> ${words}`;
  };

  const name = (element) =>
    [
      element.getAttribute("aria-label"),
      element.getAttribute("title"),
      element.textContent,
      element.value,
      ...[...element.querySelectorAll("img, [title]")].map((part) => part.alt || part.title),
    ].find((text) => text && text.trim());

  const isLabelled = (field) =>
    field.getAttribute("aria-label") ||
    field.getAttribute("aria-labelledby") ||
    [...(field.labels ?? [])].some(name);

  // Colours as [red, green, blue, alpha]; computed styles write them as rgb() or rgba().
  const read = (text) => {
    const numbers = text.startsWith("rgb") ? text.match(/[\d.]+/g).map(Number) : null;
    return numbers && [...numbers.slice(0, 3), numbers[3] ?? 1];
  };

  const over = (top, below) =>
    [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);

  const canvas = () => {
    const probe = document.createElement("div");
    probe.style.backgroundColor = "Canvas";
    document.body.append(probe);
    const colour = read(getComputedStyle(probe).backgroundColor);
    probe.remove();
    return colour;
  };

  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.push(read(getComputedStyle(at).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), canvas());
  };

  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  // Elements that show words of their own: in a text node, or typed into a field.
  const speaking = () => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && shown(parent)) found.add(parent);
    }
    for (const field of document.querySelectorAll("input, select, textarea")) {
      if (shown(field) && field.value) found.add(field);
    }
    return [...found].filter((element) => !element.closest("script, style, noscript"));
  };

  const fields = () =>
    [...document.querySelectorAll("input, select, textarea")].filter(
      (field) => !["hidden", "submit", "button", "image"].includes(field.type),
    );

  const rules = {
    sideways() {
      const root = document.documentElement;
      if (root.scrollWidth <= innerWidth) return [];
      const wide = [...document.querySelectorAll("body *")].filter(
        (element) => shown(element) && element.getBoundingClientRect().right > innerWidth + 1,
      );
      return [`${root.scrollWidth} of ${innerWidth} px wide: ${wide.slice(0, 3).map(say)}`];
    },

    headings() {
      const ranks = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
        .filter(shown)
        .map((heading) => Number(heading.tagName[1]));
      const tops = ranks.filter((rank) => rank === 1).length;
      const jumps = ranks.filter((rank, i) => rank > (ranks[i - 1] ?? 0) + 1);
      return [
        ...(tops === 1 ? [] : [`${tops} headings of the first rank`]),
        ...(jumps.length ? [`headings skip a rank: ${ranks}`] : []),
      ];
    },

    words() {
      const root = document.documentElement;
      return [
        ...(root.lang ? [] : ["the page names no language"]),
        ...(document.title.trim() ? [] : ["the page has no title"]),
      ];
    },

    names() {
      const silent = [...document.querySelectorAll("a[href], button, [type=submit], summary")]
        .filter((element) => shown(element) && !name(element));
      const blind = [...document.querySelectorAll("img:not([alt]), iframe:not([title])")];
      const unlabelled = fields().filter((field) => !isLabelled(field));
      return [
        ...silent.map((element) => `no name: ${element.outerHTML.slice(0, 80)}`),
        ...blind.map((element) => `no description: ${element.outerHTML.slice(0, 80)}`),
        ...unlabelled.map((field) => `no label: ${field.outerHTML.slice(0, 80)}`),
      ];
    },

    ids() {
      const seen = [...document.querySelectorAll("[id]")].map((element) => element.id);
      const twice = seen.filter((id, i) => seen.indexOf(id) !== i);
      return twice.map((id) => `the id ${id} stands twice`);
    },

    contrast() {
      return speaking().flatMap((element) => {
        const style = getComputedStyle(element);
        const below = ground(element);
        const colour = read(style.color);
        if (!colour) return [`unknown colour ${style.color}: ${say(element)}`];
        const ratio = contrast(over(colour, below), below);
        return ratio >= MIN_CONTRAST ? [] : [`contrast ${ratio.toFixed(2)}: ${say(element)}`];
      });
    },

    legible() {
      return speaking().flatMap((element) => {
        const style = getComputedStyle(element);
        const size = parseFloat(style.fontSize);
        const ratio = parseFloat(style.lineHeight) / size;
        const faults = [];
        if (size < 14) faults.push(`${size} px: ${say(element)}`);
        if (!(ratio >= 1.499)) faults.push(`line height ${style.lineHeight}: ${say(element)}`);
        return faults;
      });
    },
  };

  return (chosen) => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    return chosen.flatMap((rule) => rules[rule]().map((fault) => `${rule}: ${fault}`));
  };
})()
