/** A status with something of everything, for tests and pictures of the page. */
import type { GatewayStatus } from "../runtime/status.ts";

/** Two hours after the start: one camera good, one stalled, one refused; four rows waiting. */
export function exampleStatus(): GatewayStatus {
  const nowMs = Date.UTC(2026, 2, 14, 8);
  const startedMs = nowMs - 7_260_000;
  const camera = {
    id: "north-pier",
    name: "北码头",
    state: "streaming",
    sinceMs: startedMs + 2_000,
    decoder: "software",
    decoderNote: null,
    widthPx: 960,
    heightPx: 540,
    framesIn: 36_300,
    overwritten: 12,
    reconnects: 1,
    decoderPid: 4711,
    lastFrameMs: nowMs - 150,
    lastError: null,
    analysed: 9_100,
    gated: 27_185,
    shed: 0,
    notLookedAt: 3,
    triggers: 5,
    liveTracks: 2,
    analysisMsP50: 41.2,
    analysisMsP95: 88.9,
  } as const;
  const refused = { code: "CAMERA_UNAUTHORIZED", values: { camera: "south-pier" }, atMs: nowMs - 95_000 } as const;
  return {
    version: "0.1.0",
    site: { id: "box-1", name: "江北嘴网关" },
    process: "running",
    pid: 4700,
    startedMs,
    nowMs,
    configRevision: "79e0f106cafce4e0",
    rssBytes: 187_000_000,
    loopDelayMsP99: 21.4,
    cameras: [
      camera,
      {
        ...camera,
        id: "east-gate",
        name: "东门",
        state: "stalled",
        sinceMs: nowMs - 9_000,
        lastFrameMs: nowMs - 17_000,
      },
      {
        ...camera,
        id: "south-pier",
        name: "南码头",
        state: "waiting",
        sinceMs: nowMs - 95_000,
        framesIn: 0,
        lastError: refused,
      },
      {
        ...camera,
        id: "store",
        name: "仓库",
        state: "disabled",
        framesIn: 0,
        analysed: 0,
        gated: 0,
        overwritten: 0,
        notLookedAt: 0,
      },
    ],
    detectors: [
      {
        model: "river-starter",
        state: "running",
        pids: [4720],
        runs: 27_300,
        failures: 1,
        restarts: 1,
        runMsP50: 33.4,
        runMsP95: 61,
        lastError: null,
      },
    ],
    delivery: {
      recorded: 42,
      openOccurrences: 1,
      evidenceBytes: 31_000_000,
      databaseBytes: 420_000,
      uplinks: [
        {
          id: "city",
          address: "tcp://platform.example:5556",
          state: "offline",
          sinceMs: nowMs - 130_000,
          depth: 4,
          oldestAgeMs: 128_000,
          evidenceWaiting: 2,
          acknowledged: 38,
          lastAckMs: nowMs - 140_000,
          lastError: null,
        },
      ],
      lastError: null,
    },
  };
}
