/** What was changed, when and by whom; each revision can be looked at and gone back to. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Applied, RevisionDetail, RevisionRow } from "../../api.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { configState } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { said, showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { showToast } from "../shell/toasts.tsx";
import { configTexts } from "../texts/config.ts";
import { shellTexts } from "../texts/shell.ts";
import { DiffView } from "./diff-view.tsx";

const vias = {
  page: configTexts.viaPage,
  file: configTexts.viaFile,
  command: configTexts.viaCommand,
  "set-up": configTexts.viaSetUp,
  return: configTexts.viaReturn,
} as const;

/** Goes back to a revision as a new one. @throws CallFailed */
export async function rollBack(n: number): Promise<void> {
  const { value } = await call<Applied>("POST", `/revisions/${n}/rollback`, { deadlineMs: 60_000 });
  showToast({ mood: "good", text: t(configTexts.rolledBack, { n, what: value.changes.map(said).join(" · ") }) });
}

/** The list. */
export function RevisionsPanel(): JSX.Element {
  const loading = useLoading(
    async (signal) => (await call<readonly RevisionRow[]>("GET", "/revisions", { signal })).value,
    [configState.value?.running, configState.value?.onDisk],
  );
  const rows = loading.value.value;
  if (loading.error.value) return <Trouble error={loading.error.value} retry={loading.again} />;
  if (rows === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  if (rows.length === 0) return <p class="empty">{t(configTexts.none)}</p>;
  return (
    <ol class="revisions" data-testid="revisions">
      {rows.map((row) => (
        <Row key={row.n} row={row} after={loading.again} />
      ))}
    </ol>
  );
}

function Head({ row }: { readonly row: RevisionRow }): JSX.Element {
  return (
    <p>
      <strong>{t(configTexts.revision, { n: row.n })}</strong> <code>{row.revision.slice(0, 8)}</code>{" "}
      {row.running && <span class="sign good">● {t(configTexts.runs)}</span>}{" "}
      <small class="inline">
        {momentText(row.atMs)} · {row.user ?? ""} {t(vias[row.via])}
      </small>
    </p>
  );
}

function Changes({ row }: { readonly row: RevisionRow }): JSX.Element {
  return (
    <ul>
      {row.changes.map((one) => (
        <li key={one.en}>{said(one)}</li>
      ))}
      {row.changes.length === 0 && <li class="note">{t(configTexts.noChanges)}</li>}
    </ul>
  );
}

function Row({ row, after }: { readonly row: RevisionRow; readonly after: () => void }): JSX.Element {
  const busy = useSignal(false);
  const go = (): void => {
    if (!confirm(t(configTexts.rollBackAsk, { n: row.n }))) return;
    busy.value = true;
    rollBack(row.n)
      .then(after)
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <li class="card stack" data-testid={`revision-${row.n}`}>
      <Head row={row} />
      <Changes row={row} />
      <div class="row">
        {may("admin") && (
          <a class="button plain" href={`#/config/revisions/${row.n}`}>
            {t(configTexts.show)}
          </a>
        )}
        {!row.running && (
          <button type="button" class="plain" data-testid={`rollback-${row.n}`} disabled={busy.value} onClick={go}>
            {t(configTexts.rollBack)}
          </button>
        )}
      </div>
    </li>
  );
}

/** One revision with its difference. */
export function RevisionPage({ n }: { readonly n: string }): JSX.Element {
  const loading = useLoading(
    async (signal) => (await call<RevisionDetail>("GET", `/revisions/${n}`, { signal })).value,
    [n],
  );
  const row = loading.value.value;
  return (
    <div class="stack" data-testid="revision-detail">
      <a href="#/config/revisions">← {t(configTexts.back)}</a>
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      {row ? (
        <>
          <div class="card">
            <Head row={row} />
            <Changes row={row} />
          </div>
          <DiffView before={row.before} after={row.after} />
        </>
      ) : (
        loading.error.value === null && <p class="empty">{t(shellTexts.loading)}</p>
      )}
    </div>
  );
}
