/** Boxes of one analysed frame, drawn over its picture. */
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { FrameHeader, LiveTrack } from "../../api.ts";
import { labelName } from "./labels.ts";

/** Labels are drawn in a square of a thousand, stretched with the picture: lines keep their width. */
const scale = 1_000;

/** The overlay; it is drawn anew with every frame and with nothing else. */
export function TrackBoxes({ header }: { readonly header: Signal<FrameHeader | null> }): JSX.Element {
  const tracks = header.value?.tracks ?? [];
  return (
    <>
      <svg class="boxes" viewBox={`0 0 ${scale} ${scale}`} preserveAspectRatio="none" aria-hidden="true">
        {tracks.map((track) => (
          <TrackBox key={track.id} track={track} />
        ))}
      </svg>
      {tracks.map(({ id, cls, conf, box: [x, y] }) => (
        <span key={id} class="track-name" style={{ left: `${x * 100}%`, top: `${y * 100}%` }}>
          {labelName(cls)} {Math.round(conf * 100)}
        </span>
      ))}
    </>
  );
}

function TrackBox({ track }: { readonly track: LiveTrack }): JSX.Element {
  const [x, y, width, height] = track.box;
  return (
    <rect
      class={`track ${track.state}`}
      data-track={track.id}
      x={x * scale}
      y={y * scale}
      width={width * scale}
      height={height * scale}
      vector-effect="non-scaling-stroke"
    />
  );
}
