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
  /** True: what lies below the value stays, as for a greatest size. */
  readonly below?: boolean;
  readonly change: (value: number) => void;
  readonly reset: () => void;
}): JSX.Element {
  const { id, label, hint, value, own, max, step, shown, bins, below = false, change, reset } = parts;
  const total = bins?.reduce((sum, count) => sum + count, 0) ?? 0;
  const above = bins ? keptAbove(bins, value / max) : 0;
  const kept = below ? total - above : above;
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
