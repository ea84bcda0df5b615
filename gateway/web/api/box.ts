/** The box itself: health, clock, uplinks, log, support bundle, models. */
import type { RememberedError } from "./problem.ts";
import type { QrPath } from "./session.ts";

/** `GET /box`. Null: this box cannot say. */
export interface BoxHealth {
  readonly version: string;
  readonly site: { readonly id: string; readonly name: string; readonly timezone: string };
  readonly process: "starting" | "running" | "draining" | "stopped";
  readonly startedMs: number;
  readonly nowMs: number;
  readonly revision: string;
  readonly hostName: string;
  /** Addresses under which this page can be reached. */
  readonly addresses: readonly string[];
  readonly node: string;
  readonly platform: string;
  /** Its version, major and minor. */
  readonly ffmpeg: string | null;
  readonly temperatureC: number | null;
  readonly throttled: boolean | null;
  readonly underVoltage: boolean | null;
  readonly cpuCount: number;
  /** One-minute load. */
  readonly load1: number;
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number; readonly daemonBytes: number };
  readonly disk: {
    readonly totalBytes: number;
    readonly freeBytes: number;
    readonly databaseBytes: number;
    readonly evidenceBytes: number;
    /** Bytes written by this daemon since it started. */
    readonly writtenBytes: number | null;
    /** Share of the flash's life that is used, 0..1. */
    readonly wear: number | null;
  };
  readonly loopDelayMsP99: number;
  readonly clock: ClockCheck;
  readonly detectors: readonly DetectorView[];
  readonly uplinks: readonly UplinkView[];
  readonly delivery: {
    readonly recorded: number;
    readonly openOccurrences: number;
    /** Events that exist only in memory at this moment: what is lost if power fails now. */
    readonly lostIfPowerFails: number;
    readonly lastError: RememberedError | null;
  };
}

/** One detector. */
export interface DetectorView {
  readonly model: string;
  readonly state: string;
  readonly runs: number;
  readonly failures: number;
  readonly restarts: number;
  readonly runMsP50: number | null;
  readonly runMsP95: number | null;
  readonly lastError: RememberedError | null;
}

/** One uplink. */
export interface UplinkView {
  readonly id: string;
  readonly address: string;
  readonly state: string;
  readonly sinceMs: number;
  readonly depth: number;
  readonly oldestAgeMs: number | null;
  readonly evidenceWaiting: number;
  readonly acknowledged: number;
  readonly lastAckMs: number | null;
  /** Until it tries to connect again, ms, 0 while it does; null: connected, or nobody knows. */
  readonly retryInMs: number | null;
  /** Until nothing waits at the pace of the newest half minute, ms; null: nobody knows. */
  readonly drainMs: number | null;
  /** Events that will never count as delivered: given up here, or put aside by the platform. */
  readonly deadLetters: {
    readonly events: number;
    /** The newest 20, newest first. */
    readonly newest: readonly {
      readonly atMs: number;
      /** full, damaged, retention, too-big: given up here; rejected: by the platform, which says why in `detail`. */
      readonly why: string;
      readonly detail: string;
      /** Null: a run of several. */
      readonly eventId: string | null;
      readonly events: number;
    }[];
  };
  readonly lastError: RememberedError | null;
}

/** `GET /clock`; `POST /clock` with `ClockSet` (admin) sets the box's clock and answers the same. */
export interface ClockCheck {
  readonly boxMs: number;
  /** Null: nobody could say. */
  readonly synced: boolean | null;
  readonly timezone: string;
  /** Whether the daemon may set the clock on this box. */
  readonly canSet: boolean;
}

/** Body of `POST /clock`: the time of the phone when the request was sent. */
export interface ClockSet {
  readonly phoneMs: number;
}

/** `GET /models`: packages that lie on the box. */
export interface ModelView {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly labels: readonly { readonly id: string; readonly zh: string; readonly en: string }[];
  readonly inputPx: { readonly width: number; readonly height: number } | null;
  readonly licence: string | null;
  /** Cameras that use it now. */
  readonly cameras: readonly string[];
  /** Why it cannot be used; null when it can. */
  readonly error: RememberedError | null;
}

/** `GET /logs?level=warn&camera=ID&limit=200`: newest last, secrets already gone. Live ones come over the socket. */
export interface LogLine {
  /** Counts up; never twice. */
  readonly n: number;
  readonly atMs: number;
  readonly level: "info" | "warn" | "error";
  readonly camera: string | null;
  /** The plain line. */
  readonly text: string;
  /** Everything else of the line, folded away at first. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** `GET /support`: what `POST /support` would put into the zip that it answers with (`application/zip`). */
export interface SupportContents {
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly about: { zh: string; en: string };
  }[];
}

/** `GET /certificate`: what a phone must trust so that it trusts this page. */
export interface CertificateView {
  /** Null: the page has no TLS, or a certificate that the site brought. */
  readonly authority: {
    /** SHA-256, as phones show it. */
    readonly fingerprint: string;
    readonly validToMs: number;
    /** Where the file is, open to all, and the same as a code for a camera. */
    readonly link: string;
    readonly qr: QrPath;
  } | null;
}
