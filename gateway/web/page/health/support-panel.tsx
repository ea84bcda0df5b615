/** The support bundle: what it would hold is shown before it is made. */
import { useSignal } from "@preact/signals";
import { Fragment, type JSX } from "preact";
import type { SupportContents } from "../../api.ts";
import { bytesText } from "../parts/amounts.ts";
import { call, CallFailed, send } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { said, showFailure } from "../shell/say-failure.ts";
import { showToast } from "../shell/toasts.tsx";
import { healthTexts } from "../texts/health.ts";
import { shellTexts } from "../texts/shell.ts";

/** Packing an old log on a slow card takes its time. */
const deadlineMs = 120_000;

/** The panel. */
export function SupportPanel(): JSX.Element {
  const busy = useSignal(false);
  const loading = useLoading(async (signal) => (await call<SupportContents>("GET", "/support", { signal })).value);
  const contents = loading.value.value;
  const make = (): void => {
    busy.value = true;
    download()
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <section class="card stack" data-testid="support-panel">
      <h2>{t(healthTexts.support)}</h2>
      <p>{t(healthTexts.supportAbout)}</p>
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      {contents === null ? (
        loading.error.value === null && <p>{t(shellTexts.loading)}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="group" aria-label={t(healthTexts.support)}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t(healthTexts.file)}</th>
                <th scope="col">{t(healthTexts.holds)}</th>
                <th scope="col">{t(healthTexts.size)}</th>
              </tr>
            </thead>
            <tbody>
              {contents.files.map(({ name, bytes, about }) => (
                <tr key={name}>
                  <td>
                    <code>
                      {/* Names of files break where their parts end. */}
                      {name.match(/[^/.-]+[/.-]?|[/.-]/g)?.map((part) => (
                        <Fragment key={part}>
                          {part}
                          <wbr />
                        </Fragment>
                      ))}
                    </code>
                  </td>
                  <td>{said(about)}</td>
                  <td class="amount">{bytesText(bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div class="row">
        <button type="button" data-testid="support-make" disabled={busy.value || contents === null} onClick={make}>
          {t(healthTexts.supportMake)}
        </button>
      </div>
    </section>
  );
}

async function download(): Promise<void> {
  const response = await send("POST", "/support", { deadlineMs });
  if (!response.ok) throw new CallFailed(response.status, null);
  const blob = await response.blob();
  const given = /filename="?([\w.-]+)"?/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const name = given ?? "xueliang-support.zip";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
  showToast({ mood: "good", text: t(healthTexts.supportMade, { name, size: bytesText(blob.size) }) });
}
