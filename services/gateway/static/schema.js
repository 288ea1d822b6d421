// Shows a schema: its fields, one to a row, and what stands inside them opens in place.

import { element, inline } from "./dom.js";

export function fields(api, schema, seen = []) {
  const found = api.resolved(schema);
  if (found.enum) return choices(found);
  if (!found.properties) return element("p", {}, inline(found.description ?? api.typeOf(found)));
  const names = Object.keys(found.properties);
  // Where every field is there, saying so at each is only noise.
  const required = new Set(found.required?.length === names.length && names.length > 1 ? [] : found.required);
  return element("div", { class: "fields" }, Object.entries(found.properties).map(([name, field]) =>
    row(api, name, field, required.has(name), seen)));
}

export function row(api, name, field, required, seen = []) {
  const inside = [...new Set(api.named(field))].filter((one) => !seen.includes(one));
  return element("div", { class: "row" },
    element("div", { class: "name" }, element("code", {}, name), required && element("span", { class: "must" }, "required")),
    element("div", { class: "says" },
      element("span", { class: "type" }, api.typeOf(field)),
      field.description && element("p", {}, inline(field.description)),
      api.limits(field).length > 0 && element("p", { class: "limits" }, api.limits(field).join(", ")),
      inside.map((one) => api.schemas[one].enum ? choices(api.schemas[one]) : opening(api, one, seen))));
}

function choices(schema) {
  return element("p", { class: "choices" }, schema.enum.map((choice) => element("code", {}, String(choice))));
}

function opening(api, name, seen) {
  const schema = api.schemas[name];
  const details = element("details", {}, element("summary", {}, name, schema.description
    ? element("span", { class: "about" }, ` ${schema.description.split("\n")[0]}`) : null));
  // Filled when first opened: schemas refer to each other.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(fields(api, { $ref: `#/components/schemas/${name}` }, [...seen, name]));
    }
  });
  return details;
}
