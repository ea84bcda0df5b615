/** Fields of the measures: numbers that may be left out, and the marks of a ruler. */
import type { JSX } from "preact";
import type { FlowLine } from "../../api.ts";
import { KeptInput } from "../parts/kept-input.tsx";
import { numberText, t } from "../shell/language.ts";
import { waterTexts } from "../texts/water.ts";
import {
  calibrationOf,
  fewestMarks,
  isUsable,
  mostMarks,
  withMark,
  withNewMark,
  withRuler,
  type RulerKey,
} from "./core/rulers.ts";
import type { WaterDesk } from "./desk.ts";

/** A number, or nothing. */
export function NumberField(parts: {
  readonly text: string;
  readonly testid?: string;
  readonly value: number | undefined;
  readonly may: boolean;
  readonly step?: number;
  readonly change: (value: number | undefined) => void;
}): JSX.Element {
  const { text, testid, value, may, step = 0.01, change } = parts;
  return (
    <label>
      {text}
      <KeptInput
        type="number"
        inputMode="decimal"
        data-testid={testid}
        step={step}
        disabled={!may}
        value={value ?? ""}
        take={({ valueAsNumber }) => change(Number.isFinite(valueAsNumber) ? valueAsNumber : undefined)}
      />
    </label>
  );
}

/** The marks of one ruler: metres of each, one more, one less, and how well they agree. */
export function Marks(parts: {
  readonly desk: WaterDesk;
  readonly ruler: RulerKey;
  readonly line: FlowLine;
  readonly ratio: number;
  readonly may: boolean;
}): JSX.Element {
  const { desk, ruler, line, ratio, may } = parts;
  const change = (how: (now: FlowLine) => FlowLine): void => desk.step(withRuler(desk.draft.value, ruler, how));
  return (
    <div class="stack">
      {line.marks.map(({ m }, n) => (
        <div key={n} class="row mark-row">
          <button
            type="button"
            class="plain icon"
            aria-label={t(waterTexts.choose, { n: n + 1 })}
            aria-pressed={desk.chosen.value?.ruler === ruler && desk.chosen.value.part === n}
            disabled={!may}
            onClick={() => (desk.chosen.value = { ruler, part: n })}
          >
            {n + 1}
          </button>
          <NumberField
            text={t(waterTexts.metres, { n: n + 1 })}
            testid={`mark-${ruler}-${n}`}
            value={m}
            may={may}
            change={(value) => {
              if (value !== undefined) change((now) => withMark(now, n, { m: value }));
            }}
          />
          {may && line.marks.length > fewestMarks && (
            <button
              type="button"
              class="plain icon"
              aria-label={t(waterTexts.removeMark, { n: n + 1 })}
              onClick={() => change((now) => ({ ...now, marks: now.marks.filter((_, k) => k !== n) }))}
            >
              ✕
            </button>
          )}
        </div>
      ))}
      <Agreement line={line} ratio={ratio} />
      {may && line.marks.length < mostMarks && (
        <div class="row">
          <button
            type="button"
            class="plain"
            data-testid={`add-mark-${ruler}`}
            onClick={() => {
              change((now) => withNewMark(now, ratio));
              desk.chosen.value = { ruler, part: line.marks.length };
            }}
          >
            + {t(waterTexts.addMark)}
          </button>
        </div>
      )}
    </div>
  );
}

/** A scale has three unknowns: up to three marks always agree, from four on one at the wrong place shows. */
function Agreement({ line, ratio }: { readonly line: FlowLine; readonly ratio: number }): JSX.Element {
  const calibration = calibrationOf(line, ratio);
  if (calibration === null)
    return (
      <p class="problem" role="alert" data-testid="agreement">
        {t(waterTexts.noScale)}
      </p>
    );
  if (line.marks.length <= 3)
    return (
      <p class="note" data-testid="agreement">
        {t(line.marks.length === 2 ? waterTexts.twoMarks : waterTexts.threeMarks)}
      </p>
    );
  const cm = numberText(calibration.residualM * 100, 1);
  return isUsable(calibration) ? (
    <p class="good" data-testid="agreement">
      {t(waterTexts.agree, { cm })}
    </p>
  ) : (
    <p class="problem" role="alert" data-testid="agreement">
      {t(waterTexts.disagree, { cm })}
    </p>
  );
}
