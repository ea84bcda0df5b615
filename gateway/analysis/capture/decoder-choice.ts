/** Who decodes: the hardware that was asked for and is really there, else the processor, with the reason; pure. */
import type { CameraConfig } from "../../config/schema.ts";
import type { SaidNote } from "../../runtime/status.ts";
import type { VideoCodec } from "./sdp.ts";

/** Kinds of decoders that are hardware. */
export type HardwareDecoder = Exclude<CameraConfig["decoder"], "auto" | "software">;

/** What this ffmpeg and this box can do, as found at the start. */
export interface Capabilities {
  /** Major and minor, for example [5, 1]; [0, 0] for a build that does not say. */
  readonly version: readonly [number, number];
  /** Names of ffmpeg's decoders that matter here, for example `h264_v4l2m2m`. */
  readonly decoders: ReadonlySet<string>;
  readonly hwaccels: ReadonlySet<string>;
  /** Hardware whose device node exists. */
  readonly devices: ReadonlySet<HardwareDecoder>;
}

/** A decision. `codecName` is ffmpeg's name for `-c:v`; null leaves the choice to ffmpeg. */
export interface DecoderChoice {
  readonly name: HardwareDecoder | "software";
  readonly codecName: string | null;
  /** Why it is not the one asked for. */
  readonly note: SaidNote | null;
}

/** ffmpeg's names of the codecs. */
export const ffmpegCodec: Readonly<Record<VideoCodec, string>> = { h264: "h264", h265: "hevc", mjpeg: "mjpeg" };

/** Tried in this order for `auto`. VA-API is left to those who ask for it: on small Intel boxes it saves little and fails in odd ways. */
const automatic: readonly HardwareDecoder[] = ["rkmpp", "nvmpi", "v4l2m2m"];

/** @param codec null while it is unknown (a file, a camera that does not say): then the processor decodes. */
export function chooseDecoder(
  wanted: CameraConfig["decoder"],
  codec: VideoCodec | null,
  capabilities: Capabilities,
): DecoderChoice {
  const software = (note: SaidNote | null): DecoderChoice => ({ name: "software", codecName: null, note });
  if (wanted === "software") return software(null);
  if (wanted === "auto") {
    const found = codec === null ? undefined : automatic.find((name) => obstacle(name, codec, capabilities) === null);
    return found && codec ? hardware(found, codec) : software(null);
  }
  if (codec === null) return software({ key: "decoderCodecUnknown", values: { wanted } });
  const why = obstacle(wanted, codec, capabilities);
  return why === null ? hardware(wanted, codec) : software(why);
}

function hardware(name: HardwareDecoder, codec: VideoCodec): DecoderChoice {
  return { name, codecName: name === "vaapi" ? null : `${ffmpegCodec[codec]}_${name}`, note: null };
}

function obstacle(name: HardwareDecoder, codec: VideoCodec, capabilities: Capabilities): SaidNote | null {
  const because = (key: SaidNote["key"], values: SaidNote["values"] = {}): SaidNote => ({
    key,
    values: { wanted: name, ...values },
  });
  if (codec === "mjpeg") return because("decoderMjpeg");
  if (!capabilities.devices.has(name)) return because("decoderNoDevice");
  if (name === "vaapi") return capabilities.hwaccels.has("vaapi") ? null : because("decoderNotBuilt", { name });
  const needed = `${ffmpegCodec[codec]}_${name}`;
  return capabilities.decoders.has(needed) ? null : because("decoderNotBuilt", { name: needed });
}

/** Reads the outputs of `ffmpeg -version`, `-decoders` and `-hwaccels`. */
export function parseCapabilities(
  texts: { readonly version: string; readonly decoders: string; readonly hwaccels: string },
  devices: ReadonlySet<HardwareDecoder>,
): Capabilities {
  const [, major = "0", minor = "0"] = /^ffmpeg version n?(\d+)\.(\d+)/m.exec(texts.version) ?? [];
  const decoders = new Set([...texts.decoders.matchAll(/^\s*V\S{5}\s+(\S+)/gm)].map((line) => line[1] ?? ""));
  const hwaccels = new Set(texts.hwaccels.split(/\s+/).slice(3).filter(Boolean));
  return { version: [Number(major), Number(minor)], decoders, hwaccels, devices };
}
