/** `xueliang simulate`: a box without cameras, for those who build what receives. */
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ensureKeys, enrolment } from "../../delivery/uplink/keys.ts";
import type { Flag } from "../command-table.ts";
import { emit, finish, sayLine, type Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { readArgs, usage } from "../read-args.ts";
import { CameralessBox } from "./box.ts";
import { scenarios, type ScenarioName } from "./scenarios.ts";

const about = { en: "", zh: "" };
const known: Readonly<Record<string, Flag>> = {
  to: { value: "ADDRESS", about },
  "server-key": { value: "KEY", about },
  scenario: { value: "NAME,…", about },
  events: { value: "N", about },
  rate: { value: "PER_SECOND", about },
  id: { value: "GW", about },
  folder: { value: "DIR", about },
};
/** How long acknowledgements are waited for without `--timeout`. */
const defaultPatienceMs = 120_000;

/** Prints its enrolment record first; ends with 0 when everything it recorded is acknowledged, evidence included. */
export const simulateCommand: Command = async (args, io) => {
  const { words, flags } = readArgs(args, known, io.language);
  if (words[0] !== undefined) throw usage(io.language, "tooManyArguments", { argument: words[0] });
  const said = (name: string, otherwise: string): string => {
    const value = flags[name];
    return typeof value === "string" ? value : otherwise;
  };
  const address = said("to", "");
  const serverKey = said("server-key", "");
  if (address === "" || serverKey === "") throw usage(io.language, "simulateNeeds");
  const names = said("scenario", "steady").split(",");
  const unknown = names.find((name) => !Object.hasOwn(scenarios, name));
  if (unknown !== undefined)
    throw usage(io.language, "simulateScenario", { scenario: unknown, known: Object.keys(scenarios).join(", ") });
  const amount = { events: atLeastOne(said("events", "60")), perSecond: atLeastOne(said("rate", "5")) };
  const given = flags["folder"];
  const folder = typeof given === "string" ? resolve(io.cwd, given) : mkdtempSync(join(tmpdir(), "simulate-"));
  mkdirSync(folder, { recursive: true });
  try {
    const gw = said("id", "simulated-1");
    const record = enrolment(gw, await ensureKeys(folder));
    emit(io, "enrolment", { record });
    if (!io.json) io.stderr(sayLine(io, "simulateEnrol", { record: JSON.stringify(record) }));
    const patienceMs = io.timeoutMs ?? defaultPatienceMs;
    await using box = await CameralessBox.open({ gw, folder, address, serverKey, signal: io.signal, patienceMs });
    for (const scenario of names as readonly ScenarioName[]) {
      await scenarios[scenario](box, amount);
      await box.settle();
      const { recorded, waiting, evidenceWaiting } = box.totals;
      const step = { scenario, recorded, acknowledged: recorded - waiting, waiting, evidence: evidenceWaiting };
      emit(io, "scenario", step);
      if (!io.json) io.stderr(sayLine(io, "simulateStep", step));
    }
    const { recorded, waiting, evidenceWaiting, lastError } = box.totals;
    const done = waiting === 0 && evidenceWaiting === 0;
    return finish(
      io,
      done ? exitCodes.done : exitCodes.uplink,
      { recorded, waiting, evidenceWaiting, lastError },
      () =>
        done
          ? sayLine(io, "simulateDone", { recorded })
          : sayLine(io, "simulateLeft", {
              recorded,
              waiting,
              evidence: evidenceWaiting,
              error: box.sayError(io.language) || "-",
            }),
    );
  } finally {
    if (typeof given !== "string") rmSync(folder, { recursive: true, force: true });
  }
};

function atLeastOne(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) && value >= 1 ? value : 1;
}
