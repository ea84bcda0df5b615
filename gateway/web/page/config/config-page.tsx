/** The config both ways: `#/config` the files, `#/config/revisions` what was changed, `#/config/revisions/N` one of them. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { language, t } from "../shell/language.ts";
import { configState } from "../shell/live.ts";
import { askBeforeLeaving, place } from "../shell/router.ts";
import { may } from "../shell/session.ts";
import { configTexts } from "../texts/config.ts";
import { isChanged } from "./desk.ts";
import { Diagnostics, FilesPanel } from "./files-panel.tsx";
import { RevisionPage, RevisionsPanel } from "./revisions-panel.tsx";
import "../events/events.css";
import "./config.css";

/** The page. */
export function ConfigPage(): JSX.Element {
  const [, part = "", n] = /^\/config(?:\/(revisions)(?:\/(\d+))?)?$/.exec(place.value.path) ?? [];
  useEffect(() => guardLeaving(), []);
  const tabs = [
    ["", "#/config", configTexts.files],
    ["revisions", "#/config/revisions", configTexts.revisions],
  ] as const;
  // Who may not see the texts has only the revisions.
  const shown = part === "" && !may("admin") ? "revisions" : part;
  return (
    <section class="stack config-page">
      <div class="row head-row">
        <h1>{t(configTexts.title)}</h1>
        <nav class="row tabs" aria-label={t(configTexts.title)}>
          {tabs.map(([name, address, text]) => (
            <a key={name} class="button plain" href={address} aria-current={shown === name ? "page" : undefined}>
              {t(text)}
            </a>
          ))}
        </nav>
      </div>
      <State />
      {n !== undefined ? <RevisionPage n={n} /> : shown === "revisions" ? <RevisionsPanel /> : <FilesPanel />}
    </section>
  );
}

function State(): JSX.Element | null {
  const state = configState.value;
  if (state === null) return null;
  const { running, onDisk, invalid } = state;
  return (
    <div class={`card ${invalid.length > 0 ? "trouble" : ""}`} data-testid="config-state">
      <p>
        {t(configTexts.running, { revision: running.slice(0, 8) })}
        {language.value === "en" && " "}
        {running === onDisk ? t(configTexts.same) : t(configTexts.differs, { revision: onDisk.slice(0, 8) })}
      </p>
      {invalid.length > 0 && (
        <>
          <p class="bad">▲ {t(configTexts.invalid, { count: invalid.length })}</p>
          <Diagnostics found={invalid} />
        </>
      )}
    </div>
  );
}

function guardLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (isChanged.value) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  const stay = askBeforeLeaving(
    ({ path }) => path.startsWith("/config") || !isChanged.value || confirm(t(configTexts.leave)),
  );
  return () => {
    window.removeEventListener("beforeunload", ask);
    stay();
  };
}
