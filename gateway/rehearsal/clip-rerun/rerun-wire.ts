/** What crosses between the gateway and the process that re-runs a clip: plain data. */
import type { ErrorCode } from "../../runtime/errors.ts";
import type { Values } from "../../runtime/texts/fill.ts";
import type { ClipRerunAnswer } from "./clip-rerun.ts";

/** Up; down goes one request. */
export type FromRerun =
  | { readonly kind: "frames"; readonly frames: number }
  | { readonly kind: "done"; readonly answer: ClipRerunAnswer }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly values: Values };
