/** The config as it runs, as it lies on the disk, and every way from one to the other. */
import { setInterval } from "node:timers";
import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError, WebError } from "../../runtime/errors.ts";
import type { Text } from "../../runtime/texts/fill.ts";
import { InvalidConfig, type Diagnostic } from "../diagnostic.ts";
import { refuseStrange } from "../camera-address.ts";
import { configOf, type LoadedConfig } from "../load.ts";
import { changesBetween } from "./changes.ts";
import type { Author, Change, StoreState } from "./change.ts";
import { Confirmation } from "./confirmation.ts";
import { mustBeConfirmed, reloadPlan, type Reload } from "./reload-plan.ts";
import { Revisions } from "./revisions.ts";
import { filesOf, modeOf, readTexts, revisionOfTexts, seenOf, shownFiles, withSecretsOf, type Texts } from "./texts.ts";
import { FilesMoved, writeFiles } from "./write-files.ts";

/** How often the folder is looked at for changes by hand. */
const lookMs = 1_000;
/** How long a file must lie still before it is read: an editor may be in the middle of writing it. */
const stillMs = 100;
/** A change that meets a change by hand begins anew; whoever writes faster than this is no hand. */
const maxTries = 5;

/** What a store is made of. */
export interface StoreOptions {
  /** The config folder. */
  readonly folder: string;
  /** Where revisions are kept. */
  readonly revisionsFolder: string;
  readonly clock: Clock;
  /** How long a change that may cut the box off waits for its confirmation; default 3 min. */
  readonly confirmMs?: number;
  /** Told of what could not be kept, for example on a full disk. */
  readonly onProblem?: (error: unknown) => void;
}

/** Makes the box run another config; what it throws is told to whoever asked, and the former config runs on. */
export type Apply = (next: LoadedConfig, plan: readonly Reload[], before: LoadedConfig) => Promise<readonly number[]>;

/** One for the life of the box. Changes happen one after the other. */
export class ConfigStore implements AsyncDisposable {
  readonly revisions: Revisions;
  readonly #options: StoreOptions;
  readonly #listeners = new Set<(by: string | null) => void>();
  #running: LoadedConfig;
  #onDisk: string;
  #invalid: readonly Diagnostic[] = [];
  /** What the files held when they were last taken in: only contents tell, times of files can be equal. */
  #seen: string;
  #apply: Apply = (_, plan) => Promise.resolve(plan.map(() => 0));
  readonly #confirmation: Confirmation;
  #turn: Promise<unknown> = Promise.resolve();
  #look: NodeJS.Timeout | undefined;

  private constructor(options: StoreOptions, revisions: Revisions, running: LoadedConfig, found: Texts) {
    this.#options = options;
    this.#confirmation = new Confirmation(options.confirmMs ?? 180_000, (texts) => void this.#return(texts));
    this.revisions = revisions;
    this.#running = running;
    this.#onDisk = revisionOfTexts(options.folder, found);
    this.#seen = seenOf(found);
  }

  /**
   * Loads the folder; when its files cannot be used, the last state that ran.
   * @throws ConfigError, InvalidConfig when there is nothing to run
   */
  static async open(options: StoreOptions): Promise<ConfigStore> {
    const { folder, revisionsFolder } = options;
    const revisions = await Revisions.open(revisionsFolder);
    const texts = await readTexts(folder);
    try {
      const store = new ConfigStore(options, revisions, configOf(filesOf(folder, texts)), texts);
      await store.#begin(texts);
      return store;
    } catch (error) {
      const newest = revisions.newest;
      if (!(error instanceof InvalidConfig) || newest === null) throw error;
      const former = new Map(newest.files.map(({ name, text }) => [name, text]));
      const secrets = texts.get("secrets.yaml");
      if (secrets !== undefined) former.set("secrets.yaml", secrets);
      const store = new ConfigStore(options, revisions, configOf(filesOf(folder, former)), texts);
      store.#invalid = error.diagnostics;
      return store;
    }
  }

  async #begin(texts: Texts): Promise<void> {
    if (this.revisions.newest?.revision === this.#onDisk) return;
    const former = this.revisions.newest;
    const changes =
      former === null
        ? changesBetween(null, this.#running)
        : [{ zh: "启动时读取的文件", en: "files as found at the start" }];
    await this.#keep({ user: null, via: "file" }, changes, texts);
  }

  get running(): LoadedConfig {
    return this.#running;
  }

  state(): StoreState {
    return {
      running: this.#running.revision,
      onDisk: this.#onDisk,
      invalid: this.#invalid,
      pending: this.#confirmation.pending,
    };
  }

  /** Begins to follow changes by hand, and says how the box takes on another config. */
  follow(apply: Apply): void {
    this.#apply = apply;
    this.#look = setInterval(
      () => void this.lookNow().catch((error: unknown) => this.#options.onProblem?.(error)),
      lookMs,
    );
    this.#look.unref();
  }

  /** Told after every change; returns how to stop listening. */
  onChanged(listener: (by: string | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The files as they lie on the disk. */
  texts(): Promise<Texts> {
    return readTexts(this.#options.folder);
  }

  /**
   * Changes the files and makes the box run them: all or nothing.
   * @param edit gets the files as they are now and returns them as they shall be; what it throws is thrown on
   * @throws InvalidConfig when the new files are wrong; WebError WEB_DISK when they cannot be written
   */
  change(author: Author, edit: (texts: Texts) => Texts, isDry = false): Promise<Change> {
    return this.#inTurn(async () => {
      for (let left = maxTries; ; left -= 1) {
        const before = await this.texts();
        try {
          return await this.#become(author, before, edit(before), isDry);
        } catch (error) {
          if (!(error instanceof FilesMoved)) throw error;
          if (left === 1) throw new WebError(409, "WEB_CONFLICT", {}, { cause: error });
        }
      }
    });
  }

  /** The pending change stays. False when there is none. */
  confirm(): boolean {
    if (!this.#confirmation.end()) return false;
    this.#tell(null);
    return true;
  }

  /** Looks for changes by hand, as once a second. */
  lookNow(): Promise<void> {
    return this.#inTurn(async () => {
      const found = seenOf(await this.texts());
      if (found === this.#seen) return;
      await setTimeout(stillMs);
      const texts = await this.texts();
      if (seenOf(texts) !== found) return; // Still being written: the next look finds it.
      this.#seen = found;
      await this.#read(texts);
    });
  }

  async #read(texts: Texts): Promise<void> {
    const { folder } = this.#options;
    this.#onDisk = revisionOfTexts(folder, texts);
    try {
      const next = configOf(filesOf(folder, texts));
      const isNew = next.revision !== this.#running.revision;
      const plan = reloadPlan(this.#running, next);
      const changes = changesBetween(this.#running, next);
      if (isNew || plan.length > 0) await this.#takeOn(next, plan);
      this.#invalid = [];
      if (isNew) await this.#keep({ user: null, via: "file" }, changes, texts);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#invalid = error instanceof InvalidConfig ? error.diagnostics : [];
      this.#options.onProblem?.(error);
    }
    this.#tell(null);
  }

  async #become(author: Author, before: Texts, after: Texts, isDry: boolean): Promise<Change> {
    const { folder, clock } = this.#options;
    const next = configOf(filesOf(folder, after));
    if (author.via === "command") refuseStrange(this.#running.gateway.cameras, next.gateway.cameras);
    const plan = reloadPlan(this.#running, next);
    const names = [...new Set([...before.keys(), ...after.keys()])].filter(
      (name) => before.get(name) !== after.get(name),
    );
    const isChanged = names.length > 0;
    const changes = isChanged ? changesBetween(this.#running, next) : [];
    const untimed = plan.map((reload) => ({ ...reload, tookMs: null }));
    if (isDry || !isChanged) return { config: next, isChanged, changes, reloads: untimed, confirmByMs: null };
    const isRisky = author.via !== "return" && author.via !== "set-up" && mustBeConfirmed(plan, this.#running, next);
    await this.#write(names, before, after);
    let took: readonly number[];
    try {
      took = await this.#takeOn(next, plan);
    } catch (error) {
      // What a hand wrote meanwhile stays, and the next look takes it in.
      await this.#write(names, after, before).catch((moved: unknown) => {
        if (!(moved instanceof FilesMoved)) throw moved;
      });
      throw error;
    }
    this.#onDisk = next.revision;
    this.#invalid = [];
    await this.#keep(author, changes, after);
    const { revision } = next;
    const confirmByMs = isRisky ? this.#confirmation.begin(before, { revision, changes, nowMs: clock.nowMs() }) : null;
    this.#tell(author.user);
    const reloads = plan.map((reload, index) => ({ ...reload, tookMs: took[index] ?? null }));
    return { config: next, isChanged, changes, reloads, confirmByMs };
  }

  async #write(names: readonly string[], before: Texts, after: Texts): Promise<void> {
    const { folder } = this.#options;
    const textOf = (texts: Texts, name: string): string | null => texts.get(name) ?? null;
    try {
      await writeFiles(
        folder,
        names.map((name) => ({ name, before: textOf(before, name), text: textOf(after, name), mode: modeOf(name) })),
      );
    } catch (cause) {
      if (cause instanceof FilesMoved) throw cause;
      const detail = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
      throw new WebError(507, "WEB_DISK", { detail }, { cause });
    }
    this.#seen = seenOf(after);
  }

  /** The former config runs on when the box cannot take the new one. */
  async #takeOn(next: LoadedConfig, plan: readonly Reload[]): Promise<readonly number[]> {
    const before = this.#running;
    try {
      const took = await this.#apply(next, plan, before);
      this.#running = next;
      return took;
    } catch (error) {
      await this.#apply(before, reloadPlan(next, before), next);
      throw error;
    }
  }

  async #keep(author: Author, changes: readonly Text[], texts: Texts): Promise<void> {
    const { clock, onProblem } = this.#options;
    const files = [...shownFiles(texts)];
    const revision = this.#running.revision;
    try {
      await this.revisions.add({ ...author, revision, atMs: clock.nowMs(), changes: [...changes], files });
    } catch (error) {
      onProblem?.(error); // A change that cannot be remembered is still a change that runs.
    }
  }

  /** Only `gateway.yaml` can cut the box off: zones that were drawn meanwhile stay. */
  async #return(texts: Texts): Promise<void> {
    const author = { user: null, via: "return" } as const;
    const former = texts.get("gateway.yaml") ?? "";
    try {
      await this.change(author, (now) => new Map([...now, ["gateway.yaml", former]])).catch((error: unknown) => {
        if (!(error instanceof InvalidConfig)) throw error;
        return this.change(author, (now) => withSecretsOf(texts, now));
      });
    } catch (error) {
      this.#options.onProblem?.(error);
    }
  }

  #tell(by: string | null): void {
    for (const listener of this.#listeners) listener(by);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#look);
    this.#confirmation.end();
    await this.#turn;
  }
}
