/** Ten minutes after a change: more events than the day before? Does the regression set still pass? Back with one tap. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { EventPage, RevisionRow } from "../../api.ts";
import { spanText } from "../parts/amounts.ts";
import { rollBack } from "../config/revisions-panel.tsx";
import { call } from "../shell/call.ts";
import { clockText, t } from "../shell/language.ts";
import { cameras, clockAheadMs } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { nowMs } from "../shell/ticking.ts";
import { watched, watchMs, type Watched } from "../shell/watching.ts";
import { trialTexts } from "../texts/trial.ts";
import { runRegression, Verdict } from "./regression.tsx";

const dayMs = 86_400_000;
/** The box gives no more in one answer, and more is an alarm anyhow. */
const most = 200;
const countEveryMs = 10_000;

/** The panel; without a change it says so. */
export function WatchPanel(): JSX.Element {
  const now = watched.value;
  return (
    <section class="card stack" data-testid="watch">
      <h2>{t(trialTexts.watch)}</h2>
      {now === null ? <p class="note">{t(trialTexts.watchNone)}</p> : <Watching key={now.revision} now={now} />}
    </section>
  );
}

function Watching({ now }: { readonly now: Watched }): JSX.Element {
  const leftMs = now.sinceMs + watchMs - nowMs.value;
  const regression = useLoading((signal) => runRegression(signal), [now.revision]);
  return (
    <>
      <p>{t(trialTexts.watchAbout, { time: clockText(now.sinceMs) })}</p>
      <p role="timer">{leftMs > 0 ? t(trialTexts.watchLeft, { span: spanText(leftMs) }) : t(trialTexts.watchOver)}</p>
      <Counts now={now} />
      {regression.value.value && regression.value.value.cases.length > 0 && <Verdict run={regression.value.value} />}
      <div class="row">
        {may("technician") && <RollBack now={now} />}
        <button type="button" class="plain" data-testid="watch-end" onClick={() => (watched.value = null)}>
          {t(trialTexts.keep)}
        </button>
      </div>
    </>
  );
}

type Counts = ReadonlyMap<string, number>;

async function countOf(fromMs: number, toMs: number, signal: AbortSignal): Promise<Counts> {
  const query = `fromMs=${fromMs}&toMs=${toMs}&limit=${most}&testWalk=false`;
  const { value } = await call<EventPage>("GET", `/events?${query}`, { signal });
  const counts = new Map<string, number>([["", value.events.length]]);
  for (const { camera } of value.events) counts.set(camera, (counts.get(camera) ?? 0) + 1);
  return counts;
}

function Counts({ now }: { readonly now: Watched }): JSX.Element {
  const fromMs = now.sinceMs + clockAheadMs.peek();
  const elapsedMs = Math.min(watchMs, Math.max(0, nowMs.value - now.sinceMs));
  const loading = useLoading(
    async (signal) => {
      const [present, before] = await Promise.all([
        countOf(fromMs, fromMs + elapsedMs, signal),
        countOf(fromMs - dayMs, fromMs - dayMs + elapsedMs, signal),
      ]);
      return { present, before };
    },
    [Math.floor(elapsedMs / countEveryMs)],
  );
  const counts = loading.value.value;
  const said = (count: number): string => (count >= most ? t(trialTexts.atLeast, { count }) : String(count));
  return (
    <>
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      <table class="watch-counts">
        <thead>
          <tr>
            <th scope="col">{t(trialTexts.camera)}</th>
            <th scope="col">{t(trialTexts.now)}</th>
            <th scope="col">{t(trialTexts.dayBefore)}</th>
          </tr>
        </thead>
        <tbody>
          {[{ id: "", name: t(trialTexts.total) }, ...(cameras.value ?? [])].map(({ id, name }) => {
            const [present, before] = [counts?.present.get(id) ?? 0, counts?.before.get(id) ?? 0];
            return (
              <tr key={id} class={present > 2 * before + 2 ? "bad" : ""}>
                <th scope="row">{name}</th>
                <td>{counts ? `${present > 2 * before + 2 ? "▲ " : ""}${said(present)}` : "…"}</td>
                <td>{counts ? said(before) : "…"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function RollBack({ now }: { readonly now: Watched }): JSX.Element {
  const busy = useSignal(false);
  const revisions = useLoading(
    async (signal) => (await call<readonly RevisionRow[]>("GET", "/revisions", { signal })).value,
    [now.revision],
  );
  const target = revisions.value.value?.find(({ revision }) => revision === now.before);
  const go = (n: number): void => {
    busy.value = true;
    rollBack(n)
      .then(() => (watched.value = null))
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <button
      type="button"
      data-testid="watch-rollback"
      disabled={busy.value || target === undefined}
      onClick={() => target && go(target.n)}
    >
      {t(trialTexts.rollBack)} {target && t(trialTexts.rollBackTo, { n: target.n })}
    </button>
  );
}
