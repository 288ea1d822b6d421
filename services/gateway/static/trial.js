// A form that sends an operation for real, shows what came back, and says the same as a curl line.

import { copier, element, json } from "./dom.js";

export function trial(api, operation, session) {
  const inputs = operation.parameters.filter((one) => !["If-None-Match", "X-Request-Id"].includes(one.name));
  const fields = inputs.map((one) => [one, field(api, one)]);
  const text = operation.body && element("textarea", { id: "body", spellcheck: "false", rows: rows(operation.body.example), wrap: "off" });
  if (text) text.value = JSON.stringify(operation.body.example, null, 2);
  const result = element("div", { class: "result", "aria-live": "polite" });
  const stop = element("button", { type: "button", class: "quiet", hidden: true }, "Stop");
  const request = () => described(operation, fields, text, session);
  const form = element("form", { class: "panel trial", novalidate: true },
    element("div", { class: "panel-head" }, element("h2", {}, "Try it"), copier(() => curl(request()), "Copy as curl")),
    fields.map(([, [label, input]]) => element("div", { class: "field" }, label, input)),
    text && element("div", { class: "field" }, element("label", { for: "body" }, "Body"), text),
    element("div", { class: "actions" }, stop, element("button", { class: "main", type: "submit" }, "Send")), result);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await send(request(), result, stop);
    const key = fields.find(([one]) => one.name === "Idempotency-Key");
    if (key && result.dataset.ok) key[1][1].value = uuid();
  });
  return form;
}

function rows(example) {
  return String(Math.min(18, JSON.stringify(example, null, 2).split("\n").length + 1));
}

function field(api, parameter) {
  const id = `in-${parameter.name}`;
  const schema = [parameter.schema, ...(parameter.schema.anyOf ?? [])].map((one) => api.resolved(one));
  const choices = schema.find((one) => one?.enum)?.enum;
  const label = element("label", { for: id }, parameter.name, parameter.required && element("span", { class: "must" }, "required"));
  if (choices) {
    const options = ["", ...choices].map((choice) => element("option", { value: choice }, choice || "any"));
    return [label, element("select", { id }, options)];
  }
  const input = element("input", { id, type: "text", autocomplete: "off", spellcheck: "false",
    placeholder: String(parameter.schema.default ?? parameter.schema.format ?? "") });
  if (parameter.name === "Idempotency-Key") input.value = uuid();
  return [label, input];
}

function described(operation, fields, text, session) {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = { ...session.headers() };
  for (const [one, [, input]] of fields) {
    if (!input.value && one.in !== "path") continue;
    if (one.in === "path") path = path.replace(`{${one.name}}`, encodeURIComponent(input.value || `{${one.name}}`));
    if (one.in === "query") query.set(one.name, input.value);
    if (one.in === "header") headers[one.name] = input.value;
  }
  if (text) headers["Content-Type"] = "application/json";
  const asked = query.size ? `${path}?${query}` : path;
  return { method: operation.method.toUpperCase(), url: asked, headers, body: text?.value };
}

function curl({ method, url, headers, body }) {
  const quoted = (value) => `'${value.replaceAll("'", `'\\''`)}'`;
  const lines = [`curl -X ${method} ${quoted(location.origin + url)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body) lines.push(`-d ${quoted(body)}`);
  return lines.join(" \\\n  ");
}

async function send({ method, url, headers, body }, result, stop) {
  const leaving = new AbortController();
  const started = performance.now();
  stop.hidden = false;
  stop.onclick = () => leaving.abort();
  try {
    const answer = await fetch(url, { method, headers, body, signal: leaving.signal });
    const spent = Math.round(performance.now() - started);
    result.dataset.ok = answer.ok ? "yes" : "";
    result.replaceChildren(element("p", { class: answer.ok ? "good" : "bad" },
      element("strong", {}, `${answer.status}`), ` in ${spent} ms`));
    if (answer.headers.get("content-type")?.startsWith("text/event-stream")) await follow(answer, result);
    else if (answer.headers.get("content-type")?.startsWith("image/")) result.append(received(answer, ""), await picture(answer));
    else result.append(received(answer, await answer.text()));
  } catch (error) {
    if (error.name !== "AbortError") result.replaceChildren(element("p", { class: "bad" }, `No answer: ${error.message}`));
  } finally {
    stop.hidden = true;
  }
}

function received(answer, text) {
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  let pretty = text;
  try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it came */ }
  return element("div", {}, text && json(pretty),
    element("details", {}, element("summary", {}, "Headers"), element("pre", { class: "code", tabindex: "0" }, headers)));
}

async function picture(answer) {
  const data = new Uint8Array(await answer.arrayBuffer());
  const source = `data:image/webp;base64,${btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""))}`;
  return element("img", { src: source, alt: "The picture answered" });
}

async function follow(answer, result) {
  const pre = element("pre", { class: "code stream", tabindex: "0" });
  result.append(pre);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    pre.textContent = (pre.textContent + part.value).slice(-20000);
    pre.scrollTop = pre.scrollHeight;
  }
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
