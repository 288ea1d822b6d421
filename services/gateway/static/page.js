// Reads openapi.json and shows the page the address names.

import { Api } from "./api.js";
import { Contents } from "./contents.js";
import { element } from "./dom.js";
import { operationPage } from "./operation.js";
import { overview, problems, resource, schema, schemas } from "./overview.js";
import { Session } from "./session.js";

const content = document.getElementById("content");
const menu = document.getElementById("menu");

function chosen(api, session) {
  const [first, second] = decodeURIComponent(location.hash.slice(2)).split("/");
  if (!first) return overview(api);
  if (first === "tag") return resource(api, second);
  if (first === "problems") return problems(api);
  if (first === "schemas") return schemas(api);
  if (first === "schema") return schema(api, second);
  const operation = api.byId.get(first);
  return operation && operationPage(api, operation, session);
}

function show(api, session, contents, focus) {
  const page = chosen(api, session) ?? element("article", { class: "reading" },
    element("h1", {}, "There is no such page"), element("p", {}, element("a", { href: "#/" }, "Go to the overview")));
  content.replaceChildren(...[page].flat());
  document.title = `${content.querySelector("h1").textContent} · Courtier API`;
  contents.mark();
  fold();
  scrollTo(0, 0);
  if (focus) content.focus({ preventScroll: true });
}

function fold() {
  document.body.classList.remove("contents-open");
  menu.setAttribute("aria-expanded", "false");
}

async function begin() {
  const answer = await fetch("/openapi.json");
  const api = new Api(await answer.json());
  document.getElementById("version").textContent = api.document.info.version;
  const session = new Session();
  const contents = new Contents(api);
  addEventListener("hashchange", () => {
    // The skip link only moves the focus.
    if (location.hash === "#content") { content.focus(); return; }
    show(api, session, contents, document.activeElement !== contents.search);
  });
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing) { event.preventDefault(); contents.search.focus(); }
    if (event.key === "Escape" && document.body.classList.contains("contents-open")) { fold(); menu.focus(); }
  });
  menu.addEventListener("click", () => {
    const open = document.body.classList.toggle("contents-open");
    menu.setAttribute("aria-expanded", String(open));
    if (open) contents.search.focus();
  });
  show(api, session, contents, false);
}

begin().catch((error) => {
  content.replaceChildren(element("p", { class: "waiting" }, `The documentation cannot be read: ${error.message}`));
});
