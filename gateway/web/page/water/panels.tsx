/** The settings of gauge and section beside the picture. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { CameraView, Flow, Gauge } from "../../api.ts";
import { KeptInput } from "../parts/kept-input.tsx";
import { without } from "../parts/without.ts";
import { t } from "../shell/language.ts";
import { waterTexts } from "../texts/water.ts";
import { newFlow, newGauge, newLine } from "./core/beginnings.ts";
import { mostLines } from "./core/rulers.ts";
import type { WaterDesk } from "./desk.ts";
import { Marks, NumberField } from "./fields.tsx";
import { ReadingLine } from "./reading.tsx";

interface PanelParts {
  readonly desk: WaterDesk;
  readonly camera: CameraView;
  readonly ratio: number;
  readonly may: boolean;
}

/** `thing` with a key set, or without it. */
function put<T extends object, K extends keyof T>(thing: T, key: K, value: T[K] | undefined): T {
  return value === undefined ? (without(thing, key) as T) : { ...thing, [key]: value };
}

const levelNames = ["guard", "warning", "guaranteed", "low"] as const;

/** Water level. */
export function GaugePanel({ desk, camera, ratio, may }: PanelParts): JSX.Element {
  const { gauge } = desk.draft.value;
  const change = (next: Gauge | null): void => desk.step({ ...desk.draft.value, gauge: next });
  // Two fields can change before the page is drawn anew: each begins from what is there by then.
  const edit = (how: (now: Gauge) => Gauge): void => {
    const now = desk.draft.value.gauge;
    if (now) change(how(now));
  };
  /** One slide of the width is one step, seen in the picture while it goes on. */
  const sliding = useRef(false);
  const slide = (width: number): void => {
    if (!gauge) return;
    if (sliding.current) desk.extend({ ...desk.draft.value, gauge: { ...gauge, width } });
    else edit((now) => ({ ...now, width }));
    sliding.current = true;
  };
  if (!gauge)
    return (
      <section class="card stack" data-testid="gauge-panel">
        <h2>{t(waterTexts.gauge)}</h2>
        <p class="note">{t(waterTexts.gaugeAbout)}</p>
        {may && (
          <div class="row">
            <button type="button" data-testid="add-gauge" onClick={() => change(newGauge)}>
              + {t(waterTexts.addGauge)}
            </button>
          </div>
        )}
      </section>
    );
  const { levels = {} } = gauge;
  return (
    <section class="card stack" data-testid="gauge-panel">
      <h2>{t(waterTexts.gauge)}</h2>
      <ReadingLine name={t(waterTexts.level)} unit="m" digits={2} reading={camera.readings.level} testid="level" />
      <h3>{t(waterTexts.marks)}</h3>
      <Marks desk={desk} ruler="gauge" line={gauge} ratio={ratio} may={may} />
      <label>
        {t(waterTexts.width)}
        <input
          type="range"
          min="0.004"
          max="0.2"
          step="0.002"
          disabled={!may}
          value={gauge.width}
          onInput={({ currentTarget }) => slide(currentTarget.valueAsNumber)}
          onChange={() => (sliding.current = false)}
        />
      </label>
      <h3>{t(waterTexts.levels)}</h3>
      <div class="water-fields">
        <label>
          {t(waterTexts.datum)}
          <KeptInput
            data-testid="datum"
            maxLength={32}
            disabled={!may}
            value={gauge.datum ?? ""}
            take={({ value }) => edit((now) => put(now, "datum", value.trim() || undefined))}
          />
        </label>
        {levelNames.map((name) => (
          <NumberField
            key={name}
            text={t(waterTexts[name])}
            testid={`level-${name}`}
            value={levels[name]}
            may={may}
            change={(value) =>
              edit((now) => {
                const next = put(now.levels ?? {}, name, value);
                return put(now, "levels", Object.keys(next).length === 0 ? undefined : next);
              })
            }
          />
        ))}
      </div>
      <h3>{t(waterTexts.limits)}</h3>
      <div class="water-fields">
        {(["minM", "maxM", "maxRiseMPerMin"] as const).map((key) => (
          <NumberField
            key={key}
            text={t(waterTexts[key])}
            testid={`limit-${key}`}
            value={gauge[key]}
            may={may}
            change={(value) => edit((now) => put(now, key, value))}
          />
        ))}
      </div>
      {may && (
        <div class="row">
          <button type="button" class="plain" data-testid="remove-gauge" onClick={() => change(null)}>
            {t(waterTexts.removeGauge)}
          </button>
        </div>
      )}
    </section>
  );
}

/** Surface speed. */
export function FlowPanel({ desk, camera, ratio, may }: PanelParts): JSX.Element {
  const { flow } = desk.draft.value;
  const change = (next: Flow | null): void => desk.step({ ...desk.draft.value, flow: next });
  const lines = flow?.lines ?? [];
  const add = (): void => change(flow ? { ...flow, lines: [...lines, newLine(lines.length)] } : newFlow);
  const remove = (n: number): void => {
    const left = lines.filter((_, k) => k !== n);
    change(flow && left.length > 0 ? { ...flow, lines: left } : null);
  };
  return (
    <section class="card stack" data-testid="flow-panel">
      <h2>{t(waterTexts.flow)}</h2>
      {flow === null && <p class="note">{t(waterTexts.flowAbout)}</p>}
      {flow && (
        <ReadingLine name={t(waterTexts.speed)} unit="m/s" digits={2} reading={camera.readings.speed} testid="speed" />
      )}
      {lines.map((line, n) => (
        <div key={n} class="stack">
          <div class="row">
            <h3>{t(waterTexts.lineN, { n: n + 1 })}</h3>
            {may && (
              <button
                type="button"
                class="plain icon"
                aria-label={t(waterTexts.removeLine, { n: n + 1 })}
                onClick={() => remove(n)}
              >
                ✕
              </button>
            )}
          </div>
          <Marks desk={desk} ruler={n} line={line} ratio={ratio} may={may} />
        </div>
      ))}
      {flow && (
        <NumberField
          text={t(waterTexts.maxMps)}
          value={flow.maxMps}
          may={may}
          step={0.1}
          change={(value) => change(put(flow, "maxMps", value))}
        />
      )}
      {may && lines.length < mostLines && (
        <div class="row">
          <button type="button" class={flow ? "plain" : ""} data-testid="add-line" onClick={add}>
            + {t(waterTexts.addLine)}
          </button>
        </div>
      )}
    </section>
  );
}
