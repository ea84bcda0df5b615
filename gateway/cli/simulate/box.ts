/** A real box but for its cameras: real keys, database, outbox and sockets. */
import { copyFile, mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { typeOf } from "../../config/catalogue/catalogue.ts";
import { gatewaySchema } from "../../config/schema.ts";
import { Database } from "../../database/database.ts";
import { Delivery } from "../../delivery/delivery.ts";
import type { Clock } from "../../runtime/clock.ts";
import { systemClock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import type { Language } from "../../runtime/texts/fill.ts";
import { version } from "../../runtime/version.ts";
import type { SimulatedBox } from "./scenarios.ts";

/** Where the box lives and where it sends. */
export interface BoxOptions {
  readonly gw: string;
  readonly folder: string;
  readonly address: string;
  readonly serverKey: string;
  readonly signal: AbortSignal;
  /** Longest wait for acknowledgements, ms. */
  readonly patienceMs: number;
}

/** Totals over all lives of the box. */
export interface BoxTotals {
  readonly recorded: number;
  readonly waiting: number;
  readonly evidenceWaiting: number;
  readonly lastError: string;
}

const file = "gateway.db";

/** A box; alive from `open` until disposed. */
export class CameralessBox implements SimulatedBox, AsyncDisposable {
  readonly #options: BoxOptions;
  #offMs = 0;
  #recorded = 0;
  #lastError: GatewayError | null = null;
  #life: { readonly delivery: Delivery; readonly database: Database } | null = null;
  readonly clock: Clock = {
    nowMs: () => Math.max(0, systemClock.nowMs() + this.#offMs),
    monotonicMs: () => systemClock.monotonicMs(),
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
  };

  private constructor(options: BoxOptions) {
    this.#options = options;
  }

  /** Opens or makes the box in its folder. */
  static async open(options: BoxOptions): Promise<CameralessBox> {
    const box = new CameralessBox(options);
    await box.#start();
    // What an earlier run left in the folder is sent as well, and counts.
    box.#recorded = box.totals.waiting;
    return box;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  /** What stands in the way, with its remedy; empty when nothing did. */
  sayError(language: Language): string {
    const error = this.#lastError;
    return error ? `${error.say(language)} [${error.code}] ${error.hint(language)}` : "";
  }

  get totals(): BoxTotals {
    const uplink = this.#life?.delivery.status().uplinks[0];
    const lastError = this.#lastError?.code ?? "";
    return {
      recorded: this.#recorded,
      waiting: uplink?.depth ?? 0,
      evidenceWaiting: uplink?.evidenceWaiting ?? 0,
      lastError,
    };
  }

  async record(...of: Parameters<SimulatedBox["record"]>): Promise<void> {
    await this.#life?.delivery.record(...of);
    this.#recorded += 1;
  }

  setClockOff(ms: number): void {
    this.#offMs = ms;
  }

  async settle(): Promise<void> {
    const endMs = systemClock.monotonicMs() + this.#options.patienceMs;
    const done = (): boolean => this.totals.waiting === 0 && this.totals.evidenceWaiting === 0;
    while (!done() && systemClock.monotonicMs() < endMs && !this.signal.aborted) await systemClock.sleep(50);
  }

  async rollBack(meanwhile: () => Promise<void>): Promise<void> {
    const { folder } = this.#options;
    const copy = join(folder, "yesterday");
    await this.#stop();
    await mkdir(copy, { recursive: true });
    await copied(folder, copy);
    await this.#start();
    await meanwhile();
    await this.#stop();
    await copied(copy, folder);
    await rm(copy, { recursive: true, force: true });
    await this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }

  async #start(): Promise<void> {
    const { gw, folder, address, serverKey } = this.#options;
    const database = await Database.open(join(folder, file));
    const delivery = await Delivery.open({
      config: gatewaySchema.parse({
        schema: "xueliang.gateway/1",
        site: { id: gw, name: `模拟 ${gw}` },
        uplinks: [{ id: "check", address, serverKey }],
        cameras: [{ id: "simulated", url: "file:none.mp4", name: "模拟摄像机" }],
      }),
      database,
      clock: this.clock,
      log: { info: () => undefined, warn: (_values, _fact, error) => this.#note(error), error: () => undefined },
      typeInfo: typeOf,
      provenance: () => ({ software: version, model: null, configRevision: "simulated" }),
    });
    this.#life = { delivery, database };
  }

  #note(error: unknown): void {
    if (error instanceof GatewayError) this.#lastError = error;
  }

  async #stop(): Promise<void> {
    const life = this.#life;
    this.#life = null;
    await life?.delivery[Symbol.asyncDispose]();
    life?.database[Symbol.dispose]();
  }
}

async function copied(from: string, to: string): Promise<void> {
  for (const tail of ["", "-wal", "-shm"]) {
    await rm(join(to, `${file}${tail}`), { force: true });
    if (await stat(join(from, `${file}${tail}`)).catch(() => null))
      await copyFile(join(from, `${file}${tail}`), join(to, `${file}${tail}`));
  }
}
