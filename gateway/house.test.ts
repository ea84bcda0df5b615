/** Who may import whom, and which file alone may touch an outside thing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

const analysis = "gateway/analysis";
const delivery = "gateway/delivery";
const protocol = `${delivery}/uplink/protocol`;

/** A room may import itself and the rooms or files to its right; the longest matching name is the room of a file. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  native: [],
  "gateway/runtime": [],
  "gateway/config": ["gateway/runtime", `${analysis}/gauge/calibration.ts`, `${analysis}/geometry.ts`],
  "gateway/database": ["gateway/runtime"],
  [`${analysis}/geometry.ts`]: [],
  [`${analysis}/capture`]: [`${analysis}/geometry.ts`, "gateway/config", "gateway/runtime", "native"],
  [`${analysis}/detection`]: [
    `${analysis}/capture/frame.ts`,
    `${analysis}/geometry.ts`,
    "gateway/config",
    "gateway/runtime",
    "native",
  ],
  [`${analysis}/detection/eval`]: [
    `${analysis}/detection`,
    `${analysis}/capture/frame.ts`,
    `${analysis}/snapshot.ts`,
    `${analysis}/geometry.ts`,
    "gateway/config",
    "gateway/runtime",
  ],
  [`${analysis}/tracking`]: [`${analysis}/detection/detection.ts`, `${analysis}/geometry.ts`, "gateway/runtime"],
  [`${analysis}/zones`]: [
    `${analysis}/tracking/track.ts`,
    `${analysis}/detection/scene.ts`,
    `${analysis}/geometry.ts`,
    "gateway/config",
    "gateway/runtime",
  ],
  [`${analysis}/diagnosis`]: [
    `${analysis}/capture/frame.ts`,
    `${analysis}/capture/yuv.ts`,
    `${analysis}/geometry.ts`,
    `${analysis}/detection/scene.ts`,
    "gateway/config",
    "gateway/runtime",
    "native/index.ts",
    "native/seeded.ts",
  ],
  [`${analysis}/gauge`]: [
    `${analysis}/capture/frame.ts`,
    `${analysis}/capture/yuv.ts`,
    `${analysis}/geometry.ts`,
    "gateway/config",
    "gateway/runtime/status.ts",
    "native/seeded.ts",
    "native/yuv-size.ts",
  ],
  [`${analysis}/flow`]: [
    `${analysis}/capture/frame.ts`,
    "gateway/config",
    "gateway/runtime/status.ts",
    "native/seeded.ts",
    "native/yuv-size.ts",
  ],
  [analysis]: [analysis, "gateway/config", "gateway/runtime", "native"],
  [`${delivery}/keys`]: ["gateway/runtime"],
  [`${delivery}/events`]: [
    `${delivery}/keys/event-signature.ts`,
    `${analysis}/zones/trigger.ts`,
    `${analysis}/measurement.ts`,
    `${analysis}/geometry.ts`,
    "gateway/config",
    "gateway/database",
    "gateway/runtime",
  ],
  [`${delivery}/evidence`]: [
    `${analysis}/capture/ring/footage.ts`,
    `${delivery}/events`,
    "gateway/database",
    "gateway/runtime",
  ],
  [`${delivery}/outbox`]: [`${delivery}/events`, "gateway/database", "gateway/runtime"],
  [protocol]: ["gateway/runtime"],
  [`${delivery}/uplink`]: [
    `${delivery}/events`,
    `${delivery}/evidence`,
    `${delivery}/outbox`,
    "gateway/config",
    "gateway/database",
    "gateway/runtime",
  ],
  // It runs what decides on both sides, and nothing of what does it.
  [`${delivery}/uplink/simulator`]: [
    protocol,
    `${delivery}/commands/verdict.ts`,
    `${delivery}/relay/held-commands.ts`,
    "gateway/runtime",
  ],
  [delivery]: [
    delivery,
    `${analysis}/measurement.ts`,
    `${analysis}/capture/ring/footage.ts`,
    `${analysis}/zones/trigger.ts`,
    "gateway/config",
    "gateway/database",
    "gateway/runtime",
  ],
  "gateway/web/page": [
    `${analysis}/gauge/calibration.ts`,
    `${analysis}/geometry.ts`,
    `${analysis}/zones/schedule.ts`,
    "gateway/config",
    "gateway/runtime/texts",
    "gateway/web/api.ts",
  ],
  "gateway/web/testing": ["gateway"],
  "gateway/web/page/testing": ["gateway", "platform/receiver.ts"],
  "gateway/web": [
    `${analysis}/analysis.ts`,
    `${analysis}/live-view.ts`,
    `${analysis}/messages.ts`,
    `${analysis}/snapshot.ts`,
    `${analysis}/track-log/suppressed-log.ts`,
    `${analysis}/track-log/thumbnail-files.ts`,
    `${analysis}/track-log/track-log.ts`,
    `${analysis}/zones/sun.ts`,
    `${analysis}/zones/suppression.ts`,
    `${analysis}/zones/trigger.ts`,
    `${analysis}/capture`,
    `${analysis}/detection/label-doubts.ts`,
    `${analysis}/detection/model.ts`,
    `${analysis}/detection/model-shelf.ts`,
    `${delivery}/events`,
    "gateway/rehearsal/clip-rerun/clip-rerun.ts",
    "gateway/rehearsal/preview.ts",
    "gateway/config",
    "gateway/runtime",
  ],
  "gateway/own-state.ts": [`${analysis}/analysis.ts`, `${delivery}/delivery.ts`],
  "gateway/engine.ts": [
    `${delivery}/camera-list.ts`,
    "gateway/own-state.ts",
    `${analysis}/analysis.ts`,
    `${analysis}/measurement.ts`,
    `${analysis}/messages.ts`,
    `${analysis}/rings.ts`,
    `${analysis}/snapshot.ts`,
    `${analysis}/zones/trigger.ts`,
    `${delivery}/delivery.ts`,
    "gateway/commands.ts",
    "gateway/live-config.ts",
    "gateway/model-update.ts",
    "gateway/relay.ts",
    `${analysis}/detection/model-shelf.ts`,
    "gateway/config",
    "gateway/database",
    "gateway/runtime",
  ],
  "gateway/desk.ts": [
    analysis,
    delivery,
    "gateway/engine.ts",
    "gateway/rehearsal/clip-rerun/clip-rerun.ts",
    "gateway/rehearsal/preview.ts",
    "gateway/web",
    "gateway/config",
    "gateway/runtime",
  ],
  "gateway/gateway.ts": [
    `${analysis}/capture/live-pictures.ts`,
    "gateway/web/smooth-view.ts",
    `${delivery}/delivery.ts`,
    `${delivery}/commands/config-trial.ts`,
    "gateway/desk.ts",
    "gateway/engine.ts",
    "gateway/rehearsal/clip-rerun/clip-rerun.ts",
    "gateway/rehearsal/preview.ts",
    "gateway/rehearsal/rehearsals.ts",
    "gateway/web/server.ts",
    "gateway/cli/control-socket.ts",
    "gateway/config",
    "gateway/runtime",
  ],
  "gateway/commands.ts": [delivery, "gateway/runtime"],
  "gateway/live-config.ts": ["gateway/config"],
  "gateway/model-update.ts": [`${analysis}/detection`, delivery, "gateway/config", "gateway/runtime"],
  "gateway/relay.ts": [
    `${delivery}/delivery.ts`,
    `${delivery}/relay`,
    protocol,
    "platform/next-key.ts",
    "platform/receiver-keys.ts",
    "platform/receiver.ts",
    "gateway/config",
    "gateway/runtime",
  ],
  "gateway/rehearsal": [
    analysis,
    "gateway/gateway.ts",
    `${delivery}/uplink`,
    "gateway/cli",
    "gateway/config",
    "gateway/runtime",
    "platform",
  ],
  "gateway/cli": [
    "gateway/gateway.ts",
    "gateway/rehearsal",
    `${analysis}/capture`,
    `${analysis}/detection`,
    `${delivery}/commands/audit.ts`,
    `${delivery}/events`,
    `${delivery}/keys`,
    `${delivery}/uplink`,
    "gateway/database",
    "gateway/web/box/own-addresses.ts",
    "gateway/web/diagnosis-text.ts",
    "gateway/web/password-file.ts",
    "gateway/web/server.ts",
    "gateway/config",
    "gateway/runtime",
    "native/index.ts",
    "platform",
  ],
  "gateway/cli/simulate": [
    "gateway/cli",
    `${analysis}/zones/trigger.ts`,
    delivery,
    "gateway/config",
    "gateway/database",
    "gateway/runtime",
  ],
  "gateway/bench": ["gateway", "native", "platform"],
  "gateway/e2e": ["gateway", "native", "platform"],
  "gateway/main.ts": ["gateway/cli", "gateway/config", "gateway/runtime"],
  "gateway/docs.ts": ["gateway/cli", "gateway/config", "gateway/runtime", "platform/schemas"],
  platform: [
    protocol,
    `${delivery}/keys`,
    "gateway/config",
    "gateway/database",
    "gateway/runtime",
    "gateway/cli/command.ts",
  ],
  models: [],
  "test-fixtures": [],
  // Renders what the backtest then judges: the one fixture maker that knows the pipeline.
  "test-fixtures/scenes/quiet-hours.ts": [
    "test-fixtures/scenes",
    `${analysis}/detection`,
    "gateway/rehearsal/backtest.ts",
  ],
};

/** Each outside thing has its doors: the only files that may import it. */
const doors: Readonly<Record<string, readonly string[]>> = {
  "onnxruntime-node": [`${analysis}/detection/detector-process.ts`],
  sharp: [`${analysis}/snapshot.ts`],
  zeromq: [`${delivery}/uplink/uplink-socket.ts`, "platform/router.ts", `${analysis}/detection/remote-detector.ts`],
  "better-sqlite3": ["gateway/database/database.ts", "gateway/database/quarantine.ts"],
  "sm-crypto-v2": [`${delivery}/keys/sm2.ts`],
  pg: ["platform/sinks/postgres.ts"],
  "@nats-io": ["platform/sinks/jetstream.ts"],
  "fluent-ffmpeg": [`${delivery}/evidence/clip.ts`],
  "node-rtsp-stream": ["gateway/web/smooth-view.ts"],
  "node:child_process": [
    "gateway/cli/receiver/neighbour.ts",
    `${analysis}/capture/decoder.ts`,
    `${analysis}/detection/detector-child.ts`,
    "gateway/web/box/set-clock.ts",
    "gateway/web/tls.ts",
  ],
  "node:worker_threads": [
    `${analysis}/analysis.ts`,
    `${analysis}/analysis-thread.ts`,
    "gateway/rehearsal/open-rehearsals.ts",
    "gateway/rehearsal/preview-thread.ts",
  ],
};

const root = process.env["HOUSE"] ?? ".";
const within = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);
const roomOf = (path: string): string | undefined =>
  Object.keys(mayImport)
    .filter((room) => within(path, room))
    .sort((a, b) => b.length - a.length)[0];
const sources = ["gateway", "native", "platform", "models", "test-fixtures"]
  .filter((top) => existsSync(join(root, top)))
  .flatMap((top) => readdirSync(join(root, top), { recursive: true, encoding: "utf8" }).map((file) => `${top}/${file}`))
  .filter(
    (file) =>
      /\.tsx?$/.test(file) &&
      !/web\/page\/dist/.test(file) &&
      !file.endsWith(".test.ts") &&
      !file.endsWith(".d.ts") &&
      !file.includes("node_modules"),
  );
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), "utf8").matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1] ?? "");

describe("imports go one way", () => {
  test.each(sources)("%s", (file) => {
    const room = roomOf(file);
    if (room === undefined) throw new Error(`${file} lies in no room of the house`);
    const closed = importsOf(file)
      .filter((target) => target.startsWith("."))
      .map((target) => normalize(join(dirname(file), target)))
      .filter((target) => !within(target, room) && !mayImport[room]?.some((open) => within(target, open)));
    expect(closed, `${file} may not import these`).toEqual([]);
  });
});

describe("one door per outside thing", () => {
  test.each(Object.entries(doors))("%s", (thing, allowed) => {
    const opened = sources.filter((file) =>
      importsOf(file).some((target) => target === thing || target.startsWith(`${thing}/`)),
    );
    const elsewhere = opened.filter(
      (file) =>
        !allowed.includes(file) &&
        !/^(gateway\/(e2e|bench|rehearsal|web\/page\/testing)|native|test-fixtures|models|platform\/examples)\//.test(
          file,
        ),
    );
    expect(elsewhere, `only ${allowed.join(", ")} may import ${thing}`).toEqual([]);
  });
});
