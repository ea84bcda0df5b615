/** One RTSP connection of our own: asks, logs in, and says precisely what went wrong. */
import { randomBytes } from "node:crypto";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { CameraCredentials } from "../../config/schema.ts";
import { CameraError } from "../../runtime/errors.ts";
import type { Values } from "../../runtime/texts/fill.ts";
import { aborting, isTimeout } from "./aborting.ts";
import { cameraAddress } from "./camera-address.ts";
import { addressOf, type RtspSource } from "./camera-url.ts";
import { authorizationOf, challengesOf, type Challenge } from "./digest.ts";
import { RtspReader, type RtspMessage } from "./rtsp-message.ts";

/** An answer with its status as a number. */
export interface RtspAnswer extends RtspMessage {
  readonly status: number;
}

/** What a connection needs; `signal` ends every wait, a time-out included. */
export interface RtspClientOptions {
  readonly source: RtspSource;
  readonly cameraId: string;
  readonly credentials: CameraCredentials | null;
  readonly signal: AbortSignal;
}

/** Resource: open until disposed. Every failure is a CameraError that names the stage; an abort rejects with the signal's reason. */
export class RtspClient {
  readonly #options: RtspClientOptions;
  readonly #socket: Socket;
  readonly #reader = new RtspReader();
  readonly #clientNonce = randomBytes(8).toString("hex");
  #waiting: { readonly resolve: (message: RtspMessage) => void; readonly reject: (error: Error) => void } | undefined;
  #broken: Error | undefined;
  #sequence = 0;
  #nonceCount = 0;
  /** The demand for a login, once the camera made one. */
  challenge: Challenge | null = null;
  /** What the camera calls itself. */
  server: string | null = null;
  /** Its Date header, newest answer. */
  date: string | null = null;

  /** The address that was found good, and that is connected. */
  readonly address: string;

  private constructor(options: RtspClientOptions, socket: Socket, address: string) {
    this.address = address;
    this.#options = options;
    this.#socket = socket;
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", (error) => this.#break(this.#error("CAMERA_SILENT", { detail: codeOf(error) })));
    socket.on("close", () => {
      const detail = this.#reader.pendingBytes > 0 ? "closed after something else than RTSP" : "closed the connection";
      this.#break(this.#error(this.#reader.pendingBytes > 0 ? "CAMERA_NOT_RTSP" : "CAMERA_SILENT", { detail }));
    });
  }

  /** Resolves the name, connects (and shakes hands for rtsps). `stage` is told when a stage is done. */
  static async open(options: RtspClientOptions, stage: (name: "dns" | "tcp") => void): Promise<RtspClient> {
    const { source, cameraId, signal } = options;
    const values = { camera: cameraId, address: addressOf(source) };
    const address = await cameraAddress(source.host, cameraId, signal);
    if (address !== source.host) stage("dns");
    const socket = await connected(source, address, values, signal);
    stage("tcp");
    return new RtspClient(options, socket, address);
  }

  /** Asks and waits for the answer; logs in when the camera demands it, once. */
  async ask(method: string, url: string, lines: readonly string[] = []): Promise<RtspAnswer> {
    const first = await this.#exchange(method, url, lines);
    if (first.status !== 401) return first;
    const [challenge] = challengesOf(first.headers.get("www-authenticate") ?? []);
    const hadTried = this.challenge !== null && challenge?.isStale !== true;
    const { credentials, cameraId } = this.#options;
    if (!credentials) throw new CameraError("CAMERA_PASSWORD_MISSING", { camera: cameraId });
    if (!challenge) throw new CameraError("CAMERA_AUTH_UNSUPPORTED", { camera: cameraId, detail: schemesOf(first) });
    if (hadTried) throw new CameraError("CAMERA_UNAUTHORIZED", { camera: cameraId });
    this.challenge = challenge;
    this.#nonceCount = 0;
    const second = await this.#exchange(method, url, lines);
    if (second.status === 401) throw new CameraError("CAMERA_UNAUTHORIZED", { camera: cameraId });
    return second;
  }

  [Symbol.dispose](): void {
    this.#broken ??= new Error("disposed");
    this.#socket.destroy();
  }

  async #exchange(method: string, url: string, lines: readonly string[]): Promise<RtspAnswer> {
    if (this.#broken) throw this.#broken;
    this.#sequence += 1;
    const head = [`${method} ${url} RTSP/1.0`, `CSeq: ${this.#sequence}`, "User-Agent: xueliang", ...lines];
    if (this.challenge && this.#options.credentials) {
      this.#nonceCount += 1;
      const request = { method, uri: url, count: this.#nonceCount, clientNonce: this.#clientNonce };
      head.push(`Authorization: ${authorizationOf(this.challenge, this.#options.credentials, request)}`);
    }
    const answered = new Promise<RtspMessage>((resolve, reject) => (this.#waiting = { resolve, reject }));
    this.#socket.write(`${head.join("\r\n")}\r\n\r\n`);
    let message: RtspMessage;
    try {
      message = await aborting(answered, this.#options.signal);
    } catch (cause) {
      if (!isTimeout(this.#options.signal) || cause instanceof CameraError) throw cause;
      const code = this.#reader.pendingBytes > 0 ? "CAMERA_NOT_RTSP" : "CAMERA_SILENT";
      throw this.#error(code, { detail: `${method}: time-out` });
    }
    const status = Number(/^RTSP\/\d\.\d (\d{3})/.exec(message.startLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw this.#error("CAMERA_NOT_RTSP", { detail: printable(message.startLine) });
    this.server = message.headers.get("server")?.[0]?.slice(0, 80) ?? this.server;
    this.date = message.headers.get("date")?.[0]?.slice(0, 64) ?? this.date;
    return { ...message, status };
  }

  #receive(chunk: Buffer): void {
    try {
      for (const message of this.#reader.push(chunk)) {
        // A camera may ask something itself (OPTIONS, ANNOUNCE); only answers matter here.
        if (/^[A-Z_]+ \S+ RTSP\//.test(message.startLine)) continue;
        this.#waiting?.resolve(message);
        this.#waiting = undefined;
      }
    } catch {
      this.#break(this.#error("CAMERA_NOT_RTSP", { detail: "head or body too large" }));
    }
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#waiting?.reject(this.#broken);
    this.#waiting = undefined;
  }

  #error(code: "CAMERA_SILENT" | "CAMERA_NOT_RTSP", values: Values): CameraError {
    return new CameraError(code, {
      camera: this.#options.cameraId,
      address: addressOf(this.#options.source),
      ...values,
    });
  }
}

async function connected(source: RtspSource, address: string, values: Values, signal: AbortSignal): Promise<Socket> {
  const target = { host: address, port: source.port };
  // Cameras sign their own certificates: rtsps keeps listeners out, it does not prove who the camera is.
  const socket = source.isTls ? connectTls({ ...target, rejectUnauthorized: false }) : connectTcp(target);
  socket.setNoDelay(true);
  const open = new Promise<void>((resolve, reject) => {
    socket.once(source.isTls ? "secureConnect" : "connect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
  try {
    await aborting(open, signal);
    return socket;
  } catch (cause) {
    socket.on("error", () => undefined);
    socket.destroy();
    if (signal.aborted && !isTimeout(signal)) throw cause;
    const code = isTimeout(signal) ? "ETIMEDOUT" : codeOf(cause);
    if (code === "ECONNREFUSED") throw new CameraError("CAMERA_REFUSED", values, { cause });
    // Somebody took the connection and dropped it in the same moment.
    if (code === "ECONNRESET" || code === "EPIPE")
      throw new CameraError("CAMERA_SILENT", { ...values, detail: code }, { cause });
    throw new CameraError("CAMERA_UNREACHABLE", { ...values, detail: code }, { cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "connection failed";
}

function schemesOf(answer: RtspAnswer): string {
  const schemes = (answer.headers.get("www-authenticate") ?? []).map((line) => /^\w+/.exec(line)?.[0] ?? "?");
  return printable(schemes.join(", ")) || "no scheme";
}

/** The first words of a foreign answer, without anything that could disturb a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 60);
}
