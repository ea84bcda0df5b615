/** A sink in NATS JetStream, for fan-out to many consumers. The only door to the NATS packages. */
import { JetStreamApiError, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { JetStreamClient, JetStreamManager, StoredMsg } from "@nats-io/jetstream";
import { connect, credsAuthenticator, headers, type NatsConnection } from "@nats-io/transport-node";
import { readFileSync } from "node:fs";
import { decide } from "../../gateway/delivery/uplink/protocol/commit.ts";
import type { Batch, BatchItem, Watermark } from "../../gateway/delivery/uplink/protocol/platform-port.ts";
import { GatewayError } from "../../gateway/runtime/errors.ts";
import type { Committed, KeptEvidence, PlatformSink, SinkCounts, StoredEvent } from "../sink.ts";
import {
  asideSubject,
  departmentSubject,
  eventSubject,
  evidenceSubject,
  markSubject,
  root,
} from "./jetstream-subjects.ts";
import { storable } from "./storable.ts";

/** How the sink reaches its server. */
export interface JetStreamOptions {
  /** `nats://host:port`, several with commas. */
  readonly servers: string;
  /** NATS credentials file; none: no login. */
  readonly credentials?: string | undefined;
  /** Copies of the stream in a cluster: 3 survive the loss of a machine. */
  readonly replicas: number;
  readonly stream?: string;
}

/** API error: the subject's last message is not the expected one. */
const wrongLastSequence = 10_071;
/** API error: no message is there. */
const noMessage = 10_037;
/** Meetings with another receiver at the same mark before the batch is refused for now. */
const attempts = 8;

interface Mark extends Watermark {
  /** Its message in the stream: the next mark must name it. */
  readonly at: number;
}

/**
 * One stream, one message a subject. Event, quarantine, gap and evidence are published under "no message before on this subject",
 * which never expires, unlike the server's window for repeated message ids. The lane's mark follows when all of a batch is stored and
 * names the mark before it, so that of two receivers one begins anew. A receiver that dies in between has moved no mark: the box
 * sends again, and what is there already is not stored twice.
 */
export class JetStreamSink implements PlatformSink {
  readonly #connection: NatsConnection;
  readonly #publisher: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #stream: string;

  private constructor(connection: NatsConnection, manager: JetStreamManager, stream: string) {
    this.#connection = connection;
    this.#publisher = jetstream(connection, { timeout: 10_000 });
    this.#manager = manager;
    this.#stream = stream;
  }

  /** Connects and makes the stream when there is none. Throws GatewayError SINK_UNREACHABLE. */
  static async open({ servers, credentials, replicas, stream = "XUELIANG" }: JetStreamOptions): Promise<JetStreamSink> {
    let connection: NatsConnection | null = null;
    try {
      connection = await connect({
        servers: servers.split(","),
        name: "xueliang-receiver",
        maxReconnectAttempts: -1,
        ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(readFileSync(credentials)) }),
      });
      const manager = await jetstreamManager(connection);
      const there = await manager.streams.info(stream).then(
        () => true,
        (error: unknown) => {
          if (error instanceof JetStreamApiError && error.status === 404) return false;
          throw error;
        },
      );
      const subjects = [`${root}.>`];
      const config = {
        storage: "file",
        num_replicas: replicas,
        max_msgs_per_subject: 1,
        // A full stream refuses what is new, and the boxes keep it; it never forgets what it acknowledged.
        discard: "new",
        allow_direct: true,
      } as const;
      if (!there) await manager.streams.add({ name: stream, subjects, ...config });
      return new JetStreamSink(connection, manager, stream);
    } catch (error) {
      await connection?.close();
      throw sinkError(error);
    }
  }

  async watermarks(gw: string, epoch: string): Promise<ReadonlyMap<number, Watermark>> {
    const known = new Map<number, Watermark>();
    for (const lane of [0, 1, 2]) {
      const mark = await this.#mark(gw, epoch, lane);
      if (mark.at > 0) known.set(lane, { acked: mark.acked, lastId: mark.lastId });
    }
    return known;
  }

  async commit(batches: readonly Batch[], nowMs: number): Promise<readonly Committed[]> {
    // Lanes side by side, the batches of one lane one after another.
    const turns = new Map<string, Promise<Committed>>();
    const done = batches.map((batch) => {
      const key = markSubject(batch.gw, batch.epoch, batch.lane);
      const turn = (turns.get(key) ?? Promise.resolve()).then(() => this.#commitOne(storable(batch), nowMs));
      turns.set(key, turn);
      return turn;
    });
    return Promise.all(done);
  }

  async keepEvidence(evidence: KeptEvidence, nowMs: number): Promise<void> {
    await this.#once(evidenceSubject(evidence.sha256), JSON.stringify({ ...evidence, receivedMs: Math.round(nowMs) }));
  }

  async evidence(sha256: string): Promise<KeptEvidence | null> {
    return (await this.#last(evidenceSubject(sha256)))?.json<KeptEvidence>() ?? null;
  }

  async event(id: string): Promise<StoredEvent | null> {
    const message = await this.#last(eventSubject(id));
    return message ? { id, gw: message.header.get("Xl-Gw"), body: message.data } : null;
  }

  async *stored(): AsyncGenerator<StoredEvent> {
    const subject = `${root}.event.*`;
    const expected = (await this.counts()).events;
    if (expected === 0) return;
    const consumer = await this.#publisher.consumers.get(this.#stream, { filter_subjects: subject });
    for await (const message of await consumer.consume()) {
      const { id } = message.json<{ id: string }>();
      yield { id, gw: message.headers?.get("Xl-Gw") ?? "", body: message.data };
      if (message.info.pending === 0) return;
    }
  }

  /** Reads the whole stream: its subjects do not name the type. */
  async *cameraLists(): AsyncGenerator<StoredEvent> {
    for await (const one of this.stored()) if (Buffer.from(one.body).includes('"type":"system.cameras.v1"')) yield one;
  }

  async counts(): Promise<SinkCounts> {
    const of = async (kind: string): Promise<number> => {
      const subjects = await this.#try(() =>
        this.#manager.streams.info(this.#stream, { subjects_filter: `${root}.${kind}.>` }),
      );
      return Object.values(subjects.state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
    };
    return {
      events: await of("event"),
      quarantined: await of("quarantine"),
      gaps: await of("gap"),
      evidence: await of("evidence"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close();
  }

  async #commitOne(batch: Batch, nowMs: number): Promise<Committed> {
    const { gw, epoch, lane, ticket } = batch;
    // Over all attempts: what was stored before another receiver moved the mark is new all the same, and is told once.
    const isNew = new Set<BatchItem>();
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const before = await this.#mark(gw, epoch, lane);
      const { mark, fresh, duplicates, quarantined, gap } = decide(batch, before, () => false);
      const stored = await settled(fresh.map((item) => this.#store(batch, item, nowMs)));
      for (const [i, item] of fresh.entries()) if (stored[i]) isNew.add(item);
      await settled(
        quarantined.map(({ seq, why, body }) =>
          this.#once(asideSubject("quarantine", { gw, epoch, lane, seq }), body, { "Xl-Why": why }),
        ),
      );
      if (gap) await this.#once(asideSubject("gap", { gw, epoch, lane, seq: gap.from }), JSON.stringify(gap));
      const moved = mark.acked === before.acked || (await this.#moveMark(batch, mark, before.at));
      if (!moved) continue; // Another receiver was quicker: what it stored is known now.
      return {
        ticket,
        lane,
        acked: mark.acked,
        fresh: [...isNew],
        duplicates: [...duplicates, ...fresh].filter((item) => !isNew.has(item)),
        quarantined,
      };
    }
    throw new GatewayError("SINK_UNREACHABLE", { sink: "JetStream", detail: "other receivers keep moving the mark" });
  }

  /** The event and its copies for departments; false when the event was there already. */
  async #store({ gw, epoch, lane }: Batch, item: BatchItem, nowMs: number): Promise<boolean> {
    const { event, body, seq } = item;
    if (!event) return false;
    const about = {
      "Xl-Gw": gw,
      "Xl-Epoch": epoch,
      "Xl-Lane": `${lane}`,
      "Xl-Seq": `${seq}`,
      "Xl-Received": `${nowMs}`,
    };
    const isNew = await this.#once(eventSubject(event.id), body, about);
    const departments = [...new Set(event.data.departments ?? [])];
    // The copies of an event whose first receiver died between it and them; another message under a known id gets none.
    if (!isNew && departments.length > 0 && !(await this.#holds(event.id, body))) return false;
    await settled(departments.map((department) => this.#once(departmentSubject(department, event), body, about)));
    return isNew;
  }

  async #holds(id: string, body: Uint8Array): Promise<boolean> {
    const there = await this.#last(eventSubject(id));
    return there !== null && Buffer.from(there.data).equals(body);
  }

  async #mark(gw: string, epoch: string, lane: number): Promise<Mark> {
    const last = await this.#last(markSubject(gw, epoch, lane));
    return last ? { ...last.json<Watermark>(), at: last.seq } : { acked: 0, lastId: "", at: 0 };
  }

  /** False when the mark is not the one at `before` any more. */
  async #moveMark({ gw, epoch, lane }: Batch, { acked, lastId }: Watermark, before: number): Promise<boolean> {
    return this.#publish(markSubject(gw, epoch, lane), JSON.stringify({ acked, lastId }), before);
  }

  /** Stores under a name that must be free; false when it is taken. */
  async #once(
    subject: string,
    data: Uint8Array | string,
    about: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    return this.#publish(subject, data, 0, about);
  }

  async #publish(
    subject: string,
    data: Uint8Array | string,
    before: number,
    about: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    const said = headers();
    // A line break would end the header.
    for (const [name, value] of Object.entries(about)) said.set(name, value.replaceAll(/\p{Cc}/gu, " "));
    try {
      await this.#publisher.publish(subject, data, {
        headers: said,
        expect: { streamName: this.#stream, lastSubjectSequence: before },
      });
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === wrongLastSequence) return false;
      throw sinkError(error);
    }
  }

  /** From the leader, not from the nearest copy: a mark must not be older than what was acknowledged. */
  async #last(subject: string): Promise<StoredMsg | null> {
    return this.#try(async () => {
      try {
        return await this.#manager.streams.getMessage(this.#stream, { last_by_subj: subject });
      } catch (error) {
        if (error instanceof JetStreamApiError && error.code === noMessage) return null;
        throw error;
      }
    });
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw sinkError(error);
    }
  }
}

/** All of them, also after one has failed: nothing of a batch is on its way when the next begins. */
async function settled<T>(all: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(all);
  return Promise.all(all);
}

/** The server's refusals and the line's failures alike are worth another try: the box keeps what is not acknowledged. */
function sinkError(error: unknown): unknown {
  if (error instanceof GatewayError || !(error instanceof Error)) return error;
  return new GatewayError(
    "SINK_UNREACHABLE",
    { sink: "JetStream", detail: error.message.slice(0, 100) },
    { cause: error },
  );
}
