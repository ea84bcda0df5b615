/** The status as Prometheus text: base units, the camera's id as the only label of a camera (pure). */
import type { CameraState, GatewayStatus, UplinkState } from "../runtime/status.ts";

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [Labels, number | null];

const cameraStates: readonly CameraState[] = ["connecting", "streaming", "stalled", "waiting", "disabled"];
const uplinkStates: readonly UplinkState[] = ["connecting", "sending", "waiting-for-ack", "offline"];

/** Exposition format 0.0.4. */
export function metricsText(status: GatewayStatus): string {
  return [...boxMetrics(status), ...cameraMetrics(status), ...detectorMetrics(status), ...deliveryMetrics(status)].join(
    "",
  );
}

/** One family; samples without a value are left out, a family without samples altogether. */
function family(name: string, type: "gauge" | "counter", help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) =>
    value === null ? [] : [`xueliang_${name}${labelText(labels)} ${value}\n`],
  );
  return lines.length === 0
    ? ""
    : `# HELP xueliang_${name} ${help}\n# TYPE xueliang_${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function boxMetrics(status: GatewayStatus): string[] {
  return [
    family("build_info", "gauge", "Version of the gateway.", [[{ version: status.version }, 1]]),
    family("start_time_seconds", "gauge", "When the gateway started, Unix time.", [[{}, status.startedMs / 1e3]]),
    family("resident_memory_bytes", "gauge", "Memory of the main process.", [[{}, status.rssBytes]]),
    family("loop_delay_p99_seconds", "gauge", "Event-loop delay of the main thread, 99th percentile.", [
      [{}, status.loopDelayMsP99 / 1e3],
    ]),
  ];
}

function cameraMetrics({ cameras }: GatewayStatus): string[] {
  const each = (value: (camera: (typeof cameras)[number]) => number | null): Sample[] =>
    cameras.map((camera) => [{ camera: camera.id }, value(camera)]);
  return [
    family(
      "camera_state",
      "gauge",
      "1 for the state the camera is in.",
      cameras.flatMap(({ id, state }) =>
        cameraStates.map((one): Sample => [{ camera: id, state: one }, one === state ? 1 : 0]),
      ),
    ),
    family(
      "camera_frames_total",
      "counter",
      "Frames decoded.",
      each((one) => one.framesIn),
    ),
    family(
      "camera_frames_analysed_total",
      "counter",
      "Frames the detector looked at.",
      each((one) => one.analysed),
    ),
    family(
      "camera_frames_gated_total",
      "counter",
      "Frames not analysed because nothing moved.",
      each((one) => one.gated),
    ),
    family(
      "camera_frames_dropped_total",
      "counter",
      "Frames nobody looked at, by reason.",
      cameras.flatMap((one): Sample[] => [
        [{ camera: one.id, reason: "overwritten" }, one.overwritten],
        [{ camera: one.id, reason: "shed" }, one.shed],
        [{ camera: one.id, reason: "not_looked_at" }, one.notLookedAt],
      ]),
    ),
    family(
      "camera_analysis_seconds",
      "gauge",
      "From a frame's arrival to its tracks, recent frames.",
      cameras.flatMap((one): Sample[] => [
        [{ camera: one.id, quantile: "0.5" }, seconds(one.analysisMsP50)],
        [{ camera: one.id, quantile: "0.95" }, seconds(one.analysisMsP95)],
      ]),
    ),
    family(
      "camera_last_frame_timestamp_seconds",
      "gauge",
      "When the last frame came, Unix time.",
      each((one) => seconds(one.lastFrameMs)),
    ),
    family(
      "camera_reconnects_total",
      "counter",
      "Times the camera was connected again.",
      each((one) => one.reconnects),
    ),
    family(
      "camera_live_tracks",
      "gauge",
      "Objects followed now.",
      each((one) => one.liveTracks),
    ),
    family(
      "camera_triggers_total",
      "counter",
      "Verdicts of the rules, every phase.",
      each((one) => one.triggers),
    ),
  ];
}

function detectorMetrics({ detectors }: GatewayStatus): string[] {
  const each = (value: (one: (typeof detectors)[number]) => number): Sample[] =>
    detectors.map((one) => [{ model: one.model }, value(one)]);
  return [
    family(
      "detector_runs_total",
      "counter",
      "Inferences done.",
      each((one) => one.runs),
    ),
    family(
      "detector_failures_total",
      "counter",
      "Inferences that failed.",
      each((one) => one.failures),
    ),
    family(
      "detector_restarts_total",
      "counter",
      "Detector processes replaced.",
      each((one) => one.restarts),
    ),
    family(
      "detector_processes",
      "gauge",
      "Detector processes alive.",
      each((one) => one.pids.length),
    ),
    family(
      "detector_run_seconds",
      "gauge",
      "Length of an inference, recent runs.",
      detectors.flatMap((one): Sample[] => [
        [{ model: one.model, quantile: "0.5" }, seconds(one.runMsP50)],
        [{ model: one.model, quantile: "0.95" }, seconds(one.runMsP95)],
      ]),
    ),
  ];
}

function deliveryMetrics({ delivery }: GatewayStatus): string[] {
  const { uplinks } = delivery;
  const each = (value: (one: (typeof uplinks)[number]) => number | null): Sample[] =>
    uplinks.map((one) => [{ uplink: one.id }, value(one)]);
  return [
    family("events_recorded_total", "counter", "Event messages stored on this box.", [[{}, delivery.recorded]]),
    family("open_occurrences", "gauge", "Occurrences that have not ended.", [[{}, delivery.openOccurrences]]),
    family("evidence_bytes", "gauge", "Size of the evidence files.", [[{}, delivery.evidenceBytes]]),
    family("database_bytes", "gauge", "Size of the database.", [[{}, delivery.databaseBytes]]),
    family(
      "uplink_state",
      "gauge",
      "1 for the state the uplink is in.",
      uplinks.flatMap(({ id, state }) =>
        uplinkStates.map((one): Sample => [{ uplink: id, state: one }, one === state ? 1 : 0]),
      ),
    ),
    family(
      "outbox_depth",
      "gauge",
      "Rows not yet acknowledged.",
      each((one) => one.depth),
    ),
    // 0 when nothing waits: an alert on age must see a value at all times.
    family(
      "outbox_oldest_age_seconds",
      "gauge",
      "Age of the oldest row not acknowledged.",
      each((one) => (one.oldestAgeMs ?? 0) / 1e3),
    ),
    family(
      "uplink_evidence_waiting",
      "gauge",
      "Evidence files not yet handed over.",
      each((one) => one.evidenceWaiting),
    ),
    family(
      "uplink_acknowledged_total",
      "counter",
      "Rows acknowledged.",
      each((one) => one.acknowledged),
    ),
    family(
      "uplink_last_ack_timestamp_seconds",
      "gauge",
      "When the last acknowledgement came, Unix time.",
      each((one) => seconds(one.lastAckMs)),
    ),
  ];
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1e3;
}
