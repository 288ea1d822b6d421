// The pages besides operations: the introduction, a resource, all problems, all schemas, one schema.

import { element, inline, json, method, path, prose } from "./dom.js";
import { fields } from "./schema.js";

export function overview(api) {
  const { info, servers } = api.document;
  return element("article", { class: "reading wide" },
    element("p", { class: "over" }, `${info.title} ${info.version}`),
    element("h1", {}, info.summary),
    servers[0].url !== "/" && element("p", { class: "address" }, element("code", { class: "path" }, servers[0].url)),
    prose(info.description),
    element("h2", {}, "Resources"),
    element("ul", { class: "cards" }, api.tags.map((tag) => element("li", {},
      element("a", { href: `#/tag/${tag.name}` }, element("strong", {}, tag.name), element("span", {}, tag.description))))));
}

export function resource(api, name) {
  const tag = api.tags.find((one) => one.name === name);
  return tag && element("article", { class: "reading wide" },
    element("p", { class: "over" }, "Resource"), element("h1", {}, tag.name), element("p", { class: "lead" }, tag.description),
    element("ul", { class: "operations" }, tag.operations.map((one) => element("li", {},
      element("a", { href: `#/${one.id}` }, method(one.method), element("span", {}, one.summary), path(one.path))))));
}

export function problems(api) {
  const all = Object.entries(api.document.components.examples);
  return element("article", { class: "reading wide" },
    element("h1", {}, "Problems"), element("p", { class: "lead" }, "Every no this API says, by its code (RFC 9457)."),
    element("table", { class: "problems" },
      element("thead", {}, element("tr", {}, ["Status", "Code", "Means"].map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, all.map(([code, { value }]) => element("tr", {}, element("td", {}, String(value.status)),
        element("td", {}, element("a", { href: value.type }, element("code", {}, code))), element("td", {}, inline(value.detail)))))),
    element("h2", {}, "What one looks like"), json(api.document.components.examples.MALFORMED.value));
}

export function schemas(api) {
  return element("article", { class: "reading wide" },
    element("h1", {}, "Schemas"), element("p", { class: "lead" }, "What is sent and what is answered."),
    element("ul", { class: "cards small" }, Object.entries(api.schemas).map(([name, schema]) => element("li", {},
      element("a", { href: `#/schema/${name}` }, element("strong", {}, name),
        element("span", {}, (schema.description ?? "").split("\n")[0]))))));
}

export function schema(api, name) {
  const found = api.schemas[name];
  return found && element("article", { class: "reading wide" },
    element("p", { class: "over" }, element("a", { href: "#/schemas" }, "Schema")), element("h1", {}, name),
    prose(found.description), fields(api, found, [name]));
}
