/** The platform's end of the uplink: sessions, one commit after another, and an acknowledgement only for what is on the disk. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { systemClock, type Clock } from "../gateway/runtime/clock.ts";
import { makeFolder } from "../gateway/runtime/whole-file.ts";
import { PlatformSessions } from "../gateway/delivery/uplink/protocol/platform.ts";
import type { Batch, BatchItem, PlatformAction, Speaker } from "../gateway/delivery/uplink/protocol/platform-port.ts";
import type { BadFrames } from "../gateway/delivery/uplink/protocol/frames.ts";
import type { Header, Message } from "../gateway/delivery/uplink/protocol/messages.ts";
import { give, type Receipt } from "../gateway/delivery/uplink/protocol/platform-session.ts";
import { readCommand } from "../gateway/delivery/uplink/protocol/command.ts";
import { ResultParts } from "../gateway/delivery/uplink/protocol/result.ts";
import { originOf } from "../gateway/delivery/uplink/protocol/read-event.ts";
import { sm2Engine } from "../gateway/delivery/keys/sm2.ts";
import { Admission, defaultAdmission } from "./admission.ts";
import { backOf, Blobs, isPassing, wantOf } from "./blobs.ts";
import { Enrolled } from "./enrolment.ts";
import { checkSignature } from "./check-signature.ts";
import { KeyRenewals } from "./key-renewals.ts";
import { GroupCommit } from "./group-commit.ts";
import { Meters } from "./meters.ts";
import type { ReceiverOptions } from "./receiver-options.ts";
import { receiverKeys, type ReceiverKeys } from "./receiver-keys.ts";
import { UplinkRouter } from "./router.ts";
import type { Committed, Sink } from "./sink.ts";
import { SqliteSink } from "./sinks/sqlite.ts";

export type { ReceivedEvent, ReceiverOptions } from "./receiver-options.ts";

/** A receiver; alive from `open` until disposed. */
export class Receiver implements AsyncDisposable {
  readonly serverKey: string;
  readonly meters = new Meters();
  readonly #sm2 = sm2Engine();
  readonly #admission = new Admission(Math.random);
  readonly #options: ReceiverOptions;
  readonly #clock: Clock;
  readonly #sessions: PlatformSessions;
  readonly #enrolled: Enrolled;
  readonly #sink: Sink;
  readonly #blobs: Blobs;
  readonly #stop = new AbortController();
  #router: UplinkRouter | null = null;
  readonly #results = new ResultParts();
  readonly #renewals: KeyRenewals;
  readonly #commits: GroupCommit;
  #jobs: Promise<unknown> = Promise.resolve();
  #ticking: Promise<void> = Promise.resolve();
  #failure: ((error: unknown) => void) | null = null;
  readonly #failed: Promise<never>;

  private constructor(options: ReceiverOptions, keys: ReceiverKeys, enrolled: Enrolled, sink: Sink) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.serverKey = keys.publicKey;
    this.#enrolled = enrolled;
    this.#renewals = new KeyRenewals(enrolled);
    this.#sink = sink;
    this.#blobs = new Blobs(join(options.folder, "evidence"), sink, () => this.#clock.nowMs());
    this.#sessions = new PlatformSessions(
      {
        serverKey: keys.publicKey,
        ...(keys.next ? { nextServerKey: keys.next.publicKey } : {}),
        isEnrolled: (gw) => enrolled.has(gw),
        mayRelay: (gw, origin) => enrolled.mayRelay(gw, origin),
        ...(options.relay === undefined ? {} : { gw: options.relay, endToEnd: true }),
        verify: (gw, text, signature) => this.#renewals.verify(gw, text, signature),
        // The enrolment of a relay is its config: new keys of a box behind it belong there.
        ...(options.relay === undefined ? { mayRekey: this.#renewals.may } : {}),
        givesFiles: options.onAsk !== undefined,
        nonce: () => randomBytes(16).toString("hex"),
        random: Math.random,
      },
      () => this.#clock.nowMs(),
    );
    this.#commits = new GroupCommit(sink, this.#clock, {
      committed: (group, done, sec) => {
        this.meters.committed(done, sec);
        this.#committed(group, done);
      },
      refused: (group, { code }) => {
        this.meters.count("refusedCommits");
        for (const { ticket } of group) this.#act(this.#sessions.refused(ticket, "internal", code));
      },
      failed: (error) => this.#failure?.(error),
    });
    this.#failed = new Promise<never>((_resolve, reject) => {
      this.#failure = reject;
    });
    this.#failed.catch(() => undefined);
  }

  /** Opens keys and database, starts the key check, listens. Throws GatewayError. */
  static async open(options: ReceiverOptions): Promise<Receiver> {
    await makeFolder(options.folder, 0o700);
    const keys = await receiverKeys(join(options.folder, "receiver-keys.json"));
    const enrolled = Enrolled.open(options.folder);
    const sink =
      options.sink ??
      (await SqliteSink.open(join(options.folder, "platform.db"), (options.clock ?? systemClock).nowMs()));
    const receiver = new Receiver(options, keys, enrolled, sink);
    receiver.#router = await UplinkRouter.open({
      listen: options.listen,
      keys,
      knowsKey: (key) => enrolled.knowsCurveKey(key),
      onMessage: (rid, message) => receiver.#heard(rid, message),
      onGone: (rid) => receiver.#sessions.gone(rid),
    });
    receiver.#ticking = receiver.#tick();
    return receiver;
  }

  /** `tcp://host:port` with the port that was chosen. */
  get address(): string {
    return this.#router?.address ?? "";
  }

  /** Boxes that are connected and have shown who they are, and names of those that may come. */
  get connected(): readonly string[] {
    return this.#sessions.open;
  }
  get enrolled(): readonly string[] {
    return this.#enrolled.names;
  }

  /** Lets a box in; durable. */
  readonly enrol: Enrolled["enrol"] = (record, options) => this.#enrolled.enrol(record, options);

  /** Shuts a box out, now. */
  async revoke(gw: string): Promise<void> {
    await this.#enrolled.revoke(gw);
    this.#act(this.#sessions.revoke(gw));
  }

  /** Of a relay: tells a box how far its lane is at the end of the way. */
  receipt(
    { gw, epoch, lane }: { readonly gw: string; readonly epoch: string; readonly lane: number },
    receipt: Receipt,
  ): void {
    this.#act(this.#sessions.receipt(gw, epoch, lane, receipt));
  }

  /** Carries a signed command to a box, or to the relay before it; false when neither is connected. */
  carry(header: Header<"CMD">, payload: Uint8Array): boolean {
    const actions = this.#sessions.command(header.gw, header, payload);
    if (actions && readCommand(payload)?.op === "key.renew") this.#renewals.ordered(header.gw);
    if (actions) this.#act(actions);
    return actions !== null;
  }

  /** Never resolves; rejects when the receiver can no longer do its work. */
  failure(): Promise<never> {
    return this.#failed;
  }

  /** Finishes what is being committed, says good-bye, closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#ticking;
    await this.#commits.idle();
    await this.#jobs;
    this.#act(this.#sessions.drain(defaultAdmission.perSecond));
    await this.#router?.flush();
    await this.#router?.[Symbol.asyncDispose]();
    await this.#sink[Symbol.asyncDispose]();
  }

  #heard(rid: string, message: Message | BadFrames): void {
    const nowMs = this.#clock.monotonicMs();
    if ("bad" in message) {
      this.meters.count("badFrames");
      this.#act(this.#sessions.badFrames(rid, message.bad, message.detail, nowMs));
      return;
    }
    if (message.kind === "HELLO") {
      const retryAfter = this.#admission.refuse(nowMs);
      this.meters.count(retryAfter === null ? "handshakes" : "refused");
      if (retryAfter !== null) {
        this.#sessions.gone(rid);
        const header = { code: "busy", fatal: true, retryAfter, detail: "many boxes at once" } as const;
        this.#router?.send(rid, { kind: "ERR", header });
        return;
      }
    }
    this.#act(this.#sessions.received(rid, message, nowMs));
  }

  #act(actions: readonly PlatformAction[]): void {
    for (const action of actions) {
      switch (action.kind) {
        case "send":
          this.#router?.send(action.rid, action.message);
          break;
        case "lookup":
          // Not in the row of disk jobs: a session must not wait for another box's picture.
          void this.#tolerated(async () => {
            const known = await this.#sink.watermarks(action.gw, action.epoch);
            this.#act(this.#sessions.watermarks(action.rid, action.sid, known, this.#clock.monotonicMs()));
          });
          break;
        case "commit":
          this.#commits.add(action.batch);
          break;
        case "offer":
          this.#job(async () => {
            const want = wantOf(action.offer, await this.#blobs.offer(action.gw, action.offer));
            this.#act(this.#sessions.wants(action.rid, action.sid, want));
          }, action);
          break;
        case "append":
          this.#job(() => this.#append(action), action);
          break;
        case "opened":
          if (action.sock !== "E") break;
          this.#options.onOpened?.(action.gw);
          this.#job(async () => {
            if (await this.#renewals.opened(action.gw)) this.#act(this.#sessions.endOthers(action.gw, action.rid));
          });
          break;
        case "rekey":
          this.#job(async () => {
            const answer = await this.#renewals.offer(action.gw, action.keys);
            this.#act(this.#sessions.answers(action.rid, action.sid, answer));
          });
          break;
        case "ask":
          void this.#tolerated(async () => {
            const bytes = await this.#options.onAsk?.(action.gw, action.ask);
            if (bytes !== undefined) this.#act(this.#sessions.answers(action.rid, action.sid, give(action.ask, bytes)));
          });
          break;
        case "result": {
          const result = this.#results.take(action.result, action.bytes);
          if (result) this.#options.onResult?.(result);
          break;
        }
        case "health":
          this.#options.onHealth?.(action.gw, action.health);
          break;
        default:
          action satisfies never;
      }
    }
  }

  async #append(action: Extract<PlatformAction, { kind: "append" }>): Promise<void> {
    const { sha256 } = action.data;
    const stored = await this.#blobs.append(action.data, action.bytes);
    this.#act(
      stored
        ? this.#sessions.stored(action.rid, action.sid, action.bytes.length, backOf(sha256, stored))
        : this.#sessions.evidenceFailed(action, "a piece begins behind what is here"),
    );
    if (stored?.kind !== "done") return;
    this.meters.count("evidence");
    this.#options.onEvidence?.(sha256, stored.path);
  }

  #committed(group: readonly Batch[], done: readonly Committed[]): void {
    for (const [i, committed] of done.entries()) {
      const gw = group[i]?.gw ?? "";
      this.#act(this.#sessions.committed(committed.ticket, committed.lane, committed.acked, committed.quarantined));
      for (const item of committed.fresh) this.#tell(gw, item, false);
      for (const item of committed.duplicates) this.#tell(gw, item, true);
      for (const item of committed.quarantined) this.#options.onQuarantined?.(gw, item);
    }
  }

  #tell(gw: string, item: BatchItem, duplicate: boolean): void {
    if (!item.event) return;
    const { event, body } = item;
    const evidencePaths = this.#blobs.pathsOf(event);
    const signature = checkSignature(body, this.#enrolled.sm2Key(originOf(event)), this.#sm2);
    if (signature === "invalid" || signature === "missing") this.meters.count("badSignatures");
    this.#options.onEvent?.({ gw, event, body, evidencePaths, signature }, { duplicate });
  }

  /** Disk and database work that is no commit, one after another; `by`: whose session ends when it is refused. */
  #job(work: () => Promise<void>, by?: Speaker): void {
    this.#jobs = this.#jobs.then(() => this.#tolerated(work, by));
  }

  async #tolerated(work: () => Promise<void>, by?: Speaker): Promise<void> {
    await work().catch((error: unknown) => {
      if (!isPassing(error)) this.#failure?.(error);
      if (!by || !isPassing(error)) return;
      this.meters.count("evidenceRefused");
      this.#act(this.#sessions.evidenceFailed(by, "evidence is not taken just now"));
    });
  }

  async #tick(): Promise<void> {
    for (;;) {
      await this.#clock.sleep(1_000, this.#stop.signal).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
      this.#act(this.#sessions.tick(this.#clock.monotonicMs()));
    }
  }
}
