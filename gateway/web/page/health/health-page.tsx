/** How the box is: `#/health`, `#/health/log`, `#/health/support`. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { box } from "../shell/live.ts";
import { place } from "../shell/router.ts";
import { may } from "../shell/session.ts";
import { healthTexts } from "../texts/health.ts";
import { shellTexts } from "../texts/shell.ts";
import { BoxPanel } from "./box-panel.tsx";
import { CameraRows } from "./camera-rows.tsx";
import { LogPanel } from "./log-panel.tsx";
import { SupportPanel } from "./support-panel.tsx";
import { UplinkPanel } from "./uplink-panel.tsx";
import "../events/events.css";
import "./health.css";

const parts = [
  ["", healthTexts.title],
  ["log", healthTexts.log],
  ["support", healthTexts.support],
] as const;

/** The page. */
export function HealthPage(): JSX.Element {
  const part = /^\/health\/(\w+)$/.exec(place.value.path)?.[1] ?? "";
  const shown = parts.filter(([name]) => name === "" || may("technician"));
  return (
    <section class="stack health-page">
      <h1 class="unseen">{t(healthTexts.title)}</h1>
      <nav class="row tabs" aria-label={t(healthTexts.title)}>
        {shown.map(([name, text]) => (
          <a
            key={name}
            class="button plain"
            href={name === "" ? "#/health" : `#/health/${name}`}
            aria-current={part === name ? "page" : undefined}
          >
            {t(text)}
          </a>
        ))}
      </nav>
      {part === "log" ? <LogPanel /> : part === "support" ? <SupportPanel /> : <Overview />}
    </section>
  );
}

function Overview(): JSX.Element {
  const now = box.value;
  return (
    <>
      <h2 class="unseen">{t(healthTexts.cameras)}</h2>
      <CameraRows />
      {now === null ? (
        <p class="empty">{t(shellTexts.loading)}</p>
      ) : (
        <div class="health-panels">
          <UplinkPanel box={now} />
          <BoxPanel box={now} />
        </div>
      )}
    </>
  );
}
