/** GStreamer's RTSP server as a camera made by others; tests that want it are skipped where it is not installed. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { fileURLToPath } from "node:url";

const python = "/usr/bin/python3";
const asking =
  "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer, Gst; Gst.init(None); print(all(map(Gst.ElementFactory.find, ['x264enc', 'x265enc', 'jpegenc', 'rtph264pay'])))";

/** Whether this machine has it; says so when not. */
export function hasGstreamer(): boolean {
  const asked = spawnSync(python, ["-c", asking], { encoding: "utf8" });
  const isHere = asked.status === 0 && asked.stdout.trim() === "True";
  if (!isHere)
    console.warn(
      "skipped: GStreamer's RTSP server (python3-gi, gir1.2-gst-rtsp-server-1.0, gstreamer1.0-plugins-*) is not installed",
    );
  return isHere;
}

/** The account that its guarded mounts want. */
export const gstCredentials = { user: "cam", password: "p@ss: it's #1" };

/** GStreamer's server as a child; gone when disposed. */
export class GstCamera implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #port: number;

  private constructor(child: ChildProcessWithoutNullStreams, port: number) {
    this.#child = child;
    this.#port = port;
  }

  /** @param clip an mp4 with H.264, served at `/clip` */
  static async open(scheme: "none" | "basic" | "digest", clip?: string): Promise<GstCamera> {
    const program = fileURLToPath(new URL("gst-camera.py", import.meta.url));
    const child = spawn(python, [program, scheme, ...(clip === undefined ? [] : [clip])]);
    child.stderr.resume();
    child.stdin.write(`${gstCredentials.user}\n${gstCredentials.password}\n`);
    const port = Number(
      await new Promise<string>((resolve) => child.stdout.once("data", (data: Buffer) => resolve(data.toString()))),
    );
    return new GstCamera(child, port);
  }

  url(path: string): string {
    return `rtsp://127.0.0.1:${this.#port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill("SIGKILL");
    await gone;
  }
}
