/** Cameras: how they are, how one is added, tested, changed. */
import type { Both, RememberedError } from "./problem.ts";

/** `GET /cameras`: `readonly CameraView[]`; `GET /cameras/ID`: one. */
export interface CameraView {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Without user and password. */
  readonly url: string;
  /** A login is stored; it is never sent out. */
  readonly hasLogin: boolean;
  readonly loginUser: string | null;
  readonly settings: CameraSettings;
  readonly state: "connecting" | "streaming" | "stalled" | "waiting" | "disabled";
  readonly sinceMs: number;
  readonly decoder: string;
  /** Why the processor decodes although hardware was asked for. */
  readonly decoderNote: Both | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  /**
   * Bits a second and ms from key frame to key frame of the stream that is kept for evidence; below two seconds key frames
   * may come more often. Null: this camera keeps none, or not for long enough yet.
   */
  readonly stream: { readonly bitsPerSec: number; readonly keyFrameMs: number } | null;
  readonly framesIn: number;
  readonly analysed: number;
  readonly gated: number;
  readonly overwritten: number;
  readonly shed: number;
  readonly notLookedAt: number;
  readonly triggers: number;
  readonly liveTracks: number;
  readonly reconnects: number;
  readonly analysisMsP50: number | null;
  readonly analysisMsP95: number | null;
  readonly lastFrameMs: number | null;
  readonly lastError: RememberedError | null;
  /** Video quality diagnoses that hold now, for example `dark`, `blurred`, `frozen`; null: not looked at. */
  readonly diagnosis: readonly { readonly kind: string; readonly sinceMs: number; readonly text: Both }[] | null;
  /** It looks elsewhere than when its zones were drawn: their rules wait until it is back, or the view is accepted. */
  readonly viewMoved: boolean;
  /** Of its staff gauge (metres over the datum) and its section (metres a second). */
  readonly readings: { readonly level: Reading | null; readonly speed: Reading | null };
  /** Model package that looks at it. */
  readonly model: string | null;
  readonly zones: number;
  readonly lines: number;
  /** Somebody walks there to try a zone; null: nobody. */
  readonly testWalk: TestWalkView | null;
}

/**
 * `PUT /cameras/ID/walk` with `{ zone: ID }` (technician; an empty id stands for every zone) begins a test walk and, asked
 * again within a minute, goes on with it, half an hour at most; `DELETE` ends it. Both answer this. What its objects make
 * fire until `untilMs` is kept on the box and not sent.
 */
export interface TestWalkView {
  readonly camera: string;
  readonly zone: string;
  readonly user: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The newest reading; null instead of it: none is configured, or none came yet. */
export interface Reading {
  readonly atMs: number;
  /** Null: looked and could not read, `reason` says why. */
  readonly value: number | null;
  /** 0..1. */
  readonly confidence: number;
  readonly reason: string | null;
}

/** What `PATCH /cameras/ID` may change (admin, `If-Match: "REVISION"`); answers `Applied`. Keys left out stay. */
export interface CameraSettings {
  readonly name?: string;
  readonly url?: string;
  readonly enabled?: boolean;
  readonly transport?: "auto" | "tcp" | "udp";
  readonly rate?: number;
  readonly keyFramesOnly?: boolean;
  readonly decoder?: string;
  readonly width?: number;
  readonly model?: string;
  readonly stallSec?: number;
}

/** `GET /cameras/ID/history`: 24 h in slots of 10 minutes, oldest first, `null` where nothing is known. */
export interface CameraHistory {
  readonly slotMs: number;
  readonly firstMs: number;
  readonly slots: readonly ({
    /** Share of the slot in which pictures came, 0..1. */
    readonly up: number;
    readonly framesIn: number;
    readonly analysed: number;
    readonly triggers: number;
    readonly reconnects: number;
  } | null)[];
}

/** A brand of cameras. `GET /brands`: `readonly Brand[]`; `custom` has no paths. */
export interface Brand {
  readonly id: "hikvision" | "dahua" | "uniview" | "tp-link" | "custom";
  readonly name: Both;
  /** `{channel}` is filled in, from 1. */
  readonly main: string | null;
  readonly sub: string | null;
  readonly port: number;
  /** What to check in this brand's own page. */
  readonly note: Both;
}

/** Where a camera is: an address, or a brand and what its template needs. */
export type CameraAddress =
  | { readonly url: string }
  | {
      readonly brand: Brand["id"];
      readonly host: string;
      readonly port?: number;
      /** From 1; 1 when left out. */
      readonly channel?: number;
      readonly stream?: "main" | "sub";
    };

/**
 * Body of `POST /cameras` (admin, `If-Match: "REVISION"`): adds one; answers `Applied` with `camera`.
 * An id is made of the name when left out.
 */
export interface NewCamera {
  readonly id?: string;
  readonly name: string;
  readonly address: CameraAddress;
  readonly user?: string;
  readonly password?: string;
  readonly settings?: CameraSettings;
}

/** Body of `PUT /cameras/ID/login` (admin); answers `Applied`. An empty user removes the login. */
export interface CameraLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * Body of `POST /cameras/test` (technician). The answer is a stream of `application/x-ndjson`: one `TestStep` a line, as
 * it happens, then one `TestResult`. Aborting the request ends the test.
 */
export type CameraTestRequest =
  /** The camera as configured. */
  { readonly camera: string } | { readonly address: CameraAddress; readonly user?: string; readonly password?: string };

export type TestStage = "dns" | "tcp" | "rtsp" | "auth" | "codec" | "keyframe" | "decoded" | "snapshot";

/** One stage that begins (`running`) or ended. Stages after a failed one are not told. */
export interface TestStep {
  readonly kind: "stage";
  readonly stage: TestStage;
  readonly state: "running" | "passed" | "failed" | "skipped";
  /** Milliseconds the stage took, once it ended. */
  readonly ms: number | null;
  /** What was found, for example `H.264 1920×1080`; null when there is nothing to say. */
  readonly detail: string | null;
  /** Why it failed and what to do. */
  readonly error: RememberedError | null;
}

/** The last line. */
export interface TestResult {
  readonly kind: "result";
  readonly ok: boolean;
  readonly error: RememberedError | null;
  readonly codec: string | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly transport: string | null;
  readonly server: string | null;
  /** What is doubtful though it works, for example a long key frame interval. */
  readonly advice: readonly Both[];
  /** `data:`-free: base64 of a JPEG at most 640 pixels wide; null when it did not get so far. */
  readonly jpegBase64: string | null;
}

/** Body of `POST /discovery` (technician): a stream of `application/x-ndjson`, one `Discovered` a line, at most 10 s. */
export interface DiscoveryRequest {
  /** `192.168.1.0/24`: asked address by address, besides the multicast; at most 1,024 addresses. */
  readonly cidr?: string;
}

/** What was tried (`tried`), and who answered (`device`). */
export type Discovered =
  | { readonly kind: "tried"; readonly interface: string; readonly address: string; readonly note: Both | null }
  | {
      readonly kind: "device";
      readonly host: string;
      readonly name: string | null;
      readonly model: string | null;
      readonly brand: Brand["id"];
      /** Where it takes ONVIF questions; null when it named nothing on its own address. */
      readonly service: string | null;
    };

/**
 * Body of `POST /cameras/streams` (technician): asks a camera over ONVIF for its streams; answers `readonly FoundStream[]`,
 * the largest first. Without `service` the usual address on `host` is asked.
 */
export interface StreamsRequest {
  readonly host: string;
  readonly service?: string;
  readonly user?: string;
  readonly password?: string;
}

/** One stream of a camera. */
export interface FoundStream {
  readonly name: string;
  readonly url: string;
  readonly codec: string;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
}
