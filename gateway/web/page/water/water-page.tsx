/** Water level and surface speed of a camera: `#/water?camera=ID`. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { CameraView } from "../../api.ts";
import { ratioOf } from "../editor/ratio.ts";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { askBeforeLeaving, place, setFilters } from "../shell/router.ts";
import { said, showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { showToast } from "../shell/toasts.tsx";
import { scheduleTexts } from "../texts/schedules.ts";
import { shellTexts } from "../texts/shell.ts";
import { waterTexts } from "../texts/water.ts";
import { anyChanged, waterDeskOf, type WaterDesk } from "./desk.ts";
import { FlowPanel, GaugePanel } from "./panels.tsx";
import { WaterStage } from "./stage.tsx";
import "../events/events.css";
import "../live/live.css";
import "./water.css";

/** The page. */
export function WaterPage(): JSX.Element {
  const all = cameras.value;
  useEffect(() => guardLeaving(), []);
  if (all === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  const camera = all.find(({ id }) => id === place.value.filters["camera"]) ?? all[0];
  return (
    <section class="stack water-page">
      <div class="row head-row">
        <h1>{t(shellTexts.water)}</h1>
        <label class="row">
          {t(scheduleTexts.camera)}
          <select
            data-testid="water-camera"
            value={camera?.id ?? ""}
            onChange={(event) => setFilters({ camera: event.currentTarget.value })}
          >
            {all.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="note">{t(waterTexts.about)}</p>
      {camera && <OfCamera key={camera.id} camera={camera} desk={waterDeskOf(camera.id)} />}
    </section>
  );
}

function guardLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (anyChanged()) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  const stay = askBeforeLeaving(
    ({ path }) => path.startsWith("/water") || !anyChanged() || confirm(t(scheduleTexts.leave)),
  );
  return () => {
    window.removeEventListener("beforeunload", ask);
    stay();
  };
}

function OfCamera({ camera, desk }: { readonly camera: CameraView; readonly desk: WaterDesk }): JSX.Element {
  const loading = useLoading((signal) => desk.open(signal), [desk.camera]);
  const mayEdit = may("technician");
  const ratio = ratioOf(camera);
  if (loading.error.value) return <Trouble error={loading.error.value} retry={loading.again} />;
  if (!desk.loaded.value) return <p class="empty">{t(shellTexts.loading)}</p>;
  const parts = { desk, camera, ratio, may: mayEdit };
  return (
    <>
      {mayEdit && <DraftHead desk={desk} />}
      <div class="water-columns">
        <WaterStage {...parts} />
        <div class="stack">
          <GaugePanel {...parts} />
          <FlowPanel {...parts} />
        </div>
      </div>
    </>
  );
}

/** Changed or not, undo, discard, apply, and what the box says. */
function DraftHead({ desk }: { readonly desk: WaterDesk }): JSX.Element {
  const changed = desk.changed.value;
  const apply = async (): Promise<void> => {
    const applied = await desk.apply();
    if (applied === null) return;
    const what = applied.changes.map(said).join(" · ");
    showToast({ mood: "good", text: t(applied.changed ? scheduleTexts.applied : scheduleTexts.nothing, { what }) });
  };
  return (
    <div class="card row draft-head" data-testid="water-draft">
      <strong>{t(changed ? scheduleTexts.changed : scheduleTexts.unchanged)}</strong>
      <button type="button" class="plain" data-testid="undo" disabled={!desk.canUndo.value} onClick={() => desk.undo()}>
        {t(scheduleTexts.undo)}
      </button>
      <button type="button" class="plain" data-testid="discard" disabled={!changed} onClick={() => desk.discard()}>
        {t(scheduleTexts.discard)}
      </button>
      <button
        type="button"
        data-testid="apply"
        disabled={!changed || desk.busy.value}
        onClick={() => void apply().catch(showFailure)}
      >
        {t(scheduleTexts.apply)}
      </button>
      {desk.overtaken.value && (
        <p class="bad" role="alert">
          {t(waterTexts.overtaken)}
        </p>
      )}
      {desk.diagnostics.value.length > 0 && (
        <ul class="trouble" role="alert" data-testid="diagnostics">
          {desk.diagnostics.value.map(({ pointer, text, hint }) => (
            <li key={`${pointer} ${text.en}`}>
              <code>{pointer}</code> {said(text)} {said(hint)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
