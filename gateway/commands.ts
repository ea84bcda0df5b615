/** Commands from above, put together: who may, what can be done here, and how a config change finds its way back. */
import { AskedEvidence } from "./delivery/asked-evidence.ts";
import { Commands, type CommandRun } from "./delivery/commands/commands.ts";
import { ConfigTrial, type ConfigPort } from "./delivery/commands/config-trial.ts";
import { markEvent } from "./delivery/commands/mark-event.ts";
import { KeyRenewal } from "./delivery/commands/renew-keys.ts";
import type { Delivery, Picture } from "./delivery/delivery.ts";
import { EventArchive } from "./delivery/events/event-archive.ts";
import { SecurityRecords } from "./delivery/security/security-records.ts";
import type { KeptLine } from "./runtime/log.ts";
import type { SecurityLog } from "./runtime/security-log.ts";

/** What the rest of the box gives. */
export interface CommandPorts {
  readonly delivery: Delivery;
  /** All that the box says of itself; JSON. */
  readonly status: () => unknown;
  readonly picture: (cameraId: string) => Promise<Picture | null>;
  readonly config: ConfigPort | null;
  /** Brings other models; null: cannot. */
  readonly model: (AsyncDisposable & { readonly run: CommandRun }) | null;
  /** Begins anew with what is on the disk; null: cannot. */
  readonly reload: (() => void) | null;
  /** Where the other parts note who did what; left out: nobody writes it down. */
  readonly security?: SecurityLog;
}

/** A little less than a result may hold, written as JSON. */
const maxLogBytes = 1_000_000;

/** Commands of one box, listening on its uplinks. */
export function openCommands(ports: CommandPorts): AsyncDisposable & { readonly commands: Commands } {
  const { delivery, status, picture, reload, model, security } = ports;
  const { parts } = delivery;
  const { config, database, clock, log, uplinks } = parts;
  const byId = new Map(uplinks.map(({ id, uplink }) => [id, uplink]));
  const asked = new AskedEvidence({ ...parts, picture });
  const trial = ports.config && newTrial(delivery, ports.config);
  const renewal = new KeyRenewal({
    ...{ clock, keys: parts.keys, uplinks },
    onRenewed: (operator) => security?.note({ act: "keys-renewed", user: operator, address: null }),
  });
  const reloads: CommandRun = async () => Promise.resolve({ detail: "beginning anew", after: () => reload?.() });
  const commands = new Commands({
    config,
    database,
    clock,
    log,
    doers: {
      "health.get": async () => Promise.resolve({ detail: "health", body: status() }),
      ...(log.newest ? { "logs.get": logs((most) => log.newest?.(most) ?? []) } : {}),
      "snap.now": asked.snap,
      "clip.get": asked.clip,
      ...(trial ? { "cfg.get": trial.get, "cfg.set": trial.set } : {}),
      "key.renew": renewal.run,
      "event.mark": markEvent(new EventArchive(database), clock),
      ...(model ? { "model.update": model.run } : {}),
      ...(reload ? { "svc.reload": reloads } : {}),
    },
    clockKnown: () => delivery.clock !== null,
    say: (uplinkId, result) => byId.get(uplinkId)?.say(result),
    onStranger: (uplink, key) =>
      security?.note({ act: "command-unsigned", user: null, address: null, detail: { uplink, key: key.slice(0, 32) } }),
    onDone: ({ cmd, op, operator, reason }, state, detail) => {
      delivery.system.say({
        kind: "command",
        severity: 4,
        title: { zh: `远程命令 ${op}:${state}`, en: `command ${op}: ${state}` },
        detail: { cmd, op, operator, reason, state, said: detail },
      });
    },
  });
  const records =
    security && new SecurityRecords({ from: security, audit: commands.audit, system: delivery.system, clock, log });
  delivery.attach({ onCommand: (uplinkId, header, payload) => commands.take(uplinkId, header, payload) });
  const resumed = trial?.resume();
  void resumed?.outcome.then(({ state, detail }) => commands.conclude(resumed.cmd, state, detail));
  for (const { cmd, uplinkId } of commands.running("key.renew"))
    void renewal.outcome(uplinkId).then(({ state, detail }) => commands.conclude(cmd, state, detail));
  return {
    commands,
    async [Symbol.asyncDispose]() {
      renewal[Symbol.dispose]();
      await model?.[Symbol.asyncDispose]();
      trial?.[Symbol.dispose]();
      await commands[Symbol.asyncDispose]();
      await records?.[Symbol.asyncDispose]();
    },
  };
}

function newTrial(delivery: Delivery, port: ConfigPort): ConfigTrial {
  const { config, database, clock, log, uplinks } = delivery.parts;
  return new ConfigTrial({
    database,
    clock,
    port,
    confirmSec: config.commands.confirmSec,
    heardMs: () => uplinks.reduce<number | null>((best, { uplink }) => later(best, uplink.heardMs), null),
    onProblem: (error) => log.error({}, "config", error),
  });
}

function later(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

/** The newest lines, newest last, as the page and the support bundle show them. */
function logs(newest: (most: number) => readonly KeptLine[]): CommandRun {
  return async (args) => {
    const most = typeof args["lines"] === "number" ? Math.min(10_000, Math.max(1, Math.floor(args["lines"]))) : 500;
    let bytes = 0;
    const fits = newest(most)
      .map((line) => JSON.stringify(line))
      .reverse()
      .filter((line) => (bytes += Buffer.byteLength(JSON.stringify(line)) + 1) < maxLogBytes)
      .reverse();
    return Promise.resolve({ detail: `${fits.length} lines`, body: { lines: fits } });
  };
}
