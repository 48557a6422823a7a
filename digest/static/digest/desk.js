/* Keys and dragging for the curators' desk. Everything it does, plain forms do too. */

"use strict";

const rows = [...document.querySelectorAll("[data-row]")];
const inField = (target) => target.matches("input[type=text], input[type=number], textarea, select");

/* Where to go on after an act: the next candidate, which takes this one's place. */
const goOnWith = (row) => {
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1] ?? row;
  row.querySelectorAll("[data-then]").forEach((field) => {
    field.value = next.dataset.row;
  });
};

const step = (row, by) => {
  const to = rows[rows.indexOf(row) + by];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
};

const openAt = (details, field) => {
  if (!details) return;
  details.open = true;
  details.querySelector(field)?.focus();
};

const KEYS = {
  j: (row) => step(row, 1),
  k: (row) => step(row, -1),
  p: (row) => row.querySelector("[data-pick-it]")?.click(),
  s: (row) => row.querySelector("[data-see]")?.click(),
  n: (row) => row.querySelector("[data-note]")?.focus(),
  h: (row) => openAt(row.querySelector("[data-hide]"), "input[name=reason]"),
  m: (row) => row.querySelector("[data-same]")?.click(),
  o: (row) => row.querySelector("h3 a").click(),
  a: (row) => {
    const abstract = row.querySelector("[data-abstract]");
    if (abstract) abstract.open = !abstract.open;
  },
};

/* The keys work while a candidate has the focus, so that they surprise nobody else. */
document.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    row.focus();
    return;
  }
  if (inField(event.target) || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key](row);
});

rows.forEach((row) => row.addEventListener("submit", () => goOnWith(row)));

document.querySelector("[data-keys]")?.removeAttribute("hidden");
document.querySelector("[data-start]")?.addEventListener("click", () => rows[0].focus());

/* After an act the candidate to go on with stands in the address, unless it is gone. */
if (location.hash.startsWith("#paper-")) {
  (document.getElementById(location.hash.slice(1)) ?? rows[0])?.focus();
}

/* Dragging a pick by its grip gives all picks their numbers; the button saves them. */
const list = document.querySelector("[data-picks]");
const unsaved = document.querySelector("[data-unsaved]");

const renumber = () => {
  [...list.children].forEach((pick, at) => {
    pick.querySelector("input[type=number]").value = at + 1;
  });
  unsaved?.removeAttribute("hidden");
};

const follow = (pick, event) => {
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-pick]");
  if (!over || over === pick || over.parentElement !== list) return;
  const { top, height } = over.getBoundingClientRect();
  const before = event.clientY < top + height / 2 ? over : over.nextElementSibling;
  if (before !== pick && before !== pick.nextElementSibling) list.insertBefore(pick, before);
};

list?.querySelectorAll("[data-grip]").forEach((grip) => {
  const pick = grip.closest("[data-pick]");
  const move = (event) => follow(pick, event);
  const drop = () => {
    document.removeEventListener("pointermove", move);
    pick.classList.remove("desk-pick--held");
    renumber();
  };
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    /* A finger holds on to what it touched; the list moves under it. */
    grip.releasePointerCapture(event.pointerId);
    pick.classList.add("desk-pick--held");
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", drop, { once: true });
  });
});

list?.addEventListener("input", () => unsaved?.removeAttribute("hidden"));
