/** A real gateway on a real folder with the simulator's camera, and visitors over real HTTP. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { Gateway } from "../../gateway.ts";
import { CameraSimulator } from "../../rehearsal/camera-simulator/camera-simulator.ts";
import { openLog, type Log } from "../../runtime/log.ts";
import { writePassword } from "../password-file.ts";

const clip = new URL("../../../test-fixtures/clips/second-rod.mp4", import.meta.url).pathname;

/** The zones file, with comments and odd decimals that must survive. */
export const zonesText = `# drawn by hand
schema: xueliang.zones/1
camera: north
zones:
  - id: shore   # the near bank
    name: 岸线
    kind: one-rod-water
    polygon: [[0.00, 0.3292], [0.267, 0.2719], [0.8785, 0.4164], [0.8638, 0.662], [0.6679, 1], [0, 0.6138]]
    rules:
      - fishing-multi-rod
`;

/** What a call came to. */
export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into whatever came
  readonly body: any;
}

/** Somebody with a browser: keeps the cookie and the CSRF token. */
export class Guest {
  readonly #origin: string;
  cookie = "";
  csrf = "";

  constructor(origin: string) {
    this.#origin = origin;
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers: {
        origin: this.#origin,
        cookie: this.cookie,
        "x-csrf-token": this.csrf,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = response.headers.get("set-cookie");
    if (set !== null) this.cookie = set.split(";")[0] ?? "";
    const text = await response.text();
    const parsed: unknown =
      /json/.test(response.headers.get("content-type") ?? "") &&
      !/ndjson/.test(response.headers.get("content-type") ?? "")
        ? JSON.parse(text)
        : text;
    return { status: response.status, etag: response.headers.get("etag"), headers: response.headers, body: parsed };
  }

  async login(password: string, user?: string): Promise<Answer> {
    const answer = await this.ask("POST", "/session", { password, ...(user === undefined ? {} : { user }) });
    this.csrf = (answer.body as { csrf?: string | null }).csrf ?? "";
    return answer;
  }
}

/** A running site. */
export interface Site extends AsyncDisposable {
  readonly origin: string;
  readonly folder: string;
  readonly gateway: Gateway;
  readonly simulator: CameraSimulator;
  guest(): Guest;
  /** Somebody who is logged in as the first admin. */
  admin(): Promise<Guest>;
  zones(): Promise<string>;
}

/** The first admin's password. */
export const password = "correct horse";

/** Opens it with cameras `north` and `south`. */
export async function openSite(log: Log = openLog({ language: "en", level: "silent" })): Promise<Site> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "xueliang-site-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const simulator = stack.use(await CameraSimulator.open({ mounts: { "/north": { clip }, "/south": { clip } } }));
  const config = join(folder, "config");
  await mkdir(join(config, "zones"), { recursive: true });
  const camera = (id: string): string => `  - id: ${id}\n    url: ${simulator.url(`/${id}`)} # ${id} of the pier\n`;
  await writeFile(
    join(config, "gateway.yaml"),
    `schema: xueliang.gateway/1\nsite: { id: box-1, name: 北码头 } # the pier\nweb: { listen: "127.0.0.1:0" }\ncameras:\n${camera("north")}${camera("south")}`,
  );
  await writeFile(join(config, "zones", "north.yaml"), zonesText);
  await writePassword(join(folder, "var"), password);
  const gateway = stack.use(await Gateway.open({ config: await loadConfig(config), language: "zh", log }));
  void gateway.run(new AbortController().signal); // A part that breaks fails the test with its own reason.
  const origin = (gateway.pageAddress ?? "").replace(/\/$/, "");
  const owned = stack.move();
  const guest = (): Guest => new Guest(origin);
  return {
    origin,
    folder,
    gateway,
    simulator,
    guest,
    admin: async () => {
      const one = guest();
      await one.login(password);
      return one;
    },
    zones: () => readFile(join(config, "zones", "north.yaml"), "utf8"),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Asks again and again until it is true; a busy machine gets a minute. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > endMs) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
