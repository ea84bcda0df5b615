/** The regression set: what must fire, whether it does. */
import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { NewRegressionCase, RegressionCase, RegressionRun } from "../../api.ts";
import { spanText } from "../parts/amounts.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { shellTexts } from "../texts/shell.ts";
import { trialTexts } from "../texts/trial.ts";

/** Seven days of a busy camera take seconds on a small box. */
const deadlineMs = 120_000;

/** Moves when a case was added elsewhere on the page. */
const added = signal(0);

/** Keeps a stretch of the log as a case; the expectation is what fires in it now. @throws CallFailed */
export async function keepCase(body: NewRegressionCase): Promise<void> {
  await call<RegressionCase>("POST", "/regression", { body });
  added.value += 1;
}

/** Runs the whole set with the present rules. @throws CallFailed */
export async function runRegression(signal?: AbortSignal): Promise<RegressionRun> {
  return (await call<RegressionRun>("POST", "/regression/run", { body: {}, deadlineMs, signal })).value;
}

/** The panel. */
export function RegressionPanel(): JSX.Element {
  const loading = useLoading(
    async (signal) => (await call<readonly RegressionCase[]>("GET", "/regression", { signal })).value,
    [added.value],
  );
  const run = useSignal<RegressionRun | null>(null);
  const busy = useSignal(false);
  const cases = loading.value.value;
  const start = (): void => {
    busy.value = true;
    runRegression()
      .then((answer) => (run.value = answer))
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <section class="card stack" data-testid="regression">
      <div class="row">
        <h2 class="grow">{t(trialTexts.regression)}</h2>
        <button
          type="button"
          data-testid="regression-run"
          disabled={busy.value || (cases?.length ?? 0) === 0}
          onClick={start}
        >
          {t(trialTexts.run)}
        </button>
      </div>
      <p class="note">{t(trialTexts.regressionAbout)}</p>
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      <div role="status">{run.value && <Verdict run={run.value} />}</div>
      {cases === null
        ? loading.error.value === null && <p class="empty">{t(shellTexts.loading)}</p>
        : cases.length === 0 && <p class="empty">{t(trialTexts.noCases)}</p>}
      <ul class="cases">
        {(cases ?? []).map((one) => (
          <Case key={one.id} one={one} run={run.value} after={loading.again} />
        ))}
      </ul>
    </section>
  );
}

/** `12/12 passed`, with a sign. */
export function Verdict({ run }: { readonly run: RegressionRun }): JSX.Element {
  const { passed, cases } = run;
  const good = passed === cases.length;
  return (
    <p class={`verdict ${good ? "good" : "bad"}`} data-testid="regression-result">
      <span aria-hidden="true">{good ? "✓ " : "▲ "}</span>
      {t(trialTexts.result, { passed, count: cases.length })}
    </p>
  );
}

function Case(parts: {
  readonly one: RegressionCase;
  readonly run: RegressionRun | null;
  readonly after: () => void;
}): JSX.Element {
  const { one, run, after } = parts;
  const result = run?.cases.find(({ id }) => id === one.id);
  const remove = (): void => {
    if (!confirm(t(trialTexts.removeAsk, { name: one.name }))) return;
    call("DELETE", `/regression/${encodeURIComponent(one.id)}`)
      .then(after)
      .catch(showFailure);
  };
  return (
    <li data-testid={`case-${one.id}`}>
      <div>
        <strong>{one.name}</strong>
        <small>
          {one.camera} · {momentText(one.fromMs)} · {spanText(one.toMs - one.fromMs)}
        </small>
        <small>
          {t(trialTexts.expected)}: {listText(one.expected)}
          {result && !result.passed && !result.gone && ` · ${t(trialTexts.found)}: ${listText(result.found)}`}
        </small>
      </div>
      {result && (
        <span class={result.passed ? "good" : "bad"}>
          {result.gone
            ? `○ ${t(trialTexts.goneLog)}`
            : result.passed
              ? `✓ ${t(trialTexts.passed)}`
              : `▲ ${t(trialTexts.failed)}`}
        </span>
      )}
      {may("technician") && (
        <button type="button" class="plain icon" aria-label={t(trialTexts.remove, { name: one.name })} onClick={remove}>
          ✕
        </button>
      )}
    </li>
  );
}

function listText(list: RegressionCase["expected"]): string {
  if (list.length === 0) return t(trialTexts.nothing);
  return list.map(({ type, zone, count }) => `${count}× ${type} (${zone})`).join(", ");
}
