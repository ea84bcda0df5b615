/** The re-run of a clip as it goes: outlives a change of tab, ends when the editor is left. */
import { effect, signal } from "@preact/signals";
import type { ClipRerun, ClipRerunBody, ClipRerunLine, EventRow, RuleSet } from "../../api.ts";
import { eachLine } from "../parts/ndjson.ts";
import { CallFailed } from "../shell/call.ts";
import { place } from "../shell/router.ts";

/** What became of it. */
export type RerunState =
  | { readonly kind: "idle" }
  /** `of` is 0 until the box has begun. */
  | { readonly kind: "running"; readonly frames: number; readonly of: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: CallFailed }
  | { readonly kind: "done"; readonly answer: ClipRerun; readonly event: EventRow; readonly rules: RuleSet };

/** One camera's. */
export class Rerun {
  readonly state = signal<RerunState>({ kind: "idle" });
  #ending: AbortController | null = null;

  async start(event: EventRow, body: ClipRerunBody): Promise<void> {
    this.#ending?.abort();
    const ending = new AbortController();
    this.#ending = ending;
    this.state.value = { kind: "running", frames: 0, of: 0 };
    try {
      await eachLine(`/events/${encodeURIComponent(event.id)}/rerun`, body, ending.signal, (read) => {
        if (this.#ending === ending) this.#take(read as ClipRerunLine, event, body.rules);
      });
      // The answer ended without a last word: the box went away.
      if (this.state.peek().kind === "running") throw new CallFailed(0, null);
    } catch (error) {
      if (this.#ending !== ending) return;
      if (ending.signal.aborted) this.state.value = { kind: "stopped" };
      else if (error instanceof CallFailed) this.state.value = { kind: "failed", error };
      else throw error;
    }
  }

  /** The box hears of it by the line that closes. */
  stop(): void {
    if (this.state.peek().kind !== "running") return;
    this.state.value = { kind: "stopped" };
    this.#ending?.abort();
  }

  #take(line: ClipRerunLine, event: EventRow, rules: RuleSet): void {
    if (line.kind === "progress") this.state.value = { ...line, kind: "running" };
    else if (line.kind === "failed") this.state.value = { kind: "failed", error: new CallFailed(503, line.problem) };
    else this.state.value = { kind: "done", answer: line, event, rules };
  }
}

const all = new Map<string, Rerun>();

/** The one of a camera. */
export function rerunOf(camera: string): Rerun {
  const rerun = all.get(camera) ?? new Rerun();
  all.set(camera, rerun);
  return rerun;
}

// Nobody waits for it any more, and it would keep others from theirs.
effect(() => {
  const { path } = place.value;
  for (const [camera, rerun] of all) if (path !== `/zones/${camera}`) rerun.stop();
});
