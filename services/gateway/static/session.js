// Who asks when something is tried: a visitor, or whoever signed in. Kept in memory alone.

export class Session {
  constructor() {
    this.token = "";
    this.dialog = document.getElementById("session");
    this.problem = document.getElementById("session-problem");
    document.getElementById("sign-in").addEventListener("click", () => this.dialog.showModal());
    document.getElementById("session-in").addEventListener("click", () => this.begin());
    document.getElementById("session-out").addEventListener("click", () => this.use("", "visitor"));
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); this.begin(); }
    });
    this.say("visitor");
  }

  headers() {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  async begin() {
    const [email, password, token] = ["email", "password", "token"].map((id) => document.getElementById(id));
    if (token.value.trim()) return this.use(token.value.trim(), "token");
    const answer = await fetch("/v1/sessions", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: email.value, password: password.value }),
    });
    const said = await answer.json();
    if (!answer.ok) { this.problem.textContent = said.detail; return undefined; }
    password.value = "";
    return this.use(said.access_token, email.value);
  }

  use(token, name) {
    this.token = token;
    this.problem.textContent = "";
    this.say(name);
    this.dialog.close();
  }

  say(name) {
    document.getElementById("caller").textContent = name === "visitor" ? "" : name;
    document.getElementById("sign-in").textContent = name === "visitor" ? "Sign in" : "Change";
  }
}
