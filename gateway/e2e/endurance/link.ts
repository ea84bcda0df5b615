/** A line between a box and its platform that can be cut, stalled, left half-open, or slow like a modem: one queue for all that goes up. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  dead: boolean;
}

/** Listens on its own port and carries to `target`. */
export class Link implements AsyncDisposable {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #bytesPerMs: number;
  readonly #wayMs: number;
  /** When the last octet that was given to the line will be through. */
  #freeAtMs = 0;
  #upBytes = 0;
  #downBytes = 0;
  #isDown = false;
  #stalled = false;

  private constructor(server: Server, bytesPerMs: number, wayMs: number) {
    this.#server = server;
    this.#bytesPerMs = bytesPerMs;
    this.#wayMs = wayMs;
  }

  /** @param target `tcp://127.0.0.1:port`; @param bytesPerMs of the way up, Infinity for no bound */
  static async open(
    target: string,
    options: { readonly bytesPerMs?: number; readonly wayMs?: number } = {},
  ): Promise<Link> {
    const port = Number(target.split(":").at(-1));
    const server = createServer();
    const link = new Link(server, options.bytesPerMs ?? Number.POSITIVE_INFINITY, options.wayMs ?? 0);
    server.on("connection", (near) => link.#join(near, port));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return link;
  }

  /** Octets that came to be carried up, whatever became of them. */
  get upBytes(): number {
    return this.#upBytes;
  }

  get downBytes(): number {
    return this.#downBytes;
  }

  get address(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Every connection breaks, and new ones are refused until `up`. */
  cut(): void {
    this.#isDown = true;
    for (const pair of this.#pairs) this.#drop(pair);
  }

  /** Nothing goes through, nobody hears of it; what was held goes on at `up`. */
  stall(): void {
    this.#stalled = true;
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.pause();
  }

  /** Present connections carry nothing ever again and nobody hears of it; new ones work. */
  forget(): void {
    for (const pair of this.#pairs) pair.dead = true;
  }

  up(): void {
    this.#isDown = false;
    this.#stalled = false;
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pair of this.#pairs) this.#drop(pair);
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket, port: number): void {
    if (this.#isDown) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    const pair: Pair = { near, far, dead: false };
    this.#pairs.add(pair);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on("error", () => this.#drop(pair));
      socket.on("close", () => this.#drop(pair));
      if (this.#stalled) socket.pause();
    }
    const [up, down] = [new Way(), new Way()];
    near.on("data", (data) => {
      this.#upBytes += data.length;
      up.after(this.#queueMs(data.length), () => pair.dead || far.destroyed || far.write(data));
    });
    far.on("data", (data) => {
      this.#downBytes += data.length;
      down.after(this.#wayMs, () => pair.dead || near.destroyed || near.write(data));
    });
  }

  #queueMs(bytes: number): number {
    const nowMs = performance.now();
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs) + bytes / this.#bytesPerMs;
    return this.#freeAtMs - nowMs + this.#wayMs;
  }

  #drop(pair: Pair): void {
    if (!this.#pairs.delete(pair)) return;
    pair.near.destroy();
    pair.far.destroy();
  }
}

/** One direction of a connection: what is put on it comes out in order. */
export class Way {
  readonly #waiting: (() => unknown)[] = [];

  /** Does `act` after `ms`, at once when that is nothing. A timer counts from the beginning of its turn of the loop, so a later one can go off first: each lets out the oldest, whosever it was. */
  after(ms: number, act: () => unknown): void {
    if (ms <= 0 && this.#waiting.length === 0) {
      act();
      return;
    }
    this.#waiting.push(act);
    setTimeout(() => this.#waiting.shift()?.(), ms);
  }
}
