/** The first minutes after the password: clock, camera, model, zone. `#/set-up?step=camera`; each step can be left for later. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { goTo, place } from "../shell/router.ts";
import { wizardTexts } from "../texts/wizard.ts";
import { AddCamera } from "./add-camera.tsx";
import { ClockStep } from "./clock-check.tsx";
import { ModelStep } from "./model-check.tsx";
import "../events/events.css";
import "../config/config.css";
import "./wizard.css";

const steps = ["clock", "camera", "model", "zone"] as const;
type Step = (typeof steps)[number];
const titles = {
  clock: wizardTexts.clockTitle,
  camera: wizardTexts.cameraTitle,
  model: wizardTexts.modelTitle,
  zone: wizardTexts.zoneTitle,
} as const;

function open(step: Step): void {
  goTo("/set-up", { ...place.value.filters, step });
}

/** The page. */
export function SetUpPage(): JSX.Element {
  const { filters } = place.value;
  const step = steps.find((one) => one === filters["step"]) ?? "clock";
  const at = steps.indexOf(step);
  const [before, after] = [steps[at - 1], steps[at + 1]];
  return (
    <section class="stack set-up" data-testid="set-up" data-step={step}>
      <div class="row">
        <h1>{t(titles[step])}</h1>
        <small class="inline">{t(wizardTexts.step, { n: at + 1, count: steps.length })}</small>
      </div>
      <ol class="set-up-steps" aria-hidden="true">
        {steps.map((one, n) => (
          <li key={one} class={n <= at ? "reached" : ""} />
        ))}
      </ol>
      {step === "camera" ? (
        <AddCamera added={(camera) => goTo("/set-up", { step: "model", camera })} />
      ) : (
        <div class="card">
          {step === "clock" && <ClockStep />}
          {step === "model" && <ModelStep />}
          {step === "zone" && <ZoneStep />}
        </div>
      )}
      <div class="row">
        {before && (
          <button type="button" class="plain" onClick={() => open(before)}>
            {t(wizardTexts.back)}
          </button>
        )}
        {after && (
          <button
            type="button"
            class={step === "camera" ? "plain" : ""}
            data-testid="set-up-next"
            onClick={() => open(after)}
          >
            {t(step === "camera" ? wizardTexts.skip : wizardTexts.next)}
          </button>
        )}
        {!after && (
          <a class="button plain" href="#/live">
            {t(wizardTexts.done)}
          </a>
        )}
      </div>
    </section>
  );
}

function ZoneStep(): JSX.Element {
  const all = cameras.value ?? [];
  const camera = all.find(({ id }) => id === place.value.filters["camera"]) ?? all[0];
  if (!camera) return <p>{t(wizardTexts.noCamera)}</p>;
  return (
    <div class="stack">
      <p>{t(wizardTexts.zoneAbout)}</p>
      <a class="button" data-testid="draw-first" href={`#/zones/${camera.id}`}>
        {t(wizardTexts.zoneDraw, { name: camera.name })}
      </a>
    </div>
  );
}
