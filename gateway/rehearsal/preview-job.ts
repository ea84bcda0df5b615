/** What crosses between the page's thread and the thread that rehearses: plain data. */
import type { ErrorCode } from "../runtime/errors.ts";
import type { Values } from "../runtime/texts/fill.ts";
import type {
  Histograms,
  PathsRequest,
  PreviewAnswer,
  PreviewRequest,
  TrackPath,
  WhyAnswer,
  WhyRequest,
  Window,
} from "./preview.ts";
import type { ZonesConfig } from "../config/zones-schema.ts";

/** Where the site lies. */
export interface RehearsalSite {
  /** Track logs lie in `tracks/CAMERA` below it. */
  readonly storageFolder: string;
  readonly timezone: string;
  /** Place of each camera, for sunrise and sunset. */
  readonly places: Readonly<Record<string, { readonly lon?: number | undefined; readonly lat?: number | undefined }>>;
}

/** How the thread is started. `stops` holds one word for each question that may be asked at a time; not 0: give it up. */
export interface RehearsalJob extends RehearsalSite {
  readonly stops: SharedArrayBuffer;
}

/** Questions that may wait at a time. */
export const mostQuestions = 64;

/** Down. `slot` is the question's word in `stops`. */
export type Question = { readonly id: number; readonly slot: number } & (
  | { readonly ask: "preview"; readonly request: PreviewRequest }
  | { readonly ask: "histograms"; readonly request: Window & { readonly zones: ZonesConfig } }
  | { readonly ask: "why"; readonly request: WhyRequest }
  | { readonly ask: "paths"; readonly request: PathsRequest }
);

/** Up. */
export type Reply = { readonly id: number } & (
  | { readonly ok: PreviewAnswer | Histograms | WhyAnswer | readonly TrackPath[] }
  | { readonly stopped: true }
  | { readonly code: ErrorCode; readonly values: Values }
);
