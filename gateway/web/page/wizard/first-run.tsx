/** After the one-time code: the first password, and the box's name where there is no config yet. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import type { SetupFinish, SetupState } from "../../api.ts";
import { spanText } from "../parts/amounts.ts";
import { call } from "../shell/call.ts";
import { language, t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { goTo } from "../shell/router.ts";
import { failureLine } from "../shell/say-failure.ts";
import { finishSetUp } from "../shell/session.ts";
import { shellTexts } from "../texts/shell.ts";
import { wizardTexts } from "../texts/wizard.ts";

const problem = signal<string | null>(null);
const busy = signal(false);
const leastPassword = 8;
/** More than a slow network: such a clock is told at once, and set in the next step. */
const apartMs = 60_000;

async function finish(body: SetupFinish): Promise<void> {
  busy.value = true;
  problem.value = null;
  try {
    await finishSetUp(body);
    goTo("/set-up");
  } catch (error) {
    problem.value = failureLine(error);
  } finally {
    busy.value = false;
  }
}

/** The form. */
export function FirstRun(): JSX.Element {
  const loading = useLoading(async (abort) => (await call<SetupState>("GET", "/setup", { signal: abort })).value);
  const state = loading.value.value;
  if (loading.error.value) return <Trouble error={loading.error.value} retry={loading.again} />;
  if (state === null) return <p>{t(shellTexts.loading)}</p>;
  const needsSite = state.needs.includes("site");
  const { suggested } = state;
  const apart = Math.abs(state.boxMs - Date.now());
  const submit = (fields: FormData): void => {
    const of = (name: string): string => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    if (of("password") !== of("again")) {
      problem.value = t(shellTexts.setupDiffers);
      return;
    }
    const site = {
      name: of("site").trim(),
      // Whoever sets the box up stands beside it; a box fresh from the factory lives in UTC.
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || suggested.timezone,
      language: language.value,
      ...(suggested.siteId === "" ? {} : { id: suggested.siteId }),
    };
    void finish({ password: of("password"), ...(needsSite ? { site } : {}) });
  };
  return (
    <form
      data-testid="first-run"
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget));
      }}
    >
      <h2>{t(shellTexts.setupTitle)}</h2>
      <p class="problem" role="alert" data-testid="problem">
        {problem.value}
      </p>
      <input type="text" name="user" value="admin" autocomplete="username" hidden />
      {needsSite && (
        <label>
          {t(wizardTexts.boxName)}
          <input name="site" maxLength={64} defaultValue={suggested.siteName} required />
        </label>
      )}
      <label>
        {t(shellTexts.setupNew)}
        <input name="password" type="password" autocomplete="new-password" minLength={leastPassword} required />
      </label>
      <label>
        {t(shellTexts.setupAgain)}
        <input name="again" type="password" autocomplete="new-password" minLength={leastPassword} required />
      </label>
      {apart > apartMs && <p class="bad">▲ {t(wizardTexts.clockApart, { span: spanText(apart) })}</p>}
      <button disabled={busy.value}>{t(wizardTexts.finish)}</button>
    </form>
  );
}
