/** What one camera's file says, on a desk: what the box has, what is changed here, undo, apply. */
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Applied, Diagnostic } from "../../api.ts";
import { call, CallFailed } from "../shell/call.ts";

const mostSteps = 100;

/** What a desk reads and writes. */
export interface Subject<T> {
  /** `rules` stands for `/cameras/ID/rules`. */
  readonly path: string;
  /** Before anything is loaded. */
  readonly none: T;
  /** What is edited, out of the box's document. */
  readonly of: (document: T) => T;
  /** Mine over what somebody else applied meanwhile. */
  readonly laidOver: (mine: T, theirs: T) => T;
}

/** Lives as long as the page, so that another camera does not cost what is not applied. */
export class Desk<T extends object> {
  readonly camera: string;
  readonly draft: Signal<T>;
  readonly loaded = signal(false);
  readonly busy = signal(false);
  /** Somebody else changed the camera's file since this draft began. */
  readonly overtaken = signal(false);
  readonly diagnostics = signal<readonly Diagnostic[]>([]);
  readonly changed: ReadonlySignal<boolean>;
  readonly canUndo: ReadonlySignal<boolean>;
  readonly #subject: Subject<T>;
  readonly #base: Signal<T>;
  readonly #past = signal<readonly T[]>([]);
  #revision = "";

  constructor(camera: string, subject: Subject<T>) {
    this.camera = camera;
    this.#subject = subject;
    this.#base = signal(subject.none);
    this.draft = signal(subject.none);
    this.changed = computed(() => JSON.stringify(this.#base.value) !== JSON.stringify(this.draft.value));
    this.canUndo = computed(() => this.#past.value.length > 0);
  }

  get #path(): string {
    return `/cameras/${this.camera}/${this.#subject.path}`;
  }

  /** Fetches what the box has; what is not applied stays. @throws CallFailed */
  async open(abort?: AbortSignal): Promise<void> {
    if (!this.loaded.value || !this.changed.value) await this.#fetch(abort);
  }

  async #fetch(abort?: AbortSignal): Promise<void> {
    const { value } = await call<T & { readonly revision: string }>("GET", this.#path, { signal: abort });
    this.#base.value = this.#subject.of(value);
    this.#revision = value.revision;
    this.discard();
    this.loaded.value = true;
  }

  /** One step that can be undone. */
  step(next: T): void {
    this.#past.value = [...this.#past.value, this.draft.value].slice(-mostSteps);
    this.extend(next);
  }

  /** A movement that goes on: it belongs to the step before it. */
  extend(next: T): void {
    this.draft.value = next;
    this.diagnostics.value = [];
  }

  undo(): void {
    const last = this.#past.value.at(-1);
    if (!last) return;
    this.#past.value = this.#past.value.slice(0, -1);
    this.extend(last);
  }

  discard(): void {
    this.extend(this.#base.value);
    this.#past.value = [];
    this.overtaken.value = false;
  }

  /** Null: somebody was faster, or the box found mistakes; both are shown. @throws CallFailed */
  async apply(): Promise<Applied | null> {
    this.busy.value = true;
    const mine = this.draft.value;
    try {
      const { value } = await call<Applied>("PUT", this.#path, { body: mine, ifMatch: this.#revision });
      await this.#fetch();
      return value;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.status === 412) {
        await this.#fetch();
        this.step(this.#subject.laidOver(mine, this.draft.value));
        this.overtaken.value = true;
      } else if (error.status === 422 && error.problem) this.diagnostics.value = error.problem.diagnostics ?? [];
      else throw error;
      return null;
    } finally {
      this.busy.value = false;
    }
  }
}

/** A desk, whatever lies on it. */
export type AnyDesk = Omit<Desk<object>, "draft" | "step" | "extend">;

/** The desks of a page, one a camera. */
export class Desks<D extends AnyDesk> {
  readonly #make: (camera: string) => D;
  readonly #all = new Map<string, D>();

  constructor(make: (camera: string) => D) {
    this.#make = make;
  }

  of(camera: string): D {
    const desk = this.#all.get(camera) ?? this.#make(camera);
    this.#all.set(camera, desk);
    return desk;
  }

  /** Whether anything is not applied, on any of them. */
  get anyChanged(): boolean {
    return [...this.#all.values()].some(({ changed }) => changed.value);
  }
}
