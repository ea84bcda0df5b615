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
}

/** A reader that stopped reading loses packets beyond this much in the socket's buffer. */
const maxBacklogBytes = 4_000_000;

const phrases: Readonly<Record<number, string>> = {
  200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 453: "Not Enough Bandwidth", 454: "Session Not Found",
  455: "Method Not Valid in This State", 461: "Unsupported Transport", 501: "Not Implemented", 503: "Service Unavailable", 302: "Moved Temporarily",
}; // prettier-ignore

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
    const reply = (status: number, lines: readonly string[] = [], body = ""): void => {
      const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
      const head = [
        `RTSP/1.0 ${status} ${phrases[status] ?? "Error"}`,
        `CSeq: ${request.headers.get("cseq")?.[0] ?? "0"}`,
        ...lines,
        ...length,
      ];
      if (!this.#options.socket.destroyed) this.#options.socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
    };
    if (method === "OPTIONS" && fault.kind !== "status")
      { reply(200, ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"]); return; }
    if (fault.kind === "status")
      { reply(
        fault.status,
        fault.status === 401 ? [`WWW-Authenticate: ${this.#door?.challenge ?? 'Basic realm="none"'}`] : [],
      ); return; }
    if (this.#door && !this.#door.admits(request.headers.get("authorization")?.[0], method)) {
      reply(401, [`WWW-Authenticate: ${this.#door.challenge}`]); return;
    }
    if (!mount) { reply(404); return; }
    if (fault.kind === "redirect") { reply(302, [`Location: ${fault.to}`]); return; }
    switch (method) {
      case "DESCRIBE":
        { reply(
          200,
          ["Content-Type: application/sdp", `Content-Base: ${uri.replace(/\/*$/, "/")}`],
          sdpOf(mount.clip, fault),
        ); return; }
      case "SETUP":
        { reply(...(await this.#setUp(request.headers.get("transport")?.[0] ?? "", fault))); return; }
      case "PLAY":
        if (!this.#send) { reply(455); return; }
        reply(200, ["Session: 1;timeout=60", "Range: npt=0.000-"]);
        if (fault.kind === "cut") { this.cut(); return; }
        { this.#play(mount); return; }
      case "TEARDOWN":
        reply(200, ["Session: 1"]);
        { this.#close(); return; }
      case "GET_PARAMETER":
      case "SET_PARAMETER":
        { reply(200, ["Session: 1"]); return; }
      default:
        { reply(501); return; }
    }
  }

  /** Agrees on a transport; returns status and header lines. */
  async #setUp(asked: string, fault: Fault): Promise<[number, string[]]> {
    const { socket } = this.#options;
    if (asked.includes("/TCP")) {
      if (fault.kind === "refuse-tcp") return [461, []];
      const channel = Number(/interleaved=(\d+)/.exec(asked)?.[1] ?? 0);
      this.#send = (packet) => {
        if (socket.destroyed || socket.writableLength > maxBacklogBytes) return;
        socket.write(Buffer.concat([Buffer.of(0x24, channel, packet.length >> 8, packet.length & 255), packet]));
      };
      return [200, ["Session: 1;timeout=60", `Transport: RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`]];
    }
    const ports = /client_port=(\d+)/.exec(asked)?.[1];
    if (fault.kind === "refuse-udp" || ports === undefined) return [461, []];
    const peer = socket.remoteAddress ?? "";
    const media = await this.#datagrams(peer);
    const control = await this.#datagrams(peer);
    this.#send = (packet) => {
      if (!this.#stop.signal.aborted) media.send(packet, Number(ports), peer, () => undefined);
    };
    const own = `${media.address().port}-${control.address().port}`;
    return [
      200,
      [
        "Session: 1;timeout=60",
        `Transport: RTP/AVP;unicast;client_port=${ports}-${Number(ports) + 1};server_port=${own}`,
      ],
    ];
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
    const { random } = this.#options;
    this.#playing = play(
      { clock: systemClock, clip: () => mount.clip, fault: () => mount.fault, send: this.#send, random },
      this.#stop.signal,
    );
  }
}
