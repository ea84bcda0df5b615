/** The way in: password, lock-out with a timer, the one-time code of the first start. */
import { signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { shellTexts } from "../texts/shell.ts";
import { CallFailed } from "./call.ts";
import { language, setLanguage, t } from "./language.ts";
import { failureLine } from "./say-failure.ts";
import { logIn, redeemCode, session } from "./session.ts";
import { nowMs } from "./ticking.ts";

const problem = signal<string | null>(null);
const busy = signal(false);
/** Wall time of this device until which the box takes no password from here. */
const lockedUntilMs = signal(0);

/** One try; its failure stands above the form. */
async function attempt(run: () => Promise<void>): Promise<void> {
  busy.value = true;
  problem.value = null;
  try {
    await run();
  } catch (error) {
    if (error instanceof CallFailed && error.problem?.waitSec !== undefined)
      lockedUntilMs.value = Date.now() + error.problem.waitSec * 1_000;
    else problem.value = failureLine(error);
  } finally {
    busy.value = false;
  }
}

/** What stands before the page. */
export function Door({ state }: { readonly state: "set-up" | "login" }): JSX.Element {
  const lockedMs = session.value?.lockedMs ?? 0;
  useEffect(() => {
    // A page that is loaded anew still shows how long its address must wait.
    if (lockedMs > 0) lockedUntilMs.value = Date.now() + lockedMs;
  }, [lockedMs]);
  const other = language.value === "zh" ? "en" : "zh";
  return (
    <main class="door">
      <h1>
        <img class="mark" src="/icon.svg" alt="" width="44" height="44" />
        {t(shellTexts.product)}
      </h1>
      {state === "login" ? <LoginForm /> : session.value?.codeRedeemed === true ? <FirstRunSlot /> : <CodeForm />}
      <button type="button" class="plain" lang={other} data-testid="other-language" onClick={() => setLanguage(other)}>
        {other === "zh" ? "中文" : "English"}
      </button>
    </main>
  );
}

function Problem(): JSX.Element {
  const seconds = Math.ceil((lockedUntilMs.value - nowMs.value) / 1_000);
  const text = seconds > 0 ? t(shellTexts.loginLocked, { seconds }) : problem.value;
  return (
    <p class="problem" role={seconds > 0 ? "timer" : "alert"} data-testid="problem">
      {text}
    </p>
  );
}

function fieldsOf(event: SubmitEvent): (name: string) => string {
  event.preventDefault();
  const fields = new FormData(event.currentTarget as HTMLFormElement);
  return (name) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : "";
  };
}

function LoginForm(): JSX.Element {
  const lockedMs = lockedUntilMs.value - nowMs.value;
  return (
    <form
      onSubmit={(event) => {
        const field = fieldsOf(event);
        const user = field("user");
        void attempt(() => logIn({ ...(user === "" ? {} : { user }), password: field("password") }));
      }}
    >
      <h2>{t(shellTexts.loginTitle)}</h2>
      <Problem />
      <label>
        {t(shellTexts.name)}
        <input name="user" autocomplete="username" placeholder="admin" />
      </label>
      <label>
        {t(shellTexts.password)}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <button disabled={busy.value || lockedMs > 0}>{t(shellTexts.loginButton)}</button>
    </form>
  );
}

function CodeForm(): JSX.Element {
  const lockedMs = lockedUntilMs.value - nowMs.value;
  return (
    <form
      onSubmit={(event) => {
        const field = fieldsOf(event);
        void attempt(() => redeemCode({ code: field("code").replaceAll(/\s/g, "") }));
      }}
    >
      <h2>{t(shellTexts.setupTitle)}</h2>
      <Problem />
      <label>
        {t(shellTexts.setupCode)}
        <input name="code" inputMode="numeric" autocomplete="one-time-code" required />
      </label>
      <button disabled={busy.value || lockedMs > 0}>{t(shellTexts.setupCodeButton)}</button>
    </form>
  );
}

/** Fetched once in the life of a box: nobody else pays for it. */
const firstRun = signal<ComponentType | null>(null);

function FirstRunSlot(): JSX.Element {
  const Form = firstRun.value;
  useEffect(() => {
    import("../wizard/first-run.tsx").then(
      (part) => {
        firstRun.value = part.FirstRun;
      },
      () => {
        problem.value = t(shellTexts.loadFailed);
      },
    );
  }, []);
  if (Form !== null) return <Form />;
  return (
    <div>
      <Problem />
      <p>{t(shellTexts.loading)}</p>
    </div>
  );
}
