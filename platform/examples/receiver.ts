/**
 * A UP1 receiver in TypeScript: verifies boxes, stores each event once, then acknowledges. Needs Node 24 and `npm install zeromq`.
 * Usage: node receiver.ts FOLDER [tcp://127.0.0.1:*]     (FOLDER/enrolled.json as `xueliang receive` writes it)
 * The protocol is described in gateway/delivery/uplink/PROTOCOL.md. Not here: credit per box, several receivers, commands.
 */
import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import * as zmq from "zeromq";

type Json = Record<string, any>; // What comes from outside is checked where it is used; a throw ends that connection only.
const types: Record<string, number> = { HELLO: 1, CHAL: 2, AUTH: 3, READY: 4, EVT: 16, ACK: 17, NACK: 18, GAP: 19, OFFER: 32, WANT: 33, DATA: 34, BACK: 35, BEAT: 48, ERR: 126, BYE: 127 };
const credit = { msgs: 256, bytes: 262_144, bulk: 131_072 };
const [folder = ".", listen = "tcp://127.0.0.1:*"] = process.argv.slice(2);
const boxes = new Map<string, Json>(JSON.parse(readFileSync(`${folder}/enrolled.json`, "utf8")).boxes.map((box: Json) => [box.gw, box]));
const hex = () => randomBytes(16).toString("hex");
const db = new DatabaseSync(`${folder}/events.db`);
db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, gw TEXT, body BLOB);
  CREATE TABLE IF NOT EXISTS quarantine (gw TEXT, epoch TEXT, lane INT, seq INT, body BLOB);
  CREATE TABLE IF NOT EXISTS gaps (gw TEXT, epoch TEXT, lane INT, first INT, last INT, reason TEXT);
  CREATE TABLE IF NOT EXISTS marks (gw TEXT, epoch TEXT, lane INT, acked INT, last_id TEXT, PRIMARY KEY (gw, epoch, lane));`);
const insert = db.prepare("INSERT OR IGNORE INTO events VALUES (?, ?, ?)");
const gap = db.prepare("INSERT INTO gaps VALUES (?, ?, ?, ?, ?, ?)");
const quarantine = db.prepare("INSERT INTO quarantine VALUES (?, ?, ?, ?, ?)");
const mark = db.prepare("INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?)");
const keyPath = `${folder}/receiver-keys.json`; // Kept: boxes know the public half.
if (!existsSync(keyPath)) writeFileSync(keyPath, JSON.stringify({ schema: "xueliang.receiver-keys/1", ...zmq.curveKeyPair() }), { mode: 0o600 });
const keys = JSON.parse(readFileSync(keyPath, "utf8")) as { publicKey: string; secretKey: string };
const alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
const z85 = (key: Buffer) => Array.from({ length: 40 }, (_, i) => alphabet[Math.floor(key.readUInt32BE(Math.floor(i / 5) * 4) / 85 ** (4 - (i % 5))) % 85]).join("");
const context = new zmq.Context({ blocky: false });
const zap = new zmq.Reply({ context, linger: 0 }); // Before the router is bound: without a key check CURVE lets everybody in.
await zap.bind("inproc://zeromq.zap.01");
void (async () => {
  for await (const [version, id, domain, , , mechanism, key] of zap) {
    const known = String(domain) === "uplink" && String(mechanism) === "CURVE" && key?.length === 32 && [...boxes.values()].some((box) => box.curvePublic === z85(key));
    await zap.send([version ?? "1.0", id ?? "", known ? "200" : "400", known ? "OK" : "unknown key", "", ""]);
  }
})();
const router = new zmq.Router({ context, linger: 0, mandatory: true, sendTimeout: 0, maxMessageSize: 262_144, ipv6: true, curveServer: true, curveSecretKey: keys.secretKey, zapDomain: "uplink", zapEnforceDomain: true });
await router.bind(listen.replace(/:0$/, ":*"));
console.log("listening", String(router.lastEndpoint).replace(/\[::ffff:([\d.]+)\]/i, "$1"), keys.publicKey);

const parsed = (body: Buffer, gw: string): Json | null => {
  try {
    const event = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof event.id === "string" && event.source === `/gateways/${gw}` ? event : null;
  } catch { return null; }
};
const sessions = new Map<string, Json>();
let sending: Promise<unknown> = Promise.resolve(); // The library takes one message at a time.
function send(rid: string, name: string, header: Json): void {
  const frames = [Buffer.from(rid, "hex"), Buffer.from([0x55, 0x50, 0x31, types[name] ?? 0]), JSON.stringify(header)];
  sending = sending.then(() => router.send(frames)).catch(() => sessions.delete(rid)); // Gone or too slow: its outbox keeps what it misses.
}
const end = (rid: string, code: string, detail: string) => void [sessions.delete(rid), send(rid, "ERR", { code, fatal: true, retryAfter: 30, detail })];

function transaction(work: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    return db.exec("COMMIT"); // On the disk; only now may the box hear of it.
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}
function acknowledge(rid: string, s: Json, lane: number, msgs: number, size: number): void {
  [s.msgs, s.bytes] = [s.msgs + msgs, s.bytes + size];
  send(rid, "ACK", { lanes: { [lane]: { cum: s.next[lane] - 1 } }, credit: { msgs: s.msgs + credit.msgs, bytes: s.bytes + credit.bytes } });
}

const on: Record<string, (rid: string, s: Json, h: Json, payload: Buffer) => void> = {
  AUTH(rid, s, h) {
    const text = ["UP1-AUTH", s.gw, s.epoch, s.sock, s.nonce, s.challenge, s.sid, keys.publicKey].join("\n");
    const box = boxes.get(s.gw);
    const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(box?.signPublic ?? "", "base64")]);
    const right = box && verify(null, Buffer.from(text), createPublicKey({ key: spki, format: "der", type: "spki" }), Buffer.from(h.sig, "base64"));
    if (!right) return end(rid, "unauth", "box and key do not belong together, or the box is not enrolled");
    const known = db.prepare("SELECT lane, acked, last_id AS lastId FROM marks WHERE gw = ? AND epoch = ?").all(s.gw, s.epoch) as Json[];
    const lanes: Json = Object.fromEntries([0, 1, 2].map((lane) => [lane, known.find((row) => row.lane === lane) ?? { acked: 0, lastId: "" }]));
    Object.assign(s, { open: true, next: [0, 1, 2].map((lane) => lanes[lane].acked + 1) });
    const limits = { maxEvent: 65_534, maxBatch: 64, maxBlob: 67_108_864, maxChunk: 65_536 };
    send(rid, "READY", { v: 1, sid: s.sid, lanes, limits, credit: { msgs: credit.msgs, bytes: credit.bytes }, hb: 30, t: Date.now(), caps: ["blob"] });
  },
  EVT(rid, s, h, payload) {
    if (h.first > s.next[h.lane]) return end(rid, "seq-gap", `lane ${h.lane}: ${s.next[h.lane]} was next`);
    const fresh: Json[] = [];
    let [at, seq] = [1, h.first as number];
    transaction(() => {
      for (const size of h.sizes as number[]) {
        const body = payload.subarray(at, at + size);
        if (seq >= s.next[h.lane]) {
          const event = parsed(body, s.gw);
          if (!event) quarantine.run(s.gw, s.epoch, h.lane, seq, body); // Kept aside with its bytes; the lane goes on.
          else if (insert.run(event.id, s.gw, body).changes === 1) fresh.push(event);
          mark.run(s.gw, s.epoch, h.lane, seq, event?.id ?? "");
        }
        [at, seq] = [at + size + 1, seq + 1];
      }
    });
    s.next[h.lane] = Math.max(s.next[h.lane], seq);
    acknowledge(rid, s, h.lane, h.sizes.length, payload.length);
    for (const event of fresh) console.log("event", event.id, event.type, event.time);
  },
  GAP(rid, s, h) { // Numbers that the box had to give up: written down, and the lane goes on behind them.
    const next = s.next[h.lane];
    if (h.from > next) return end(rid, "seq-gap", `lane ${h.lane}: ${next} was next`);
    if (h.to >= next) transaction(() => void [gap.run(s.gw, s.epoch, h.lane, next, h.to, h.reason), mark.run(s.gw, s.epoch, h.lane, h.to, "")]);
    s.next[h.lane] = Math.max(next, h.to + 1);
    acknowledge(rid, s, h.lane, 1, 0);
  },
  OFFER(rid, s, h) {
    s.offer = h;
    const [part, whole] = [`${folder}/${h.sha256}.part`, `${folder}/${h.sha256}.bin`];
    const off = existsSync(part) ? Math.min(statSync(part).size, h.size - 1) : 0;
    send(rid, "WANT", { sha256: h.sha256, bcredit: s.bytes + credit.bulk, ...(existsSync(whole) ? { off: 0, have: true } : { off }) });
  },
  DATA(rid, s, h, payload) {
    s.bytes += payload.length;
    const [part, back] = [`${folder}/${s.offer.sha256}.part`, { sha256: h.sha256, durable: h.off + payload.length, bcredit: s.bytes + credit.bulk }];
    if (h.sha256 !== s.offer.sha256 || crc32(payload) !== h.crc32) return send(rid, "BACK", { ...back, durable: 0, bad: true });
    if (h.off > 0) truncateSync(part, h.off);
    writeFileSync(part, payload, { flag: h.off > 0 ? "a" : "w", flush: true });
    if (back.durable < s.offer.size) return send(rid, "BACK", back);
    const fits = (name: string, digest?: string) => !digest || createHash(name).update(readFileSync(part)).digest("hex") === digest;
    if (!fits("sha256", h.sha256) || !fits("sm3", s.offer.sm3)) return void (rmSync(part), send(rid, "BACK", { ...back, durable: 0, bad: true }));
    renameSync(part, `${folder}/${h.sha256}.bin`);
    send(rid, "BACK", { ...back, done: true });
    console.log("evidence", h.sha256);
  },
  BEAT: (rid, _s, h) => send(rid, "BEAT", { t0: h.t0, t1: Date.now(), t2: Date.now() }),
};

for await (const [id, magic, head, payload = Buffer.alloc(0)] of router) {
  const rid = id?.toString("hex") ?? "";
  try {
    const [name = "", h, s] = [Object.keys(types).find((one) => types[one] === magic?.[3]), JSON.parse(String(head)) as Json, sessions.get(rid)];
    if (name === "HELLO") {
      const session = { ...h, sid: hex(), challenge: hex(), open: false, msgs: 0, bytes: 0 };
      sessions.set(rid, session);
      send(rid, "CHAL", { sid: session.sid, nonce: session.challenge, alg: "ed25519", t: Date.now() });
    } else if (!s || (!s.open && name !== "AUTH")) end(rid, "unauth", "HELLO and AUTH first");
    else on[name]?.(rid, s, h, payload);
  } catch (error) {
    end(rid, "bad-frame", error instanceof Error ? error.name : "");
  }
}
