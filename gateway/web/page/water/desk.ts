/** What is measured in one camera's picture, on the desk: what the box has, what is changed, undo, apply. */
import { computed, signal } from "@preact/signals";
import type { Applied, Diagnostic, Measures, MeasuresDocument } from "../../api.ts";
import { call, CallFailed } from "../shell/call.ts";
import type { Handle } from "./core/rulers.ts";

const mostSteps = 100;
const nothing: Measures = { gauge: null, flow: null };

/** Lives as long as the page, so that another camera does not cost what is not applied. */
export class WaterDesk {
  readonly camera: string;
  readonly measures = signal<Measures>(nothing);
  readonly loaded = signal(false);
  readonly busy = signal(false);
  /** Somebody else changed the camera's file since this draft began. */
  readonly overtaken = signal(false);
  readonly diagnostics = signal<readonly Diagnostic[]>([]);
  /** What arrow keys and a tap into the picture move. */
  readonly chosen = signal<Handle | null>(null);
  readonly zoom = signal(1);
  readonly #base = signal<Measures>(nothing);
  readonly #past = signal<readonly Measures[]>([]);
  #revision = "";
  readonly changed = computed(() => JSON.stringify(this.#base.value) !== JSON.stringify(this.measures.value));
  readonly canUndo = computed(() => this.#past.value.length > 0);

  constructor(camera: string) {
    this.camera = camera;
  }

  /** Fetches what the box has; what is not applied stays. @throws CallFailed */
  async open(abort?: AbortSignal): Promise<void> {
    if (this.loaded.value && this.changed.value) return;
    this.#take(await this.#ask(abort));
  }

  async #ask(abort?: AbortSignal): Promise<MeasuresDocument> {
    return (await call<MeasuresDocument>("GET", `/cameras/${this.camera}/measures`, { signal: abort })).value;
  }

  #take({ gauge, flow, revision }: MeasuresDocument): void {
    this.#base.value = { gauge, flow };
    this.measures.value = this.#base.value;
    this.#revision = revision;
    this.#past.value = [];
    this.diagnostics.value = [];
    this.loaded.value = true;
  }

  /** One step that can be undone. */
  step(next: Measures): void {
    this.#past.value = [...this.#past.value, this.measures.value].slice(-mostSteps);
    this.extend(next);
  }

  /** A movement that goes on: it belongs to the step before it. */
  extend(next: Measures): void {
    this.measures.value = next;
    this.diagnostics.value = [];
  }

  undo(): void {
    const last = this.#past.value.at(-1);
    if (!last) return;
    this.#past.value = this.#past.value.slice(0, -1);
    this.measures.value = last;
  }

  discard(): void {
    this.measures.value = this.#base.value;
    this.#past.value = [];
    this.overtaken.value = false;
    this.diagnostics.value = [];
  }

  /** Null: somebody was faster, or the box found mistakes; both are shown. @throws CallFailed */
  async apply(): Promise<Applied | null> {
    this.busy.value = true;
    const path = `/cameras/${this.camera}/measures`;
    try {
      const { value } = await call<Applied>("PUT", path, { body: this.measures.value, ifMatch: this.#revision });
      this.#take(await this.#ask());
      this.overtaken.value = false;
      return value;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.status === 412) await this.#meet();
      else if (error.status === 422 && error.problem) this.diagnostics.value = error.problem.diagnostics ?? [];
      else throw error;
      return null;
    } finally {
      this.busy.value = false;
    }
  }

  /** What is drawn here lies over what they have now: applying again takes it, undo takes theirs. */
  async #meet(): Promise<void> {
    const mine = this.measures.value;
    this.#take(await this.#ask());
    this.step(mine);
    this.overtaken.value = true;
  }
}

const desks = new Map<string, WaterDesk>();

/** The desk of a camera. */
export function waterDeskOf(camera: string): WaterDesk {
  const desk = desks.get(camera) ?? new WaterDesk(camera);
  desks.set(camera, desk);
  return desk;
}

/** Whether anything is not applied, on any desk. */
export function anyChanged(): boolean {
  return [...desks.values()].some(({ changed }) => changed.value);
}
