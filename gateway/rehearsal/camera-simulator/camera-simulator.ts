/** A camera made of a clip: an RTSP server that the demo and the tests can also make fail. */
import { createServer, type Server } from "node:net";
import { isIPv6, type AddressInfo } from "node:net";
import { loadClip } from "./clip.ts";
import type { DoorAccount } from "./door.ts";
import { noFault, type Fault } from "./fault.ts";
import { Viewer, type Mount } from "./viewer.ts";

export type { DoorAccount } from "./door.ts";
export type { Fault } from "./fault.ts";

/** How to open one. */
export interface SimulatorOptions {
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Path (with its slash) → clip file, an mp4 with H.264, H.265 or Motion JPEG. */
  readonly mounts: Readonly<Record<string, { readonly clip: string }>>;
  readonly auth?: DoorAccount;
  /** Decides which packets are lost; seeded in tests. */
  readonly random?: () => number;
}

/** Serves until disposed. Every viewer sees its clip from the start, then in an endless loop. */
export class CameraSimulator {
  readonly #server: Server;
  readonly #mounts: Map<string, Mount>;
  readonly #viewers = new Set<Viewer>();
  /** Connections accepted since the start. */
  connectionCount = 0;
  /** Pictures sent since the start, each once for every viewer. */
  pictureCount = 0;

  private constructor(options: SimulatorOptions, mounts: Map<string, Mount>) {
    this.#mounts = mounts;
    this.#server = createServer((socket) => {
      this.connectionCount += 1;
      const viewer = new Viewer({
        socket,
        mountAt: (uri) => this.#mountAt(uri),
        account: options.auth ?? null,
        random: options.random ?? Math.random,
        onPicture: () => (this.pictureCount += 1),
      });
      this.#viewers.add(viewer);
      socket.on("close", () => this.#viewers.delete(viewer));
    });
  }

  /** Reads the clips and listens; throws RangeError for a file that is no usable clip. */
  static async open(options: SimulatorOptions): Promise<CameraSimulator> {
    const mounts = new Map<string, Mount>();
    for (const [path, { clip }] of Object.entries(options.mounts))
      mounts.set(path, { clip: await loadClip(clip), fault: noFault });
    const simulator = new CameraSimulator(options, mounts);
    await new Promise<void>((resolve, reject) => {
      simulator.#server.once("error", reject);
      simulator.#server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve);
    });
    return simulator;
  }

  get port(): number {
    return this.#address.port;
  }

  /** Address of a mount, without user and password. */
  url(path: string): string {
    const { address, port } = this.#address;
    return `rtsp://${isIPv6(address) ? `[${address}]` : address}:${port}${path}`;
  }

  /** Makes a mount fail from now on, or work again with `{ kind: "none" }`. */
  setFault(path: string, fault: Fault): void {
    const mount = this.#mount(path);
    mount.fault = fault;
    if (fault.kind === "cut") for (const viewer of this.#viewers) if (viewer.watches(mount)) viewer.cut();
  }

  /** Shows another clip from the next picture on, to viewers that are connected too: a new size or a new codec. */
  async setClip(path: string, clip: string): Promise<void> {
    this.#mount(path).clip = await loadClip(clip);
  }

  /** How many viewers are connected to a mount now. */
  viewerCount(path: string): number {
    const mount = this.#mount(path);
    return [...this.#viewers].filter((viewer) => viewer.watches(mount)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const viewers = [...this.#viewers];
    for (const viewer of viewers) viewer.cut();
    await Promise.all([closed, ...viewers.map((viewer) => viewer.ended())]);
  }

  get #address(): AddressInfo {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the simulated camera is closed");
    return address;
  }

  #mount(path: string): Mount {
    const mount = this.#mounts.get(path);
    if (!mount) throw new RangeError(`no mount ${path}`);
    return mount;
  }

  /** The mount of a request: its path, or the path with the track behind it. */
  #mountAt(uri: string): Mount | undefined {
    const path = /^rtsps?:\/\/[^/]*(\/[^?]*)/.exec(uri)?.[1] ?? "";
    return this.#mounts.get(path.replace(/\/$/, "")) ?? this.#mounts.get(path.replace(/\/track0$/, ""));
  }
}
