/** 24 hours of a camera in a strip: height is what was analysed, a filled foot is time without pictures. */
import type { JSX } from "preact";
import type { CameraHistory } from "../../api.ts";
import { shareText } from "../parts/amounts.ts";
import { t } from "../shell/language.ts";
import { healthTexts } from "../texts/health.ts";
import { barsOf, dayOf } from "./history.ts";

const high = 36;

/** The strip and its meaning in words. */
export function Sparkline({
  history,
  camera,
}: {
  readonly history: CameraHistory;
  readonly camera: string;
}): JSX.Element {
  const bars = barsOf(history);
  const day = dayOf(history);
  const words =
    day.upShare === null
      ? t(healthTexts.historyNone)
      : t(healthTexts.historyText, {
          share: shareText(day.upShare, 1),
          minutes: day.notObservedMin,
          reconnects: day.reconnects,
        });
  const title = t(healthTexts.history, { camera });
  return (
    <figure class="spark" data-testid="spark">
      <svg
        viewBox={`0 0 ${bars.length} ${high}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${words}`}
      >
        {bars.map(({ height, down, known, triggers }, x) => (
          <g key={x}>
            {!known && <rect class="spark-unknown" x={x} y={high - 2} width={0.9} height={2} />}
            <rect class="spark-in" x={x} y={high - height * (high - 8)} width={0.9} height={height * (high - 8)} />
            {down > 0.01 && <rect class="spark-down" x={x} y={high - down * high} width={0.9} height={down * high} />}
            {triggers > 0 && <rect class="spark-event" x={x} y={0} width={0.9} height={5} />}
          </g>
        ))}
      </svg>
      <figcaption>{words}</figcaption>
    </figure>
  );
}
