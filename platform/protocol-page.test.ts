import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as numbers from "../gateway/delivery/uplink/protocol/limits.ts";
import { errorCodes, headers, typeOctets } from "../gateway/delivery/uplink/protocol/messages.ts";
import { defaultAdmission, pauseSec } from "./admission.ts";

const page = readFileSync("gateway/delivery/uplink/PROTOCOL.md", "utf8");
const section = (title: string): string => page.split(/^## /m).find((text) => text.startsWith(title)) ?? "";
/** Cells of a section's first table, without its head. */
const table = (title: string): readonly (readonly string[])[] =>
  section(title)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim())); // prettier-ignore

const n = (value: number): string => value.toLocaleString("en-US");
const mebi = (bytes: number): string => `${bytes / 1_048_576} MiB`;
const sec = (ms: number): string => `${ms / 1_000} s`;

test("section 10 says the numbers that both sides keep to", () => {
  const { maxHeaderBytes, maxPayloadBytes, limits, window, awaySec, silentBeats, beatSec, crowdedSec } = numbers;
  const byError = Object.entries(awaySec).filter(([code]) => code !== "badFrames");
  const { perSecond, burst } = defaultAdmission;
  const said = byError
    .map(([code, away]) => {
      const which = { unauth: "unauth 30 s (wrong AUTH)", unsupported: "unsupported version 600 s" }[code];
      return which?.replace(/\d+/, String(away)) ?? `${code} ${away} s`;
    })
    .join(", ");
  expect(table("10 Limits")).toEqual([
    ["header, payload", `${n(maxHeaderBytes)} and ${n(maxPayloadBytes)} octets`],
    ["events in an EVT, octets of an event", `${n(limits.maxBatch)} and ${n(limits.maxEvent)}`],
    ["blob, chunk sent", `${mebi(limits.maxBlob)}, ${n(numbers.minChunkBytes)} to ${n(numbers.chunkBytes)} octets`],
    [
      "ranges in a `sack`, gateways in a `via`",
      `${numbers.maxSackRanges}, ${mostIn(headers.EVT.shape.via.unwrap())} (put aside above ${numbers.maxHops})`,
    ],
    ["command, result", `${n(maxPayloadBytes)} octets, ${mebi(numbers.maxResultBytes)}`],
    [
      "files of a command",
      `${numbers.maxCommandFiles}, together ${mebi(numbers.maxCommandFilesBytes)}; pieces of ${n(numbers.commandPieceBytes)} octets, one on the way`,
    ],
    ["credit", `${n(window.msgs)} events, ${n(window.bytes)} octets; evidence ${n(numbers.bulkWindowBytes)} octets`],
    [
      "beat",
      `\`hb\` is ${beatSec} s; a box waits ${sec(numbers.answerMs)} for an answer, a platform forgets after ${silentBeats.E} (E) or ${silentBeats.B} (B): ` +
        `a line that dies silently is noticed within ${beatSec * silentBeats.E} s by both, and within ${sec(numbers.answerMs)} where rows or evidence are on the way`,
    ],
    ["CHAL to AUTH, HELLO to READY", `${sec(numbers.authMs)}, ${sec(numbers.readyMs)}`],
    ["sessions without AUTH", `${n(numbers.maxHalfOpen)}, then ERR busy with ${crowdedSec(0)} to ${crowdedSec(1)} s`],
    [
      "HELLOs let on",
      `${n(perSecond)} a second, ${n(burst)} at once; then ERR busy with ${pauseSec.join(" to ")} s, longer for each that is away`,
    ],
    ["`retryAfter` of ERR", said],
  ]);
});

test("a sentence elsewhere on the page says the numbers that the table does not", () => {
  const words = ["", "first", "second", "third", "fourth", "fifth", "sixth"];
  const times = ["", "once", "twice", "three times", "four times"];
  for (const [constant, sentence] of Object.entries({
    maxBadFrames: `the ${words[numbers.maxBadFrames]} one on a connection is answered with BYE \`protocol\``,
    "awaySec.badFrames": `\`protocol\` five bad messages, ${numbers.awaySec.badFrames} s`,
    maxBadDigests: `after ${times[numbers.maxBadDigests]} the box reads its own file`,
    maxHops: `through more than ${numbers.maxHops} gateways`,
    quietBeats: `on an idle B each ${words[numbers.quietBeats]} time is enough`,
    lanes: `Lanes are served ${numbers.lanes.join(", ")};`,
    maxSackRanges: `from, to, from, to …, at most ${2 * numbers.maxSackRanges}]`,
  }))
    expect(page, constant).toContain(sentence);
});

test("no number of the protocol is said nowhere", () => {
  // A new one is put into the tables above, and then here.
  expect(Object.keys(numbers).sort()).toEqual(
    [
      ...["answerMs", "authMs", "awaySec", "beatSec", "bulkWindowBytes", "chunkBytes", "crowdedSec"],
      ...["commandPieceBytes", "lanes", "limits", "maxBadDigests", "maxBadFrames", "maxBatchEvents"],
      ...["maxBlobBytes", "maxCommandFiles", "maxCommandFilesBytes", "maxHalfOpen", "maxHeaderBytes", "maxHops"],
      ...["maxPayloadBytes", "maxResultBytes", "maxSackRanges", "minChunkBytes", "protocolVersions", "quietBeats"],
      ...["readyMs", "silentBeats", "window"],
    ].sort(),
  );
});

test("section 11 names the codes of ERR and NACK, all of them and no others", () => {
  const [said = ""] = section("11 Codes").split("Reasons of BYE");
  const codes = [...said.matchAll(/`([a-z-]+)`/g)].map(([, code = ""]) => code);
  expect(codes.sort()).toEqual([...errorCodes].sort());
});

test("section 3 lists every type with its octet and its fields", () => {
  const rows = table("3 Frames").map(([octet = "", , name = "", fields = ""]) => ({ octet, name, fields }));
  expect(rows.map(({ octet, name }) => `${octet} ${name}`)).toEqual(
    Object.entries(typeOctets)
      .sort(([, a], [, b]) => a - b)
      .map(([name, octet]) => `${octet.toString(16).toUpperCase().padStart(2, "0")} ${name}`),
  );
  for (const { name, fields } of rows) {
    const shape = Object.keys(headers[name as keyof typeof headers].shape);
    expect(shape.filter((field) => !fields.includes(`\`${field}\``)), name).toEqual([]); // prettier-ignore
  }
});

/** How many a list of the schema may hold. */
function mostIn(list: { safeParse(names: readonly string[]): { readonly success: boolean } }): number {
  let most = 0;
  while (list.safeParse(Array.from({ length: most + 1 }, () => "a")).success) most += 1;
  return most;
}
