/** A recorded clip once more through detection, with the draft: chosen, run, followed, cancelled. In a chunk of its own. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { EventDetail, EventPage, EventRow, ModelView } from "../../api.ts";
import type { Desk } from "../editor/desk.ts";
import { call } from "../shell/call.ts";
import { momentText, numberText, t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { rerunTexts } from "../texts/clip-rerun.ts";
import { previewTexts } from "../texts/preview.ts";
import { shellTexts } from "../texts/shell.ts";
import { RerunResult } from "./clip-rerun-result.tsx";
import { typeName, zoneName } from "./names.ts";
import { rerunOf, type Rerun } from "./rerun.ts";
import "./clip-rerun.css";

/** Detection thresholds that the box takes, percent. */
const [least, most] = [5, 95];

/** The panel; `asked` is the event by whose page one came, null: the newest. */
export function ClipRerunPanel({ desk, asked }: { readonly desk: Desk; readonly asked: string | null }): JSX.Element {
  const loading = useLoading((signal) => clipsOf(desk.camera, asked, signal), [desk.camera, asked]);
  const clips = loading.value.value;
  return (
    <div class="clip-rerun" data-testid="clip-rerun">
      <small>{t(rerunTexts.about)}</small>
      {loading.error.value ? (
        <Trouble error={loading.error.value} retry={loading.again} />
      ) : clips === null ? (
        <p>{t(shellTexts.loading)}</p>
      ) : clips.length === 0 ? (
        <p data-testid="rerun-none">{t(rerunTexts.none)}</p>
      ) : (
        <Order key={asked} desk={desk} clips={clips} asked={asked} />
      )}
    </div>
  );
}

/** Newest first; the one that is asked for, too, however old it is. */
async function clipsOf(camera: string, asked: string | null, signal: AbortSignal): Promise<readonly EventRow[]> {
  const { events } = (await call<EventPage>("GET", `/events?camera=${camera}&limit=200`, { signal })).value;
  const clips = events.filter(({ clip }) => clip !== null);
  if (asked === null || clips.some(({ id }) => id === asked)) return clips;
  const one = (await call<EventDetail>("GET", `/events/${encodeURIComponent(asked)}`, { signal })).value;
  return one.camera === camera && one.clip !== null ? [one, ...clips] : clips;
}

function Order(parts: {
  readonly desk: Desk;
  readonly clips: readonly EventRow[];
  readonly asked: string | null;
}): JSX.Element {
  const { desk, clips, asked } = parts;
  const rerun = rerunOf(desk.camera);
  const chosen = useSignal(asked ?? clips[0]?.id ?? "");
  const model = useSignal("");
  const percent = useSignal("");
  const event = clips.find(({ id }) => id === chosen.value) ?? clips[0];
  const value = Number(percent.value);
  const isWrong = percent.value !== "" && !(value >= least && value <= most);
  const start = (): void => {
    const confidence = percent.value === "" ? {} : { confidence: value / 100 };
    const chosenModel = model.value === "" ? {} : { model: model.value };
    if (event) void rerun.start(event, { rules: desk.editor.rules.value, ...confidence, ...chosenModel });
  };
  return (
    <>
      <label>
        {t(rerunTexts.clip)}
        <select
          data-testid="rerun-clip"
          value={event?.id}
          onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}
        >
          {clips.map((one) => (
            <option key={one.id} value={one.id}>
              {momentText(one.startMs)} · {typeName(one.type)} · {zoneName(desk, one.zone)}
              {one.mark === "false" && " ✗"}
              {one.mark === "true" && " ✓"}
            </option>
          ))}
        </select>
      </label>
      {event?.clip && (
        <video
          key={event.clip}
          src={event.clip}
          controls
          muted
          playsInline
          preload="metadata"
          aria-label={t(rerunTexts.clip)}
          data-testid="rerun-video"
        />
      )}
      <div class="two">
        <Models camera={desk.camera} choose={(id) => (model.value = id)} chosen={model.value} />
        <label>
          {t(rerunTexts.threshold)}
          <input
            type="number"
            data-testid="rerun-threshold"
            min={least}
            max={most}
            step={1}
            aria-invalid={isWrong}
            placeholder={t(rerunTexts.thresholdOwn)}
            value={percent.value}
            onInput={({ currentTarget }) => (percent.value = currentTarget.value)}
          />
        </label>
      </div>
      <Running rerun={rerun} start={start} isShut={desk.obstacle.value !== null || isWrong} />
      <RerunResult desk={desk} rerun={rerun} />
    </>
  );
}

/** Those that can be used; the first one is the camera's own. */
function Models(parts: {
  readonly camera: string;
  readonly chosen: string;
  readonly choose: (id: string) => void;
}): JSX.Element {
  const { camera, chosen, choose } = parts;
  const models = useLoading(
    async (signal) =>
      (await call<readonly ModelView[]>("GET", "/models", { signal })).value.filter((one) => !one.error),
    [],
  ).value.value;
  const isOwn = ({ cameras }: ModelView): boolean => cameras.includes(camera);
  const own = models?.find(isOwn);
  return (
    <label>
      {t(rerunTexts.model)}
      <select data-testid="rerun-model" value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <option value="">{t(rerunTexts.modelOwn, { name: own ? `${own.name} ${own.version}` : "…" })}</option>
        {models
          ?.filter((one) => !isOwn(one))
          .map(({ id, name, version }) => (
            <option key={id} value={id}>
              {name} {version}
            </option>
          ))}
      </select>
    </label>
  );
}

function Running(parts: { readonly rerun: Rerun; readonly start: () => void; readonly isShut: boolean }): JSX.Element {
  const { rerun, start, isShut } = parts;
  const state = rerun.state.value;
  const isRunning = state.kind === "running";
  const progress = isRunning && state.frames > 0 ? state : null;
  return (
    <div class="stack">
      <div class="row">
        <button type="button" data-testid="rerun-start" disabled={isRunning || isShut} onClick={start}>
          {t(rerunTexts.start)}
        </button>
        {isRunning && (
          <button type="button" class="plain" data-testid="rerun-stop" onClick={() => rerun.stop()}>
            {t(rerunTexts.stop)}
          </button>
        )}
      </div>
      {isRunning && (
        // The number is told by the bar: a reader that speaks would count aloud.
        <div data-testid="rerun-progress" data-frames={state.frames} data-of={state.of}>
          <progress value={progress?.frames} max={Math.max(1, state.of)} aria-label={t(previewTexts.rerun)} />
          <p>
            {progress
              ? t(rerunTexts.progress, { frames: numberText(progress.frames), of: numberText(progress.of) })
              : t(rerunTexts.starting)}
          </p>
        </div>
      )}
      <div role="status">{state.kind === "stopped" && <p data-testid="rerun-stopped">{t(rerunTexts.stopped)}</p>}</div>
      {state.kind === "failed" && <Trouble error={state.error} />}
    </div>
  );
}
