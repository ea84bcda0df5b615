/** Trial: the test walk, the regression set, the watch after a change. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { may } from "../shell/session.ts";
import { trialTexts } from "../texts/trial.ts";
import { RegressionPanel } from "./regression.tsx";
import { WalkPanel } from "./walk.tsx";
import { WatchPanel } from "./watch.tsx";
import "../events/events.css";
import "../config/config.css";
import "./trial.css";

/** The page. */
export function TrialPage(): JSX.Element {
  return (
    <section class="stack">
      <h1>{t(trialTexts.title)}</h1>
      <WatchPanel />
      {may("technician") && <WalkPanel />}
      <RegressionPanel />
    </section>
  );
}
