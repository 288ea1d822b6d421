// The contents at the side: operations by resource, found by typing.

import { element, method } from "./dom.js";

export class Contents {
  constructor(api) {
    this.api = api;
    this.search = document.getElementById("search");
    this.list = document.getElementById("list");
    this.found = document.getElementById("found");
    this.search.addEventListener("input", () => this.draw());
    this.search.addEventListener("keydown", (event) => this.move(event));
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.draw();
  }

  draw() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => text.toLowerCase().includes(word));
    const groups = this.api.tags.map((tag) => [tag, tag.operations.filter((one) =>
      fits([one.summary, one.path, one.method, one.id, tag.name, one.description].join(" ")))]);
    const schemas = words.length ? Object.keys(this.api.schemas).filter(fits) : [];
    const shown = groups.filter(([, operations]) => operations.length);
    this.list.replaceChildren(
      words.length ? "" : element("ul", {}, entry("#/", "Overview"), entry("#/problems", "Problems"), entry("#/schemas", "Schemas")),
      ...shown.map(([tag, operations]) => element("section", {}, element("h2", {}, element("a", { href: `#/tag/${tag.name}` }, tag.name)),
        element("ul", {}, operations.map((one) => entry(`#/${one.id}`, one.summary.split(/[:;,]/)[0], method(one.method)))))),
      schemas.length ? element("section", {}, element("h2", {}, "schemas"),
        element("ul", {}, schemas.map((name) => entry(`#/schema/${name}`, name)))) : "");
    const count = shown.reduce((sum, [, operations]) => sum + operations.length, 0) + schemas.length;
    this.found.textContent = words.length ? `${count} found` : "";
    this.mark();
  }

  mark() {
    const here = decodeURIComponent(location.hash) || "#/";
    for (const link of this.list.querySelectorAll("a")) {
      const current = link.getAttribute("href") === here;
      if (current) { link.setAttribute("aria-current", "page"); link.scrollIntoView({ block: "nearest" }); }
      else link.removeAttribute("aria-current");
    }
  }

  move(event) {
    if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const links = [...this.list.querySelectorAll("li a")];
    const place = links.indexOf(document.activeElement);
    if (event.key === "Enter") { if (place < 0) links[0]?.click(); return; }
    event.preventDefault();
    const next = place + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? this.search : links[Math.min(next, links.length - 1)])?.focus();
  }
}

function entry(href, text, badge) {
  return element("li", {}, element("a", { href }, badge, element("span", {}, text)));
}
