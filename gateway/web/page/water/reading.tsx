/** What the box reads now, or why it does not. */
import type { JSX } from "preact";
import { sayNoReading } from "../../../runtime/texts/no-reading.ts";
import type { Reading } from "../../api.ts";
import { clockText, numberText, t } from "../shell/language.ts";
import { waterTexts } from "../texts/water.ts";

/** One line; `reading` null: none came yet. */
export function ReadingLine(parts: {
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
  readonly reading: Reading | null;
  readonly testid: string;
}): JSX.Element {
  const { name, unit, digits, reading, testid } = parts;
  return (
    <p class="reading" data-testid={testid} data-value={reading?.value ?? ""} data-reason={reading?.reason ?? ""}>
      {name} <strong class={reading?.value == null ? "off" : "good"}>{valueText(reading, unit, digits)}</strong>
      {reading && (
        <small>
          {clockText(reading.atMs)}
          {reading.value === null ? ` · ${whyText(reading.reason)}` : ` · ${sureText(reading.confidence)}`}
        </small>
      )}
    </p>
  );
}

function valueText(reading: Reading | null, unit: string, digits: number): string {
  if (!reading) return t(waterTexts.notYet);
  return reading.value === null ? t(waterTexts.noReading) : `${numberText(reading.value, digits)} ${unit}`;
}

const sureText = (confidence: number): string => t(waterTexts.sure, { share: Math.round(confidence * 100) });

function whyText(reason: string | null): string {
  return reason === null ? "" : t(sayNoReading(reason));
}
