/** A city's platform: two receivers on one PostgreSQL, a third into JetStream, a box that flaps between them; each event once in both, and once at the departments that asked for it. */
import { jetstream, jetstreamManager, type ConsumerConfig } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { ensureKeys, enrolment } from "../gateway/delivery/uplink/keys.ts";
import { unknownType } from "../gateway/delivery/events/event.ts";
import { exampleTrigger } from "../gateway/e2e/peers/example-trigger.ts";
import { natsProgram, startNats } from "../gateway/e2e/peers/nats-server.ts";
import { openDelivery, until } from "../gateway/e2e/peers/open-delivery.ts";
import { postgresPrograms, startPostgres } from "../gateway/e2e/peers/postgres-server.ts";
import { Receiver } from "./receiver.ts";
import { openSink } from "./sinks/open-sink.ts";

const there = postgresPrograms !== null && natsProgram !== null;
if (!there) console.warn("skipped: receivers side by side need postgresql and nats-server");
const rounds = 6;
const perRound = 25;

/** What a department's program does with SQL: asks for what comes after its place, keeps the place, asks again when told to look. */
async function followSql(url: string, department: string, seen: string[], signal: AbortSignal): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let told = true;
  client.on("notification", () => (told = true));
  await client.query("LISTEN xueliang_events");
  let place: readonly [string, string] = ["0", "0"];
  while (!signal.aborted) {
    const more = "SELECT tx::text, n::text, id FROM xueliang.events_after($1, $2::xid8, $3::bigint, 10)";
    const { rows } = await client.query<{ tx: string; n: string; id: string }>(more, [department, ...place]);
    seen.push(...rows.map((row) => row.id));
    const last = rows.at(-1);
    if (last) place = [last.tx, last.n];
    // A word can come while another transaction still runs: one look more, a little later, finds what it left.
    if (!last) await new Promise((resolve) => setTimeout(resolve, told ? 20 : 200));
    told = false;
  }
  await client.end();
}

/** `nats consumer add STREAM NAME --filter … --ack … --deliver … --pull --defaults`, as the README has it, in the words of the server. */
function readmeConsumers(): readonly { readonly stream: string; readonly config: Partial<ConsumerConfig> }[] {
  const text = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const line = /^nats consumer add (\w+) (\w+) +--filter '(\S+)' +--ack (\w+) --deliver (\w+) --pull --defaults$/gm;
  return [...text.matchAll(line)].map(([, stream = "", name = "", filter = "", ack = "", deliver = ""]) => ({
    stream,
    config: {
      durable_name: name,
      filter_subject: filter,
      ack_policy: ack as ConsumerConfig["ack_policy"],
      deliver_policy: deliver as ConsumerConfig["deliver_policy"],
    },
  }));
}

test.runIf(there)(
  "two receivers, one box that flaps, two stores: each event once everywhere",
  { timeout: 400_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "city-"));
    {
      await using stack = new AsyncDisposableStack();
      const postgres = stack.use(await startPostgres());
      const nats = stack.use(await startNats());
      await postgres.create("city");
      const box = join(folder, "box");
      const record = enrolment("box-1", await ensureKeys(box));
      const receiverOn = async (name: string, sink: string, sharesKeysWith?: string): Promise<Receiver> => {
        const home = join(folder, name);
        mkdirSync(home);
        if (sharesKeysWith !== undefined)
          copyFileSync(join(folder, sharesKeysWith, "receiver-keys.json"), join(home, "receiver-keys.json"));
        const opened = await openSink(sink, Date.now());
        const receiver = stack.use(
          await Receiver.open({ listen: "tcp://127.0.0.1:0", folder: home, language: "zh", sink: opened }),
        );
        await receiver.enrol(record);
        return receiver;
      };
      const first = await receiverOn("pg-1", postgres.url("city"));
      const second = await receiverOn("pg-2", postgres.url("city"), "pg-1");
      const fanOut = await receiverOn("js", nats.url);
      expect(second.serverKey).toBe(first.serverKey);
      const fishery: string[] = [];
      const stop = new AbortController();
      const following = followSql(postgres.url("city"), "yuzheng", fishery, stop.signal);
      const departments = { "fishing-multi-rod": ["yuzheng", "gongan"], "floating-debris": ["chengguan", "hezhang"] };
      for (let round = 0; round < rounds; round += 1) {
        const city = round % 2 === 0 ? first : second;
        const last = round === rounds - 1;
        await using opened = await openDelivery({
          folder: box,
          address: city.address,
          serverKey: city.serverKey,
          typeInfo: (id) => ({ ...unknownType(id), departments: departments[id as keyof typeof departments] }),
          uplinks: [
            { id: "city", address: city.address, serverKey: city.serverKey },
            { id: "stream", address: fanOut.address, serverKey: fanOut.serverKey },
          ],
        });
        for (let n = 0; n < perRound; n += 1) {
          const eventType = n % 3 === 0 ? "floating-debris" : "fishing-multi-rod";
          await opened.delivery.record(exampleTrigger({ occurrenceId: `${round}-${n}`, eventType }), null);
        }
        // All rounds but the last end without waiting: what is on its way then comes again at the other receiver.
        if (last)
          await until(
            "all acknowledged",
            () => opened.delivery.status().uplinks.every(({ depth }) => depth === 0),
            120_000,
          );
      }
      const expected = rounds * perRound;
      const inPsql = (await postgres.psql("city", "SELECT id FROM xueliang.events ORDER BY id")).split("\n");
      const stream = await openSink(nats.url, Date.now());
      const inStream: string[] = [];
      for await (const { id } of stream.stored()) inStream.push(id);
      await stream[Symbol.asyncDispose]();
      const shares = await postgres.psql(
        "city",
        "SELECT count(*), count(DISTINCT id), count(DISTINCT occurrence) FROM xueliang.events",
      );
      console.log(
        `psql: ${shares} (rows|ids|occurrences); JetStream: ${inStream.length} messages, ${new Set(inStream).size} ids`,
      );
      expect(shares).toBe(`${expected}|${expected}|${expected}`);
      expect([...inStream].sort()).toEqual(inPsql);

      const fisheryWanted = (
        await postgres.psql("city", "SELECT id FROM xueliang.events WHERE 'yuzheng' = ANY (departments) ORDER BY id")
      ).split("\n");
      await until("the fishery's program has all", () => fishery.length >= fisheryWanted.length);
      stop.abort();
      await following;
      expect([...fishery].sort()).toEqual(fisheryWanted);

      // The river office subscribes to its own subject, severities 1 to 3 of debris alone, and acknowledges what it has dealt with.
      const connection = await connect({ servers: nats.url });
      const consumers = jetstream(connection).consumers;
      const river: string[] = [];
      const consumer = await consumers.get("XUELIANG", { filter_subjects: "xl.for.hezhang.*.floating-debris.>" });
      for await (const message of await consumer.consume()) {
        river.push(message.json<{ id: string }>().id);
        if (message.info.pending === 0) break;
      }
      // The two consumers of the README, as the `nats` program would make them.
      const manager = await jetstreamManager(connection);
      const [fisheryWords, urgentWords] = readmeConsumers();
      const made = await Promise.all(
        [fisheryWords, urgentWords].map(async (words) => {
          const { stream_name: of, name } = await manager.consumers.add(words?.stream ?? "", words?.config ?? {});
          return (await manager.consumers.info(of, name)).num_pending;
        }),
      );
      const copies = await postgres.psql(
        "city",
        "SELECT count(*) FROM xueliang.events WHERE 'yuzheng' = ANY (departments)",
      );
      // What is there already waits for the one that asked for all, nothing for the one that asked for what is new.
      expect(made).toEqual([Number(copies), 0]);
      await connection.close();
      const riverWanted = (
        await postgres.psql(
          "city",
          "SELECT id FROM xueliang.events WHERE type = 'vision.floating-debris.v1' ORDER BY id",
        )
      ).split("\n");
      expect([...river].sort()).toEqual(riverWanted);
      expect(river.length).toBe(rounds * Math.ceil(perRound / 3));
    }
    rmSync(folder, { recursive: true, force: true });
  },
);
