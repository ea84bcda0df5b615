/** Commands in the simulator: the real decision over a disk in memory, obeyed after a while, by boxes whose lives end. */
import { afterRestart, decideOn } from "../../commands/verdict.ts";
import { readCommand, type CommandEnvelope } from "../protocol/command.ts";
import type { CommandState, Header } from "../protocol/messages.ts";
import type { Result } from "../protocol/result.ts";
import type { World } from "./world.ts";

/** What a box knows of commands, on the disk. */
export interface CommandImage {
  readonly counter: number;
  readonly rows: ReadonlyMap<string, CommandState>;
}

const none = new Uint8Array();

/** The commands of one box. */
export class SimCommands {
  readonly #world: World;
  readonly #gw: string;
  /** Does `act` after `ms` if the box lives on. */
  readonly #alive: (ms: number, act: () => void) => void;
  readonly #say: (result: Result) => void;
  #counter = 0;
  #rows = new Map<string, CommandState>();

  constructor(
    world: World,
    gw: string,
    box: { readonly alive: (ms: number, act: () => void) => void; readonly say: (result: Result) => void },
  ) {
    this.#world = world;
    this.#gw = gw;
    this.#alive = box.alive;
    this.#say = box.say;
  }

  image(): CommandImage {
    return { counter: this.#counter, rows: new Map(this.#rows) };
  }

  restore({ counter, rows }: CommandImage): void {
    this.#counter = counter;
    this.#rows = new Map(rows);
  }

  start(): void {
    for (const [cmd, state] of this.#rows) this.#rows.set(cmd, afterRestart(state));
  }

  take(payload: Uint8Array): void {
    const command = readCommand(payload);
    if (!command) throw new Error("the simulator sends no unreadable commands");
    const { commands } = this.#world.variant;
    const state = commands === "answers-forgotten" ? undefined : this.#rows.get(command.cmd);
    const key = { id: "duty", alg: "ed25519", public: "", state: "trusted", counter: this.#counter } as const;
    const decision = decideOn(command, state === undefined ? null : { state, detail: "" }, {
      gw: this.#gw,
      accept: [command.op],
      key,
      nowMs: 0,
      clockKnown: false,
    });
    if (decision.kind === "repeat") this.#tell(command, decision.answer.state);
    else if (decision.kind === "refuse") {
      if (!this.#rows.has(command.cmd)) this.#rows.set(command.cmd, decision.refusal.state);
      this.#tell(command, decision.refusal.state);
    } else this.#obey(command);
  }

  #obey(command: CommandEnvelope): void {
    const { random, variant } = this.#world;
    const write = (): void => {
      this.#counter = Math.max(this.#counter, command.ctr);
      this.#rows.set(command.cmd, "accepted");
    };
    if (variant.commands !== "written-after") write();
    this.#tell(command, "accepted");
    this.#alive(random.between(1, 3_000), () => {
      this.#world.did(command.cmd);
      this.#alive(random.between(1, 500), () => {
        write();
        this.#rows.set(command.cmd, "done");
        this.#tell(command, "done");
      });
    });
  }

  #tell({ cmd }: CommandEnvelope, state: CommandState): void {
    this.#say({ cmd, gw: this.#gw, state, detail: "", body: none });
  }
}

interface Pending {
  readonly header: Header<"CMD">;
  readonly payload: Uint8Array;
}

/** Whoever carries commands to a box. */
export interface SimCarrier {
  carry(header: Header<"CMD">, payload: Uint8Array): boolean;
}

/** The folder of commands of a platform, which all its receivers share. */
export class SimSpool {
  readonly #pending = new Map<string, Pending>();
  readonly #carried = new Map<SimCarrier, Set<string>>();
  /** The newest word about each command. */
  readonly words = new Map<string, CommandState>();
  #counter = 0;

  /** Orders something of `gw`. */
  order(cmd: string, gw: string): Pending {
    this.#counter += 1;
    const envelope: CommandEnvelope = {
      cmd,
      gw,
      ctr: this.#counter,
      iat: 0,
      exp: 0,
      operator: "sim",
      reason: "",
      op: "svc.reload",
      args: {},
    };
    const payload = new TextEncoder().encode(JSON.stringify(envelope));
    const pending: Pending = { header: { cmd, gw, alg: "ed25519", key: "duty", sig: "" }, payload };
    this.#pending.set(cmd, pending);
    return pending;
  }

  /** Hands over what was not handed over in this session of a receiver's boxes. */
  carry(by: SimCarrier): void {
    const carried = this.#carried.get(by) ?? new Set();
    this.#carried.set(by, carried);
    for (const [cmd, { header, payload }] of this.#pending)
      if (!carried.has(cmd) && by.carry(header, payload)) carried.add(cmd);
  }

  /** A box came (again): everything is asked once more. */
  opened(by: SimCarrier): void {
    this.#carried.delete(by);
    this.carry(by);
  }

  answered({ cmd, state }: Result): void {
    // A word that was overtaken by the last one says nothing any more.
    if (!this.#pending.has(cmd)) return;
    this.words.set(cmd, state);
    if (state !== "accepted" && state !== "running") this.#pending.delete(cmd);
  }
}
