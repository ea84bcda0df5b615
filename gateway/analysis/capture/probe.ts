/** Asks a camera what it offers, step by step, and names the step that fails; ffmpeg's messages do not. */
import type { CameraCredentials } from "../../config/schema.ts";
import { systemClock, type Clock } from "../../runtime/clock.ts";
import { CameraError } from "../../runtime/errors.ts";
import { parseCameraUrl, requestUrl, shownPath, type RtspSource } from "./camera-url.ts";
import { RtspClient, type RtspAnswer } from "./rtsp-client.ts";
import { parseSdp, type Description, type VideoCodec, type VideoTrack } from "./sdp.ts";
import type { PictureShape } from "./sps.ts";

/** How RTP travels. */
export type Transport = "tcp" | "udp";

/** The steps of a probe, in order; `login` appears when the camera asked for one. */
export type ProbeStage = "dns" | "tcp" | "options" | "describe" | "setup";

/** What a probe found out. `error` is null when the camera offers video that the gateway can decode. */
export interface Probe {
  readonly error: CameraError | null;
  /** Milliseconds each finished stage took; a failing stage is absent. */
  readonly timings: readonly { readonly stage: ProbeStage; readonly ms: number }[];
  /** The address that answered, found good; whoever connects again uses it, so that a name is not looked up twice. Null when nothing did. */
  readonly address: string | null;
  /** The camera's own name, from its Server header. */
  readonly server: string | null;
  /** How it asked for a login, or null if it did not. */
  readonly login: { readonly scheme: "basic" | "digest"; readonly algorithm: string; readonly realm: string } | null;
  readonly codec: VideoCodec | null;
  /** As the camera names it, also when it is not supported. */
  readonly codecName: string | null;
  readonly shape: PictureShape | null;
  /** The transport that the camera granted. */
  readonly transport: Transport | null;
}

/** How to probe. */
export interface ProbeOptions {
  /** For all stages together; default 5000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Named in errors; default: the host. */
  readonly cameraId?: string;
  /** `auto` (default) asks for TCP first. */
  readonly transport?: Transport | "auto";
  readonly clock?: Clock;
  /** Told of each stage as it ends well. */
  readonly onStage?: (stage: ProbeStage, ms: number) => void;
}

interface Findings {
  address: string | null;
  timings: { stage: ProbeStage; ms: number }[];
  server: string | null;
  login: Probe["login"];
  video: VideoTrack | null;
  transport: Transport | null;
}

/** Redirects to the same host that are followed. */
const maxRedirects = 2;

/** Never throws a CameraError: it stands in the result. Rejects only when `signal` aborts. */
export async function probeRtsp(
  url: string,
  credentials: CameraCredentials | null,
  options: ProbeOptions = {},
): Promise<Probe> {
  const findings: Findings = { timings: [], address: null, server: null, login: null, video: null, transport: null };
  let error: CameraError | null = null;
  try {
    const source = parseCameraUrl(url, options.cameraId ?? "");
    if (source.kind === "file")
      throw new CameraError("CAMERA_URL_INVALID", { camera: options.cameraId ?? "", detail: "file" });
    await probeSource(source, credentials ?? source.credentials, options, findings, 0);
  } catch (caught) {
    if (!(caught instanceof CameraError)) throw caught;
    error = caught;
  }
  const { timings, address, server, login, video, transport } = findings;
  const [codec, codecName, shape] = [video?.codec ?? null, video?.codecName ?? null, video?.shape ?? null];
  return { error, timings, address, server, login, codec, codecName, shape, transport };
}

async function probeSource(
  source: RtspSource,
  credentials: CameraCredentials | null,
  options: ProbeOptions,
  findings: Findings,
  redirects: number,
): Promise<void> {
  const { clock = systemClock, timeoutMs = 5_000 } = options;
  const camera = options.cameraId ?? source.host;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let sinceMs = clock.monotonicMs();
  const stage = (name: ProbeStage): void => {
    const ms = Math.round((clock.monotonicMs() - sinceMs) * 10) / 10;
    findings.timings.push({ stage: name, ms });
    options.onStage?.(name, ms);
    sinceMs = clock.monotonicMs();
  };
  using client = await RtspClient.open({ source, cameraId: camera, credentials, signal }, stage);
  findings.address = client.address;
  try {
    await client.ask("OPTIONS", requestUrl(source));
    stage("options");
    const answer = await client.ask("DESCRIBE", requestUrl(source), ["Accept: application/sdp"]);
    const elsewhere = redirectOf(answer, source, camera);
    if (elsewhere) {
      if (redirects >= maxRedirects) throw statusError(answer, "DESCRIBE", source, camera);
      await probeSource(elsewhere, credentials, options, findings, redirects + 1);
      return;
    }
    if (answer.status !== 200) throw statusError(answer, "DESCRIBE", source, camera);
    stage("describe");
    const base =
      answer.headers.get("content-base")?.[0] ?? answer.headers.get("content-location")?.[0] ?? requestUrl(source);
    findings.video = usableVideo(parseSdp(answer.body, base), camera, findings);
    findings.transport = await setUp(client, findings.video.controlUrl, options.transport ?? "auto", source, camera);
    stage("setup");
  } finally {
    findings.server = client.server;
    const { challenge } = client;
    if (challenge)
      findings.login = {
        scheme: challenge.scheme,
        algorithm: challenge.algorithm,
        realm: challenge.realm.slice(0, 64),
      };
  }
}

function usableVideo(description: Description, camera: string, findings: Findings): VideoTrack {
  const { kinds, video } = description;
  if (!video)
    throw new CameraError("CAMERA_NO_VIDEO", {
      camera,
      detail: kinds.length > 0 ? kinds.slice(0, 4).join(", ").slice(0, 60) : "no media",
    });
  findings.video = video;
  if (!video.codec) throw new CameraError("CAMERA_CODEC_UNSUPPORTED", { camera, codec: video.codecName.slice(0, 32) });
  return video;
}

/** Asks for the transports in turn, gives the session back, and returns the transport that was granted. */
async function setUp(
  client: RtspClient,
  controlUrl: string,
  wanted: Transport | "auto",
  source: RtspSource,
  camera: string,
): Promise<Transport> {
  let refused: RtspAnswer | undefined;
  for (const transport of wanted === "auto" ? (["tcp", "udp"] as const) : [wanted]) {
    // No picture is asked for, so nothing will ever come to the port named here.
    const how = transport === "tcp" ? "RTP/AVP/TCP;unicast;interleaved=0-1" : "RTP/AVP;unicast;client_port=50000-50001";
    const answer = await client.ask("SETUP", controlUrl, [`Transport: ${how}`]);
    if (answer.status === 200) {
      const session = answer.headers.get("session")?.[0]?.split(";")[0];
      // A camera with few places must not keep one for this visit. Its answer changes nothing.
      if (session !== undefined)
        await client.ask("TEARDOWN", requestUrl(source), [`Session: ${session}`]).catch(ignoreCameraError);
      return transport;
    }
    refused = answer;
    // GStreamer and VLC say 461, others 400 or 406: all mean "not so".
    if (![400, 406, 461, 501].includes(answer.status)) break;
  }
  const status = refused?.status ?? 0;
  if (![400, 406, 461, 501].includes(status)) throw statusError(refused, "SETUP", source, camera);
  throw new CameraError("CAMERA_TRANSPORT_REFUSED", {
    camera,
    transport: wanted === "auto" ? "TCP, UDP" : wanted.toUpperCase(),
    status,
  });
}

function ignoreCameraError(error: unknown): void {
  if (!(error instanceof CameraError)) throw error;
}

/** Where the camera sends us, if it stays on the same host; throws CAMERA_REDIRECTED for another one. */
function redirectOf(answer: RtspAnswer, source: RtspSource, camera: string): RtspSource | null {
  if (answer.status < 300 || answer.status > 399) return null;
  const target = answer.headers.get("location")?.[0];
  if (target === undefined) return null;
  const elsewhere = parseCameraUrl(target, camera);
  if (elsewhere.kind === "file" || elsewhere.host !== source.host) {
    throw new CameraError("CAMERA_REDIRECTED", {
      camera,
      host: elsewhere.kind === "file" ? "file" : elsewhere.host.slice(0, 64),
    });
  }
  return elsewhere;
}

function statusError(answer: RtspAnswer | undefined, method: string, source: RtspSource, camera: string): CameraError {
  const status = answer?.status ?? 0;
  if (status === 403) return new CameraError("CAMERA_FORBIDDEN", { camera });
  if (status === 404) return new CameraError("CAMERA_NOT_FOUND", { camera, path: shownPath(source) });
  if ([423, 453, 503].includes(status)) return new CameraError("CAMERA_BUSY", { camera, status });
  return new CameraError("CAMERA_PROTOCOL", { camera, method, status });
}
