/** What a receiver has done, as numbers that only grow, and what it is doing; shown in Prometheus' text format. */
import type { Committed } from "./sink.ts";

/** Upper bounds of the buckets of a commit's duration, seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const names = {
  handshakes: ["xueliang_handshakes_total", "HELLOs that were let on"],
  refused: ["xueliang_handshakes_refused_total", "HELLOs that were told to come back later"],
  badFrames: ["xueliang_bad_frames_total", "messages that were none"],
  events: ["xueliang_events_total", "events stored for the first time"],
  duplicates: ["xueliang_event_duplicates_total", "events that were known already"],
  quarantined: ["xueliang_quarantined_total", "items put aside"],
  badSignatures: ["xueliang_bad_signatures_total", "events whose signature is wrong or missing"],
  refusedCommits: ["xueliang_commits_refused_total", "groups that the store did not take"],
  evidenceRefused: ["xueliang_evidence_refused_total", "pieces of evidence that the store did not take"],
  evidence: ["xueliang_evidence_files_total", "pieces of evidence that are whole"],
} as const;

/** Name of a counter. */
export type Counter = keyof typeof names;

/** The numbers of one receiver. */
export class Meters {
  readonly #counts = new Map<Counter, number>();
  readonly #buckets = bounds.map(() => 0);
  #commits = 0;
  #commitSec = 0;

  count(counter: Counter, by = 1): void {
    this.#counts.set(counter, this.value(counter) + by);
  }

  value(counter: Counter): number {
    return this.#counts.get(counter) ?? 0;
  }

  /** One group reached the store in `sec`. */
  committed(done: readonly Committed[], sec: number): void {
    this.#commits += 1;
    this.#commitSec += sec;
    for (const [i, bound] of bounds.entries()) if (sec <= bound) this.#buckets[i] = (this.#buckets[i] ?? 0) + 1;
    for (const { fresh, duplicates, quarantined } of done) {
      this.count("events", fresh.length);
      this.count("duplicates", duplicates.length);
      this.count("quarantined", quarantined.length);
    }
  }

  /** @param now what holds at this moment: boxes connected and enrolled */
  prometheus(now: { readonly connected: number; readonly enrolled: number }): string {
    const lines: string[] = [];
    const say = (name: string, type: string, help: string, samples: readonly (readonly [string, number])[]): void => {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [tail, value] of samples) lines.push(`${name}${tail} ${value}`);
    };
    for (const [counter, [name, help]] of Object.entries(names) as readonly [Counter, (typeof names)[Counter]][])
      say(name, "counter", help, [["", this.value(counter)]]);
    say("xueliang_commit_seconds", "histogram", "time of one group commit", [
      ...bounds.map((bound, i) => [`_bucket{le="${bound}"}`, this.#buckets[i] ?? 0] as const),
      [`_bucket{le="+Inf"}`, this.#commits],
      ["_sum", this.#commitSec],
      ["_count", this.#commits],
    ]);
    say("xueliang_boxes_connected", "gauge", "boxes whose event socket is open", [["", now.connected]]);
    say("xueliang_boxes_enrolled", "gauge", "boxes that may come", [["", now.enrolled]]);
    say("xueliang_receiver_resident_bytes", "gauge", "memory of this process", [["", process.memoryUsage.rss()]]);
    return `${lines.join("\n")}\n`;
  }
}
