// One operation: what it does, who may, what it takes, what it answers, and a way to try it.

import { copier, element, inline, json, method, path, prose } from "./dom.js";
import { fields, row } from "./schema.js";
import { trial } from "./trial.js";

export function operationPage(api, operation, session) {
  const success = operation.responses.find((response) => response.status < "300");
  const refusals = operation.responses.filter((response) => response.status >= "400");
  return [
    element("article", { class: "operation" },
      element("div", { class: "reading" },
        element("p", { class: "over" }, element("a", { href: `#/tag/${operation.tag}` }, operation.tag)),
        element("h1", {}, operation.summary),
        element("p", { class: "address" }, method(operation.method), path(operation.path), copier(() => operation.path)),
        who(operation),
        prose(withoutNeeds(operation.description)),
        parameters(api, operation),
        body(api, operation),
        answer(api, success),
        problems(api, refusals)),
      element("div", { class: "doing" },
        trial(api, operation, session),
        success.content && shown(`Answer ${success.status}`, Object.values(success.content)[0].example))),
    neighbours(api, operation),
  ];
}

function withoutNeeds(description) {
  return description.split("\n\n").filter((part) => !/^(Needs |Anyone )/.test(part)).join("\n\n");
}

function who(operation) {
  const needs = operation.permissions.map((any) => any.map((one, index) =>
    [index > 0 && " or ", element("code", {}, one)]));
  const said = needs.length
    ? ["Needs ", needs.map((need, index) => [index > 0 && ", and ", need])]
    : [operation.open ? "Anyone, without a token" : "Anyone; a token decides what they see"];
  return element("p", { class: "who" }, element("span", { class: "key", "aria-hidden": "true" }), element("span", {}, said));
}

function parameters(api, operation) {
  const places = [["path", "In the path"], ["query", "In the query"], ["header", "In the headers"]];
  return places.map(([place, title]) => {
    const found = operation.parameters.filter((parameter) => parameter.in === place);
    return found.length > 0 && element("section", {}, element("h2", {}, title),
      element("div", { class: "fields" }, found.map((one) =>
        row(api, one.name, { ...one.schema, description: one.description }, one.required))));
  });
}

function body(api, operation) {
  return operation.body && element("section", {},
    element("h2", {}, "In the body ", element("small", {}, "application/json")), fields(api, operation.body.schema));
}

function answer(api, success) {
  const [type, content] = Object.entries(success.content ?? {})[0] ?? [];
  return element("section", {},
    element("h2", {}, `Answer ${success.status} `, element("small", {}, type ?? "without a body")),
    content && (type === "application/json" ? fields(api, content.schema) : element("p", {}, success.description)),
    element("h3", {}, "Headers"),
    element("div", { class: "fields" }, Object.entries(success.headers ?? {}).map(([name, header]) => {
      const found = api.resolved(header);
      return row(api, name, { ...found.schema, description: found.description }, false);
    })));
}

function problems(api, refusals) {
  return element("section", {}, element("h2", {}, "When the answer is no"),
    element("table", { class: "problems" },
      element("thead", {}, element("tr", {}, ["Status", "Code", "Means"].map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, refusals.flatMap((refusal) => {
        const examples = Object.entries(refusal.content["application/problem+json"].examples);
        return examples.map(([code, example]) => element("tr", {},
          element("td", {}, refusal.status), element("td", {}, element("code", {}, code)),
          element("td", {}, inline(api.resolved(example).value.detail))));
      }))));
}

function shown(title, example) {
  const text = typeof example === "string" ? example : JSON.stringify(example, null, 2);
  return element("section", { class: "panel" },
    element("div", { class: "panel-head" }, element("h2", {}, title), copier(() => text)), json(text));
}

function neighbours(api, operation) {
  const all = api.tags.flatMap((tag) => tag.operations);
  const place = all.indexOf(operation);
  const link = (one, label) => one ? element("a", { href: `#/${one.id}` }, element("small", {}, label), one.summary) : element("span");
  return element("nav", { class: "neighbours", "aria-label": "Next to this" },
    link(all[place - 1], "Before"), link(all[place + 1], "After"));
}
