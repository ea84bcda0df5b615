/** MPEG-1 out of a socket of its own onto a canvas: as it arrives, nothing kept; it comes back by itself. */
import { CanvasRenderer, MPEG1, TS, WebGLRenderer } from "@cycjimmy/jsmpeg-player";
import { Backoff } from "../shell/backoff.ts";

/** How it is; `retry` with what ended the last try. */
export type SmoothState = "connecting" | "playing" | "silent" | "full" | "ended" | "away" | "unknown" | "signed-out";

/** Who is told. */
export interface SmoothListener {
  readonly state: (state: SmoothState) => void;
  readonly picture: (count: number) => void;
  readonly bytes: (count: number) => void;
}

/** Close codes of the socket, as the box sends them. */
const ends: Readonly<Record<number, SmoothState>> = {
  4401: "signed-out",
  4404: "unknown",
  4410: "ended",
  4503: "full",
};
/** Trying again would not change these. */
const forGood: readonly SmoothState[] = ["unknown", "signed-out"];
/** The one stream in what ffmpeg sends. */
const videoStream = 0xe0;
/** A phone that fell behind catches up, but never so that the page stands still. */
const mostPictures = 3;
/** A camera is asked and its first key frame waited for before anything comes; later a second of silence is much. */
const silentMs = 5_000;
const deadMs = 25_000;

/** Plays until `close`. */
export class SmoothPlayer {
  readonly #address: string;
  readonly #canvas: HTMLCanvasElement;
  readonly #listener: SmoothListener;
  readonly #backoff = new Backoff(1_000, 15_000);
  readonly #pulse: ReturnType<typeof setInterval>;
  #socket: WebSocket | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #stopDrawing: () => void = () => undefined;
  #lastHeardMs = 0;
  #pictures = 0;
  #state: SmoothState = "connecting";
  #isClosed = false;

  constructor(camera: string, canvas: HTMLCanvasElement, listener: SmoothListener) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.#address = `${scheme}://${location.host}/api/v1/smooth?camera=${encodeURIComponent(camera)}`;
    this.#canvas = canvas;
    this.#listener = listener;
    this.#pulse = setInterval(() => this.#beat(), 1_000);
    this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#pulse);
    clearTimeout(this.#again);
    this.#stopDrawing();
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#lastHeardMs = performance.now();
    const feed = this.#draw();
    socket.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
      this.#lastHeardMs = performance.now();
      this.#backoff.reset();
      this.#listener.bytes(data.byteLength);
      feed(data);
    });
    socket.addEventListener("close", ({ code }) => {
      if (this.#isClosed || this.#socket !== socket) return;
      this.#stopDrawing();
      const why = ends[code] ?? "away";
      this.#tell(why);
      if (!forGood.includes(why)) this.#again = setTimeout(() => this.#connect(), this.#backoff.next());
    });
  }

  /** A decoder of its own for every connection: what an old one kept would only disturb. Returns where bytes go in. */
  #draw(): (bytes: ArrayBuffer) => void {
    const [stream, video, renderer] = [new TS(), newDecoder(), newRenderer(this.#canvas)];
    stream.connect(videoStream, video);
    video.connect({
      resize: (width, height) => renderer.resize(width, height),
      render: (...planes) => {
        renderer.render(...planes);
        this.#pictures += 1;
      },
      destroy: () => undefined,
    });
    let next = 0;
    const step = (): void => {
      next = requestAnimationFrame(step);
      const before = this.#pictures;
      for (let n = 0; n < mostPictures && video.decode(); n += 1);
      if (this.#pictures === before) return;
      this.#listener.picture(this.#pictures);
      this.#tell("playing");
    };
    next = requestAnimationFrame(step);
    this.#stopDrawing = () => {
      cancelAnimationFrame(next);
      renderer.destroy();
      this.#stopDrawing = () => undefined;
    };
    return (bytes) => stream.write(bytes);
  }

  #beat(): void {
    const quietMs = performance.now() - this.#lastHeardMs;
    if (this.#state === "playing" && quietMs > silentMs) this.#tell("silent");
    // A phone that changed its network keeps a socket that looks open and carries nothing.
    if (quietMs > deadMs && this.#socket?.readyState === WebSocket.OPEN) this.#socket.close();
  }

  #tell(state: SmoothState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.state(state);
  }
}

function newDecoder(): MPEG1 {
  return new MPEG1({ streaming: true, decodeFirstFrame: false });
}

function newRenderer(canvas: HTMLCanvasElement): InstanceType<typeof CanvasRenderer> {
  try {
    if (WebGLRenderer.IsSupported()) return new WebGLRenderer({ canvas });
  } catch {
    // A browser that promises WebGL and has none left for this canvas.
  }
  return new CanvasRenderer({ canvas });
}
