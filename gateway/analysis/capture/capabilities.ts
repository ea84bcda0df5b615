/** What this box's ffmpeg and hardware can do, asked once per program. */
import { readdir, readFile } from "node:fs/promises";
import { access } from "node:fs/promises";
import { DecoderError } from "../../runtime/errors.ts";
import { outputOf } from "./decoder.ts";
import { parseCapabilities, type Capabilities, type HardwareDecoder } from "./decoder-choice.ts";

/** Below it, options of an address cannot be given on standard input. */
const oldestMajor = 5;

/** Longest wait for an answer, ms. */
const answerMs = 60_000;

const known = new Map<string, Promise<Capabilities>>();

/** Throws DECODER_NOT_STARTED when the program is missing or too old. */
export async function capabilitiesOf(ffmpegPath: string): Promise<Capabilities> {
  const asked = known.get(ffmpegPath) ?? ask(ffmpegPath);
  known.set(ffmpegPath, asked);
  // A failure is not remembered: ffmpeg may be installed while we run.
  asked.catch(() => known.delete(ffmpegPath));
  return asked;
}

async function ask(ffmpegPath: string): Promise<Capabilities> {
  const question = (about: string): Promise<string | null> => outputOf(ffmpegPath, ["-hide_banner", about], answerMs);
  const version = await question("-version");
  if (version === null) throw new DecoderError("DECODER_NOT_STARTED", { detail: `${ffmpegPath}: no such program` });
  // A box under load may not answer in time; that is no reason to give up on ffmpeg.
  if (version === "")
    throw new DecoderError("DECODER_EXITED", { camera: "", detail: `${ffmpegPath} -version: no answer` });
  if (!version.startsWith("ffmpeg version"))
    throw new DecoderError("DECODER_NOT_STARTED", { detail: `${ffmpegPath}: not ffmpeg` });
  const devices = await devicesOfThisBox();
  // Without a device the lists change nothing, and each costs a process.
  const [decoders, hwaccels] = devices.size > 0 ? [await question("-decoders"), await question("-hwaccels")] : ["", ""];
  const found = parseCapabilities({ version, decoders: decoders ?? "", hwaccels: hwaccels ?? "" }, devices);
  const [major, minor] = found.version;
  if (major !== 0 && major < oldestMajor) {
    throw new DecoderError("DECODER_NOT_STARTED", { detail: `ffmpeg ${major}.${minor} < ${oldestMajor}.0` });
  }
  return found;
}

async function devicesOfThisBox(): Promise<Set<HardwareDecoder>> {
  const devices = new Set<HardwareDecoder>();
  for (const [name, nodes] of [
    ["rkmpp", ["/dev/mpp_service", "/dev/rkvdec"]],
    ["nvmpi", ["/dev/nvhost-nvdec", "/dev/v4l2-nvdec"]],
    ["vaapi", ["/dev/dri/renderD128"]],
  ] as const) {
    for (const node of nodes) if (await exists(node)) devices.add(name);
  }
  if (await hasCodecNode()) devices.add("v4l2m2m");
  return devices;
}

/** A /dev/video node is a codec only if its driver says so: most are webcams. */
async function hasCodecNode(): Promise<boolean> {
  const folder = "/sys/class/video4linux";
  const nodes = await readdir(folder).catch(() => []);
  const names = await Promise.all(nodes.map((node) => readFile(`${folder}/${node}/name`, "utf8").catch(() => "")));
  return names.some((name) => /codec|dec\b|venus|mfc/i.test(name));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
