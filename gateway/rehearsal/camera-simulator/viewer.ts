/** One connection to the simulated camera: answers RTSP and plays what was set up. */
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import type { Socket } from "node:net";
import { RtspReader, type RtspMessage } from "../../analysis/capture/rtsp-message.ts";
import { systemClock } from "../../runtime/clock.ts";
import type { Clip } from "./clip.ts";
import { Door, type DoorAccount } from "./door.ts";
import { noFault, type Fault } from "./fault.ts";
import { play } from "./player.ts";
import { sdpOf } from "./sdp.ts";

/** What lies behind a path of the camera, as it is now. */
export interface Mount {
  clip: Clip;
  fault: Fault;
}

/** What a connection may ask its camera. */
export interface ViewerOptions {
  readonly socket: Socket;
  readonly mountAt: (path: string) => Mount | undefined;
  readonly account: DoorAccount | null;
  /** A number in 0..1; seeded in tests. */
  readonly random: () => number;
  /** Told of each picture that is sent. */
  readonly onPicture: () => void;
}

/** A reader that stopped reading loses packets beyond this much in the socket's buffer. */
const maxBacklogBytes = 4_000_000;

const phrases: Readonly<Record<number, string>> = {
  200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 453: "Not Enough Bandwidth", 454: "Session Not Found",
  455: "Method Not Valid in This State", 461: "Unsupported Transport", 501: "Not Implemented", 503: "Service Unavailable", 302: "Moved Temporarily",
}; // prettier-ignore

const methods = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER";

interface Question {
  readonly method: string;
  readonly uri: string;
  readonly request: RtspMessage;
  readonly mount: Mount | undefined;
  readonly fault: Fault;
}

interface Reply {
  readonly status: number;
  readonly lines?: readonly string[];
  readonly body?: string;
  /** Done when the answer is on its way. (Not "then": that would make a promise of it.) */
  readonly after?: () => void;
}

/** Lives as long as its connection. */
export class Viewer {
  readonly #options: ViewerOptions;
  readonly #door: Door | null;
  readonly #stop = new AbortController();
  #mount: Mount | undefined;
  #send: ((packet: Buffer) => void) | undefined;
  #sockets: DatagramSocket[] = [];
  #playing: Promise<void> | undefined;

  constructor(options: ViewerOptions) {
    this.#options = options;
    this.#door = options.account ? new Door(options.account) : null;
    const reader = new RtspReader();
    options.socket.setNoDelay(true);
    options.socket.on("data", (chunk) => {
      try {
        for (const request of reader.push(chunk)) void this.#answer(request);
      } catch {
        options.socket.destroy(); // Not RTSP at all.
      }
    });
    options.socket.on("error", () => options.socket.destroy());
    options.socket.on("close", () => {
      this.#close();
    });
  }

  /** Whether this connection looks at `mount`. */
  watches(mount: Mount): boolean {
    return this.#mount === mount;
  }

  /** Closes the connection as a camera does that loses power at its switch. */
  cut(): void {
    this.#options.socket.destroy();
    this.#close();
  }

  /** Resolves when nothing is being sent any more. */
  async ended(): Promise<void> {
    await this.#playing;
  }

  #close(): void {
    this.#stop.abort();
    for (const socket of this.#sockets) socket.close();
    this.#sockets = [];
  }

  async #answer(request: RtspMessage): Promise<void> {
    const [method = "", uri = "", version = ""] = request.startLine.split(" ");
    const mount = this.#options.mountAt(uri);
    this.#mount = mount ?? this.#mount;
    const fault = (mount ?? this.#mount)?.fault ?? noFault;
    if (fault.kind === "freeze") return;
    if (fault.kind === "http" || !version.startsWith("RTSP/")) {
      this.#options.socket.end(
        "HTTP/1.1 400 Bad Request\r\nServer: httpd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      );
      return;
    }
    const { status, lines = [], body = "", after } = await this.#replyTo({ method, uri, request, mount, fault });
    const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    const sequence = `CSeq: ${request.headers.get("cseq")?.[0] ?? "0"}`;
    const head = [`RTSP/1.0 ${status} ${phrases[status] ?? "Error"}`, sequence, ...lines, ...length];
    if (!this.#options.socket.destroyed) this.#options.socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
    after?.();
  }

  async #replyTo({ method, uri, request, mount, fault }: Question): Promise<Reply> {
    const challenge = `WWW-Authenticate: ${this.#door?.challenge ?? 'Basic realm="none"'}`;
    if (fault.kind === "status") return { status: fault.status, lines: fault.status === 401 ? [challenge] : [] };
    if (method === "OPTIONS") return { status: 200, lines: [`Public: ${methods}`] };
    if (this.#door && !this.#door.admits(request.headers.get("authorization")?.[0], method))
      return { status: 401, lines: [challenge] };
    if (!mount) return { status: 404 };
    if (fault.kind === "redirect") return { status: 302, lines: [`Location: ${fault.to}`] };
    switch (method) {
      case "DESCRIBE": {
        const lines = ["Content-Type: application/sdp", `Content-Base: ${uri.replace(/\/*$/, "/")}`];
        return { status: 200, lines, body: sdpOf(mount.clip, fault) };
      }
      case "SETUP":
        return this.#setUp(request.headers.get("transport")?.[0] ?? "", fault);
      case "PLAY": {
        if (!this.#send) return { status: 455 };
        const after = (): void => (fault.kind === "cut" ? this.cut() : this.#play(mount));
        return { status: 200, lines: ["Session: 1;timeout=60", "Range: npt=0.000-"], after };
      }
      case "TEARDOWN":
        return { status: 200, lines: ["Session: 1"], after: () => this.#close() };
      case "GET_PARAMETER":
      case "SET_PARAMETER":
        return { status: 200, lines: ["Session: 1"] };
      default:
        return { status: 501 };
    }
  }

  /** Agrees on a transport. */
  async #setUp(asked: string, fault: Fault): Promise<Reply> {
    const { socket } = this.#options;
    if (asked.includes("/TCP")) {
      if (fault.kind === "refuse-tcp") return { status: 461 };
      const channel = Number(/interleaved=(\d+)/.exec(asked)?.[1] ?? 0);
      this.#send = (packet) => {
        if (socket.destroyed || socket.writableLength > maxBacklogBytes) return;
        socket.write(Buffer.concat([Buffer.of(0x24, channel, packet.length >> 8, packet.length & 255), packet]));
      };
      return {
        status: 200,
        lines: ["Session: 1;timeout=60", `Transport: RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`],
      };
    }
    const ports = /client_port=(\d+)/.exec(asked)?.[1];
    if (fault.kind === "refuse-udp" || ports === undefined) return { status: 461 };
    const peer = socket.remoteAddress ?? "";
    const media = await this.#datagrams(peer);
    const control = await this.#datagrams(peer);
    this.#send = (packet) => {
      if (!this.#stop.signal.aborted) media.send(packet, Number(ports), peer, () => undefined);
    };
    const own = `${media.address().port}-${control.address().port}`;
    const transport = `Transport: RTP/AVP;unicast;client_port=${ports}-${Number(ports) + 1};server_port=${own}`;
    return { status: 200, lines: ["Session: 1;timeout=60", transport] };
  }

  async #datagrams(peer: string): Promise<DatagramSocket> {
    const socket = createSocket(peer.includes(":") ? "udp6" : "udp4");
    socket.on("error", () => undefined); // The viewer's port is closed: its TCP connection will say so.
    this.#sockets.push(socket);
    await new Promise<void>((bound) => socket.bind(0, this.#options.socket.localAddress, bound));
    return socket;
  }

  #play(mount: Mount): void {
    if (this.#playing || !this.#send) return;
    const { random, onPicture } = this.#options;
    this.#playing = play(
      { clock: systemClock, clip: () => mount.clip, fault: () => mount.fault, send: this.#send, random, onPicture },
      this.#stop.signal,
    );
  }
}
