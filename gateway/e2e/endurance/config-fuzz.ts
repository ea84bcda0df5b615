/** Config files that nobody meant: each is taken or refused with diagnostics, in time and in bounds, and what is taken gives ffmpeg nothing but what we say. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { trickyPasswords } from "../../analysis/capture/tricky-passwords.ts";
import { parseCameraUrl } from "../../analysis/capture/camera-url.ts";
import { cameraCall, loopCall } from "../../analysis/capture/ffmpeg-args.ts";
import { ringCall } from "../../analysis/capture/ring/ring-args.ts";
import { configOf, type ConfigFiles, type FoundFile, type LoadedConfig } from "../../config/load.ts";
import { ConfigError, GatewayError } from "../../runtime/errors.ts";
import { seeded } from "../../../native/seeded.ts";
import { clean, type Line } from "./oracle.ts";

/** What one file may cost; milliseconds of a processor, which a busy machine gives later and not more dearly. */
const mostMs = 200;
const mostBytes = 64 * 1_048_576;
/** Processors are slower beside others, and other threads collect garbage: a call that seemed slow is asked again, as often as this. */
const mostTries = 10;

const linesBesideFile = (script: string): string => script.split("\n").toSpliced(1, 1).join("\n");
const root = join(import.meta.dirname, "../../..");
const valid = join(root, "test-fixtures/config/valid");
const invalid = join(root, "test-fixtures/config/invalid");
const textOf = (path: string): string => readFileSync(path, "utf8");
const gatewayTexts = [
  textOf(join(valid, "everything.yaml")),
  textOf(join(valid, "minimal.yaml")),
  textOf(join(root, "config/gateway.yaml")),
  ...readdirSync(invalid).map((name) => textOf(join(invalid, name))),
];
const zonesText = textOf(join(valid, "zones.yaml"));
const secretsText = "cameras:\n  pier: { user: admin, password: secret }\n";
/** One that takes every rule of the zones file. */
const openGateway = (gatewayTexts[0] ?? "").replace(/^ *purpose:.*$/m, "");

/** What breaks parsers, shells, filter graphs and concat scripts. */
const nasty: readonly unknown[] = [
  ...trickyPasswords,
  "rtsp://h/a' \noption protocol_whitelist file\nfile '/etc/passwd",
  "rtsp://h/$(reboot)",
  "rtsp://-i/x",
  "-i",
  "-f lavfi",
  "file:-i",
  "file:/etc/passwd",
  "concat:/etc/passwd|/etc/shadow",
  "http://169.254.169.254/",
  "../../../etc/shadow",
  "scale=1:1,movie=/etc/passwd",
  "\u0000",
  "\u202e\u2028",
  "x".repeat(5_000),
  "é".repeat(3_000),
  -1,
  0,
  1e308,
  2 ** 53,
  0.1,
  true,
  null,
  [],
  {},
  [[[[[[]]]]]],
  { __proto__: 1, constructor: { prototype: {} } },
  Array.from({ length: 300 }, (_, i) => i),
];
const pieces = [
  "&a ",
  "*a",
  "<<: *a\n",
  "!!js/function x",
  "!!binary /////",
  "? ",
  "- ",
  "[",
  "{",
  "}",
  "]",
  ": ",
  "|\n",
  ">-\n",
  "\t",
  "\u0000",
  "#",
  "'",
  '"',
  "---\n",
  "%YAML 1.1\n---\n",
  "\ufeff",
  "\r\n",
  "~",
  "0o7",
  "0x1f",
  ".inf",
  "a: &a [*a]\n",
];

type Random = () => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** Bytes, tokens and whole values go wrong, once or several times. */
function mutated(text: string, random: Random): Uint8Array {
  if (random() < 0.45) {
    const changed = withNastyValues(text, random);
    if (changed !== null) return Buffer.from(changed);
  }
  let bytes = Buffer.from(text);
  for (let times = 1 + Math.floor(random() * 6); times > 0; times -= 1) {
    const at = Math.floor(random() * (bytes.length + 1));
    const kind = random();
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (kind < 0.3) bytes = Buffer.concat([head, Buffer.from(pick(random, pieces)), tail]);
    else if (kind < 0.5) bytes = Buffer.concat([head, Buffer.from([Math.floor(random() * 256)]), tail.subarray(1)]);
    else if (kind < 0.65) bytes = Buffer.concat([head, tail.subarray(Math.floor(random() * 200))]);
    else if (kind < 0.8) bytes = Buffer.concat([head, bytes.subarray(at, at + Math.floor(random() * 400)), tail]);
    else if (kind < 0.9)
      bytes = Buffer.concat([head, Buffer.from(pick(random, pieces).repeat(1 + Math.floor(random() * 2_000))), tail]);
    else bytes = bytes.subarray(0, at);
  }
  return bytes;
}

/** Puts something else for one to four values of the tree; null when the text is no tree. */
function withNastyValues(text: string, random: Random): string | null {
  let tree: unknown;
  try {
    tree = parse(text);
  } catch {
    return null;
  }
  if (typeof tree !== "object" || tree === null) return null;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1) {
    let node = tree as Record<string, unknown>;
    for (let depth = 0; depth < 8; depth += 1) {
      const keys = Object.keys(node);
      const key = pick(random, keys.length > 0 ? keys : ["x"]);
      const next = node[key];
      if (typeof next === "object" && next !== null && random() < 0.8) node = next as Record<string, unknown>;
      else {
        node[random() < 0.1 ? `${key}x` : key] = structuredClone(pick(random, nasty));
        break;
      }
    }
  }
  return random() < 0.5 ? stringify(tree) : JSON.stringify(tree);
}

const folder = "/etc/xueliang";
const fileOf = (name: string, text: string | Uint8Array): FoundFile => ({
  name,
  bytes: Buffer.from(text),
  mode: 0o100600,
});

/** Valid in everything but the words of an address and of a login, which often pass as such. */
function goodButForAddress(random: Random): ConfigFiles {
  const word = (): string => String(pick(random, nasty)).slice(0, 400);
  const tree = parse(openGateway) as { cameras: Record<string, unknown>[] };
  const [camera] = tree.cameras;
  const scheme = pick(random, [
    "rtsp://",
    "rtsps://",
    "rtsp://[::1]/",
    "rtsp://cam.local:8554/",
    "file:",
    "RTSP://u:p@h/",
  ]);
  if (camera) camera["url"] = `${scheme}${word()}${random() < 0.5 ? `/${word()}` : ""}`;
  const login = { user: word(), password: word() };
  const secrets = fileOf("secrets.yaml", JSON.stringify({ cameras: { pier: login } }));
  return { folder, gateway: fileOf("gateway.yaml", JSON.stringify(tree)), zones: [], secrets };
}

/** One of three files is bad; the others are as good as they can be. */
function filesFrom(random: Random): ConfigFiles {
  if (random() < 0.2) return goodButForAddress(random);
  const kind = random();
  if (kind < 0.6)
    return {
      folder,
      gateway: fileOf("gateway.yaml", mutated(pick(random, gatewayTexts), random)),
      zones: [],
      secrets: null,
    };
  const gateway = fileOf("gateway.yaml", openGateway);
  const zones = kind < 0.9 ? [fileOf("zones/pier.yaml", mutated(zonesText, random))] : [];
  const secrets = fileOf("secrets.yaml", kind < 0.9 ? secretsText : mutated(secretsText, random));
  return { folder, gateway, zones, secrets };
}

const size = { widthPx: 640, heightPx: 360 };
const frames = { size, rate: 5, version: [5, 1] as const };
/** Everything that ffmpeg is told on its command line for a camera and does not come from us; [] is what must be. */
function foreignWords(config: LoadedConfig, ours: ReadonlySet<string>): readonly string[] {
  const foreign: string[] = [];
  for (const camera of config.gateway.cameras) {
    for (const url of [camera.url, camera.evidenceUrl]) {
      if (url === undefined) continue;
      let source;
      try {
        source = parseCameraUrl(url, camera.id);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        continue; // Refused before any ffmpeg: told as the camera's state.
      }
      const credentials = config.credentials[camera.id] ?? null;
      if (source.kind === "file") {
        // One word that begins with the protocol, so that it is neither an option nor another protocol.
        const { args } = loopCall(source.path, frames);
        foreign.push(...args.filter((word) => !ours.has(word) && word !== `file:${source.path}`));
        continue;
      }
      const call = { source, credentials, transport: "tcp" as const, backstopMs: 20_000 };
      const decoder = { name: "software", codecName: null } as const;
      for (const { args, script } of [
        cameraCall({ ...call, ...frames, keyFramesOnly: false, decoder } as Parameters<typeof cameraCall>[0]),
        ringCall({ ...call, codec: "h264", prefix: "/ring/x" }),
      ]) {
        foreign.push(...args.filter((word) => !ours.has(word)));
        // The script has its lines and no more, and the address cannot leave its quotes.
        const isFile = /^file 'rtsps?:\/\/[!-&(-[\]-~]*'$/.test(script.split("\n")[1] ?? "");
        if (!isFile || !ours.has(linesBesideFile(script))) foreign.push(script);
      }
    }
  }
  return foreign;
}

/** The words of calls for a camera that nobody tampered with, and the lines of their scripts but for the address. */
function ourWords(): ReadonlySet<string> {
  const words = new Set<string>();
  for (const url of ["rtsp://h/a", "rtsps://h/a"]) {
    const source = parseCameraUrl(url, "x");
    if (source.kind !== "rtsp") continue;
    const call = { source, credentials: null, transport: "tcp" as const, backstopMs: 20_000 };
    const decoder = { name: "software", codecName: null } as const;
    const camera = { ...call, ...frames, keyFramesOnly: false, decoder } as Parameters<typeof cameraCall>[0];
    for (const { args, script } of [cameraCall(camera), ringCall({ ...call, codec: "h264", prefix: "/ring/x" })]) {
      for (const word of [...args, linesBesideFile(script)]) words.add(word);
    }
  }
  for (const word of loopCall("/a", frames).args) if (word !== "file:/a") words.add(word);
  return words;
}

/** One input: what came of it and what it took. */
function judged(files: ConfigFiles, ours: ReadonlySet<string>) {
  const before = process.memoryUsage().heapUsed;
  const started = process.cpuUsage();
  let taken: LoadedConfig | null = null;
  let crash: unknown = null;
  try {
    taken = configOf(files);
  } catch (error) {
    if (!(error instanceof ConfigError)) crash = error;
  }
  const took = process.cpuUsage(started);
  const [tookMs, bytes] = [(took.user + took.system) / 1_000, process.memoryUsage().heapUsed - before];
  return { taken: taken !== null, crash, tookMs, bytes, foreign: taken ? foreignWords(taken, ours) : [] };
}

/** `inputs` sets of files, the same ones for the same `first`. */
export async function fuzzedConfigs({
  inputs,
  first = 1,
}: {
  readonly inputs: number;
  readonly first?: number;
}): Promise<Line> {
  const ours = ourWords();
  let [taken, crashes, slow, fat, foreign, worstMs, worstBytes] = [0, 0, 0, 0, 0, 0, 0];
  for (let n = first; n < first + inputs; n += 1) {
    let found = judged(filesFrom(seeded(n)), ours);
    for (let tries = 1; tries < mostTries && (found.tookMs > mostMs || found.bytes > mostBytes); tries += 1)
      found = judged(filesFrom(seeded(n)), ours);
    worstMs = Math.max(worstMs, found.tookMs);
    worstBytes = Math.max(worstBytes, found.bytes);
    if (found.taken) taken += 1;
    if (found.tookMs > mostMs) slow += 1;
    if (found.bytes > mostBytes) fat += 1;
    if (found.foreign.length > 0) foreign += 1;
    if (found.crash !== null) crashes += 1;
    for (const [what, isBad] of [
      ["crash", found.crash !== null],
      ["slow", found.tookMs > mostMs],
      ["fat", found.bytes > mostBytes],
      ["foreign words", found.foreign.length > 0],
    ] as const)
      if (isBad)
        console.error(`input ${n}: ${what}`, found.crash ?? found.foreign[0] ?? `${found.tookMs.toFixed(0)} ms`);
    if (n % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    scenario: "config files that nobody meant",
    amount: `${inputs} inputs`,
    verdict: clean,
    figures: `${taken} taken, ${crashes} crashes, ${foreign} with a foreign word for ffmpeg, slowest ${worstMs.toFixed(0)} ms, largest ${(worstBytes / 1_048_576).toFixed(0)} MiB`,
    holds: crashes + slow + fat + foreign === 0 && taken > 0,
  };
}
