/** A slider over the histogram of what was seen, with the cut, the unit and how many stay. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { settingsTexts } from "../texts/settings.ts";
import { keptAbove } from "./distributions.ts";

/** Drawn in a box of 200 by 40. */
export function Slider(parts: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  /** As the file says it, or nothing when the catalogue's value counts. */
  readonly own: boolean;
  readonly max: number;
  readonly step: number;
  /** From the value to what people read. */
  readonly shown: (value: number) => string;
  readonly bins: readonly number[] | null;
  /** Values of events that somebody marked: what is true must stay, what is false should go. */
  readonly marks?: readonly { readonly value: number; readonly isTrue: boolean }[];
  /** Kept and dropped, by class, where there are several. */
  readonly byClass?: readonly { readonly name: string; readonly bins: readonly number[] }[];
  /** True: what lies below the value stays, as for a greatest size. */
  readonly below?: boolean;
  readonly change: (value: number) => void;
  readonly reset: () => void;
}): JSX.Element {
  const { id, label, hint, value, own, max, step, shown, bins, below = false, change, reset } = parts;
  const { marks = [], byClass = [] } = parts;
  const total = bins?.reduce((sum, count) => sum + count, 0) ?? 0;
  const above = bins ? keptAbove(bins, value / max) : 0;
  const kept = below ? total - above : above;
  const ofMark = (isTrue: boolean): typeof marks => marks.filter((mark) => mark.isTrue === isTrue);
  const keptOf = (isTrue: boolean): number => ofMark(isTrue).filter((mark) => mark.value >= value).length;
  const most = Math.max(1, ...(bins ?? []));
  return (
    <div class="slider" data-testid={`slider-${id}`}>
      <label>
        <span>
          {label} <output>{own ? shown(value) : t(settingsTexts.byCatalogue, { value: shown(value) })}</output>
        </span>
        {bins && (
          <svg class="histogram" viewBox="0 0 200 40" preserveAspectRatio="none" aria-hidden="true">
            {bins.map((count, bin) => (
              <rect
                key={bin}
                class={bin + 0.5 >= (value / max) * 20 === !below ? "kept" : "dropped"}
                x={bin * 10 + 0.5}
                y={40 - (count / most) * 38}
                width="9"
                height={(count / most) * 38}
              />
            ))}
            {marks.map((mark, index) => (
              <line
                key={index}
                class={mark.isTrue ? "true" : "false"}
                data-testid={`tick-${id}`}
                x1={Math.min(200, (mark.value / max) * 200)}
                x2={Math.min(200, (mark.value / max) * 200)}
                y1={mark.isTrue ? 24 : 0}
                y2={mark.isTrue ? 40 : 16}
              />
            ))}
            <line x1={(value / max) * 200} x2={(value / max) * 200} y1="0" y2="40" />
          </svg>
        )}
        <input
          type="range"
          min="0"
          max={max}
          step={step}
          value={Math.min(max, value)}
          onInput={(event) => change(event.currentTarget.valueAsNumber)}
        />
      </label>
      <div class="row">
        <small data-testid={`kept-${id}`}>
          {bins === null || total === 0
            ? t(settingsTexts.noHistory)
            : t(settingsTexts.kept, { kept, dropped: total - kept })}
          {hint !== undefined && ` · ${hint}`}
          {marks.length > 0 && (
            <span data-testid={`marked-${id}`}>
              {" · "}
              {t(settingsTexts.markedKept, {
                ...{ trueKept: keptOf(true), trueAll: ofMark(true).length },
                ...{ falseKept: keptOf(false), falseAll: ofMark(false).length },
              })}
            </span>
          )}
          {byClass.length > 1 &&
            byClass.map((one) => {
              const all = one.bins.reduce((sum, count) => sum + count, 0);
              const stay = keptAbove(one.bins, value / max);
              return (
                <span key={one.name} data-testid={`class-${id}`}>
                  {" · "}
                  {one.name} {stay}/{all}
                </span>
              );
            })}
        </small>
        {own && (
          <button type="button" class="plain small" onClick={reset}>
            {t(settingsTexts.reset)}
          </button>
        )}
      </div>
    </div>
  );
}
