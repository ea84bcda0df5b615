/** The login form and the form of the first password (pure). */
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import { html, type Html } from "./html.ts";
import { page } from "./layout.ts";

/** What a form needs. */
export interface FormParts {
  readonly language: Language;
  readonly token: string;
  /** What went wrong before, in words; null at the first look. */
  readonly problem: string | null;
}

/** Asks for the password. */
export function loginPage({ language, token, problem }: FormParts): Html {
  const body = html`<main class="door">
    <form method="post" action="/login">
      ${problemText(problem)}
      <input type="hidden" name="form" value="${token}" />
      <label for="username">${say(language, "loginUser")}</label>
      <input id="username" name="username" value="admin" autocomplete="username" maxlength="64" />
      <label for="password">${say(language, "loginPassword")}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        autofocus
        maxlength="256"
      />
      <button>${say(language, "loginButton")}</button>
    </form>
  </main>`;
  return page({ language, title: say(language, "loginTitle"), body, path: "/login" });
}

/** Asks for the one-time code and the first password. */
export function setUpPage({ language, token, problem }: FormParts): Html {
  const body = html`<main class="door">
    <form method="post" action="/setup">
      ${problemText(problem)}
      <input type="hidden" name="form" value="${token}" />
      <label for="code">${say(language, "setupCode")}</label>
      <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus maxlength="16" />
      <label for="password">${say(language, "setupNew")}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="new-password"
        required
        minlength="8"
        maxlength="256"
      />
      <label for="again">${say(language, "setupAgain")}</label>
      <input
        id="again"
        name="again"
        type="password"
        autocomplete="new-password"
        required
        minlength="8"
        maxlength="256"
      />
      <button>${say(language, "setupButton")}</button>
    </form>
  </main>`;
  return page({ language, title: say(language, "setupTitle"), body, path: "/login" });
}

function problemText(problem: string | null): Html | null {
  return problem === null ? null : html`<p class="problem" role="alert">${problem}</p>`;
}
