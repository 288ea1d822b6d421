// Builds elements. Text is always text: nothing here ever reads a string as HTML.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return made;
}

// The little Markdown the descriptions use: paragraphs, **strong** and `code`.
export function prose(text) {
  return (text ?? "").split(/\n\s*\n/).filter(Boolean).map((part) => element("p", {}, inline(part)));
}

export function inline(text) {
  return (text ?? "").split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("**")) return element("strong", {}, part.slice(2, -2));
    if (part.startsWith("`")) return element("code", {}, part.slice(1, -1));
    return part;
  });
}

// JSON with its keys, texts and numbers told apart.
export function json(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const pieces = text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|-?\b\d+(?:\.\d+)?\b|\btrue\b|\bfalse\b|\bnull\b)/);
  const coloured = pieces.map((piece, index) => {
    if (index % 2 === 0) return piece;
    const kind = piece.endsWith(":") ? "key" : piece.startsWith('"') ? "text" : "value";
    return element("span", { class: `json-${kind}` }, piece);
  });
  return element("pre", { class: "code", tabindex: "0" }, element("code", {}, coloured));
}

export function method(name) {
  return element("span", { class: `method ${name}` }, name.toUpperCase());
}

export function path(text) {
  const parts = text.split(/(\{[^}]+\})/);
  return element("code", { class: "path" }, parts.map((part) =>
    part.startsWith("{") ? element("var", {}, part) : part.split(/(?<=\/)/).flatMap((step) => [step, element("wbr")])));
}

export function copier(text, label = "Copy") {
  const button = element("button", { class: "quiet copy", type: "button" }, label);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return button;
}
