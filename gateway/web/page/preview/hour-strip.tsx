/** Events per hour, both series: the present rules as an outline, the draft filled. */
import type { JSX } from "preact";
import type { PreviewAnswer } from "../../api.ts";
import { momentText, t } from "../shell/language.ts";
import { previewTexts } from "../texts/preview.ts";

const height = 60;

/** One bar an hour. */
export function HourStrip({ hours }: { readonly hours: PreviewAnswer["hours"] }): JSX.Element | null {
  if (hours.length === 0) return null;
  const most = Math.max(1, ...hours.flatMap(({ present, draft }) => [present, draft]));
  const width = hours.length * 10;
  const bar = (count: number): { readonly y: number; readonly height: number } => {
    const size = (count / most) * (height - 4);
    return { y: height - size, height: size };
  };
  return (
    <figure class="hour-strip" data-testid="hour-strip">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={t(previewTexts.hours)}>
        {hours.map(({ startMs, present, draft }, index) => (
          <g key={startMs}>
            <rect class="draft" x={index * 10 + 1} width="8" {...bar(draft)} />
            <rect class="present" x={index * 10 + 1} width="8" {...bar(present)} />
            <title>{`${momentText(startMs)}: ${present} → ${draft}`}</title>
          </g>
        ))}
      </svg>
      <figcaption>
        <small>
          {momentText(hours[0]?.startMs ?? 0)} – {momentText(hours.at(-1)?.startMs ?? 0)} · {t(previewTexts.hours)}
        </small>
      </figcaption>
    </figure>
  );
}
