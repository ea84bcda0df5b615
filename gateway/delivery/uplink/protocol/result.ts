/** Words about commands on their way up, cut into messages and put together again; pure. */
import { maxPayloadBytes, maxResultBytes } from "./limits.ts";
import type { CommandState, Header, Message } from "./messages.ts";

/** What a box says of a command. */
export interface Result {
  /** Id of the command, 32 hex digits. */
  readonly cmd: string;
  /** Who says it: the box that the command was for. */
  readonly gw: string;
  readonly state: CommandState;
  /** One sentence, at most 200 characters. */
  readonly detail: string;
  /** JSON of what was asked for; at most 1 MiB, mostly empty. */
  readonly body: Uint8Array;
}

/** As many RES as it takes. A body over the limit is left out and the detail says so. */
export function resultMessages({ cmd, gw, state, detail, body }: Result): readonly Message[] {
  const fits = body.length <= maxResultBytes;
  const whole = fits ? body : new Uint8Array();
  const parts = Math.max(1, Math.ceil(whole.length / maxPayloadBytes));
  const said = fits ? detail.slice(0, 200) : `result of ${body.length} octets left out`;
  return Array.from({ length: parts }, (_, i): Message => {
    const header = { cmd, gw, state, part: i + 1, parts, detail: said };
    return { kind: "RES", header, payload: whole.subarray(i * maxPayloadBytes, (i + 1) * maxPayloadBytes) };
  });
}

/** Puts the parts of results together; holds at most `most` unfinished ones, the oldest goes first. */
export class ResultParts {
  readonly #most: number;
  readonly #open = new Map<string, { readonly header: Header<"RES">; readonly bodies: readonly Uint8Array[] }>();

  constructor(most = 64) {
    this.#most = most;
  }

  /** The whole result when `payload` was its last part; null while more is to come or the parts do not follow each other. */
  take(header: Header<"RES">, payload: Uint8Array): Result | null {
    const { cmd, gw, state, part, parts, detail } = header;
    const before = part === 1 ? [] : this.#open.get(cmd)?.bodies;
    if (before?.length !== part - 1 || part > parts) {
      this.#open.delete(cmd);
      return null;
    }
    const bodies = [...before, payload];
    this.#open.delete(cmd);
    if (part === parts) return { cmd, gw, state, detail, body: Buffer.concat(bodies) };
    this.#open.set(cmd, { header, bodies });
    const [oldest] = this.#open.keys();
    if (this.#open.size > this.#most && oldest !== undefined) this.#open.delete(oldest);
    return null;
  }
}
