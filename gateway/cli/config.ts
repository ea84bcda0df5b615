/** `xueliang config`: check and show the files, print the schemas and event types. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { diagnosticsText } from "../config/diagnostic-text.ts";
import { loadConfig } from "../config/load.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { labelWarnings } from "./label-warnings.ts";
import { finish, sayLine, type Command, type CommandIo } from "./command.ts";
import { diagnosticDocument } from "./say-failure.ts";
import { didYouMean, readArgs, usage } from "./read-args.ts";

const actions: Readonly<Record<string, (words: readonly string[], io: CommandIo) => Promise<number>>> = {
  check,
  show,
  schema,
  types,
};

/** Works without a daemon. */
export const configCommand: Command = async (args, io) => {
  const [action = "check", ...words] = readArgs(args, {}, io.language).words;
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!act)
    throw usage(
      io.language,
      "unknownCommand",
      { command: `config ${action}` },
      didYouMean(action, Object.keys(actions), io.language),
    );
  return act(words, io);
};

async function check(words: readonly string[], io: CommandIo): Promise<number> {
  if (words[0] !== undefined) throw usage(io.language, "tooManyArguments", { argument: words[0] });
  const config = await loadConfig(io.configFolder);
  const { cameras, uplinks, detector } = config.gateway;
  const zones = Object.values(config.zones).reduce((count, one) => count + one.zones.length + one.lines.length, 0);
  const models = new Set([detector.model, ...cameras.flatMap(({ model }) => model ?? [])]);
  const missing = [...models].filter((model) => !existsSync(join(import.meta.dirname, "../../models", model)));
  const doubts = [...config.warnings, ...(await labelWarnings(config))];
  const warnings = doubts.map((one) => diagnosticDocument(one, io.language));
  const values = {
    folder: config.folder,
    revision: config.revision,
    cameras: cameras.length,
    zones,
    uplinks: uplinks.length,
  };
  return finish(io, 0, { ...values, warnings, missing_models: missing }, () => {
    const told = doubts.length > 0 ? `${diagnosticsText(doubts, io.language)}\n\n` : "";
    return (
      told +
      sayLine(io, "configValid", values) +
      missing.map((model) => sayLine(io, "modelNotHere", { model })).join("")
    );
  });
}

/** The state as the daemon sees it, every default filled in, no secrets. */
async function show(words: readonly string[], io: CommandIo): Promise<number> {
  if (words[0] !== undefined) throw usage(io.language, "tooManyArguments", { argument: words[0] });
  const { gateway, zones, revision } = await loadConfig(io.configFolder);
  const { stringify } = await import("yaml");
  return finish(io, 0, { revision, gateway, zones }, () =>
    [
      `# revision ${revision}`,
      stringify(gateway),
      ...Object.entries(zones).map(([camera, one]) => `--- # zones/${camera}.yaml\n${stringify(one)}`),
    ].join("\n"),
  );
}

async function schema(words: readonly string[], io: CommandIo): Promise<number> {
  const [which = "gateway"] = words;
  const { jsonSchemas } = await import("../config/json-schema.ts");
  const schemas = jsonSchemas();
  if (which !== "gateway" && which !== "zones")
    throw usage(
      io.language,
      "unknownCommand",
      { command: `config schema ${which}` },
      didYouMean(which, ["gateway", "zones"], io.language),
    );
  return finish(io, 0, { schema: schemas[which] }, () => JSON.stringify(schemas[which], null, 2));
}

async function types(_: readonly string[], io: CommandIo): Promise<number> {
  const { eventTypes } = await import("../config/catalogue/catalogue.ts");
  const rows = eventTypes.map(({ id, nameZh, nameEn, tier }) => ({
    id,
    name: io.language === "zh" ? nameZh : nameEn,
    tier,
  }));
  return finish(io, 0, { types: rows }, () =>
    [say(io.language, "schemaTypes"), ...tableLines(rows.map(({ id, name }) => [`  ${id}`, name]))].join("\n"),
  );
}
