#!/usr/bin/env python3
"""A UP1 receiver in Python: verifies boxes, stores each event once, then acknowledges.

Debian: apt install python3-zmq python3-cryptography
Usage:  receiver.py FOLDER [tcp://127.0.0.1:0]     (FOLDER/enrolled.json as `xueliang receive` writes it)
The protocol is described in gateway/delivery/uplink/PROTOCOL.md. Not here: credit per box, several receivers, commands.
"""
import base64, hashlib, json, os, secrets, sqlite3, sys, time, zlib
import zmq
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from zmq.auth.thread import ThreadAuthenticator

TYPE = dict(HELLO=1, CHAL=2, AUTH=3, READY=4, EVT=16, ACK=17, NACK=18, GAP=19, OFFER=32, WANT=33, DATA=34, BACK=35, BEAT=48, ERR=126, BYE=127)
NAME = {octet: name for name, octet in TYPE.items()}
WINDOW = dict(msgs=256, bytes=262144)
HASHES = {"sha256", "sm3"} & hashlib.algorithms_available  # An offer may name both.
folder = sys.argv[1]
listen = sys.argv[2] if len(sys.argv) > 2 else "tcp://127.0.0.1:0"
enrolled = {box["gw"]: box for box in json.load(open(f"{folder}/enrolled.json"))["boxes"]}
db = sqlite3.connect(f"{folder}/events.db", isolation_level=None)
db.executescript("""PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, gw TEXT, body BLOB);
CREATE TABLE IF NOT EXISTS quarantine (gw TEXT, epoch TEXT, lane INT, seq INT, body BLOB);
CREATE TABLE IF NOT EXISTS gaps (gw TEXT, epoch TEXT, lane INT, first INT, last INT, reason TEXT);
CREATE TABLE IF NOT EXISTS marks (gw TEXT, epoch TEXT, lane INT, acked INT, last_id TEXT, PRIMARY KEY (gw, epoch, lane));
""")
zap = ThreadAuthenticator(context := zmq.Context())
zap.start()  # Before the socket is bound: without a key check CURVE lets everybody in.
class EnrolledKeys:
    def callback(self, domain, key):
        return any((key.decode() if len(key) == 40 else "") == box["curvePublic"] for box in enrolled.values())
zap.configure_curve_callback(domain="uplink", credentials_provider=EnrolledKeys())
if not os.path.exists(f"{folder}/receiver-keys.json"):  # Kept: boxes know the public half.
    made = dict(zip(("publicKey", "secretKey"), (key.decode() for key in zmq.curve_keypair())), schema="xueliang.receiver-keys/1")
    json.dump(made, os.fdopen(os.open(f"{folder}/receiver-keys.json", os.O_CREAT | os.O_WRONLY, 0o600), "w"))
public, secret = (json.load(open(f"{folder}/receiver-keys.json"))[half].encode() for half in ("publicKey", "secretKey"))
router = context.socket(zmq.ROUTER)
for option, value in {zmq.LINGER: 0, zmq.ROUTER_MANDATORY: 1, zmq.SNDTIMEO: 0, zmq.MAXMSGSIZE: 262144, zmq.IPV6: 1, zmq.ZAP_DOMAIN: b"uplink",
                      93: 1}.items():  # 93: ZMQ_ZAP_ENFORCE_DOMAIN, fail closed
    router.setsockopt(option, value)
router.curve_server, router.curve_secretkey = True, secret
router.bind(listen.replace(":0", ":*") if listen.endswith(":0") else listen)
print("listening", router.LAST_ENDPOINT.decode().rstrip("\0"), public.decode(), flush=True)
sessions = {}
def send(rid, name, header):
    try:
        router.send_multipart([rid, b"UP1" + bytes([TYPE[name]]), json.dumps(header).encode()])
    except zmq.ZMQError:
        sessions.pop(rid, None)  # Gone or too slow: its outbox keeps what it misses.

def end(rid, code, detail):
    sessions.pop(rid, None)
    send(rid, "ERR", dict(code=code, fatal=True, retryAfter=30, detail=detail))

def hello(rid, h):
    s = sessions[rid] = dict(h, sid=secrets.token_hex(16), challenge=secrets.token_hex(16), open=False, msgs=0, bytes=0)
    send(rid, "CHAL", dict(sid=s["sid"], nonce=s["challenge"], alg="ed25519", t=time.time() * 1000))

def auth(rid, s, h):
    text = "\n".join(["UP1-AUTH", s["gw"], s["epoch"], s["sock"], s["nonce"], s["challenge"], s["sid"], public.decode()])
    try:
        key = base64.b64decode(enrolled[s["gw"]]["signPublic"])
        Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(h["sig"]), text.encode())
    except (KeyError, ValueError, InvalidSignature):
        return end(rid, "unauth", "box and key do not belong together, or the box is not enrolled")
    known = db.execute("SELECT lane, acked, last_id FROM marks WHERE gw = ? AND epoch = ?", (s["gw"], s["epoch"]))
    lanes = {str(lane): dict(acked=acked, lastId=last) for lane, acked, last in [(0, 0, ""), (1, 0, ""), (2, 0, ""), *known]}
    s.update(open=True, next={lane: mark["acked"] + 1 for lane, mark in lanes.items()})
    limits = dict(maxEvent=65534, maxBatch=64, maxBlob=67108864, maxChunk=65536)
    send(rid, "READY", dict(v=1, sid=s["sid"], lanes=lanes, limits=limits, credit=WINDOW, hb=30, t=time.time() * 1000, caps=["blob"]))

def acknowledge(rid, s, lane, msgs, size):
    s["msgs"], s["bytes"] = s["msgs"] + msgs, s["bytes"] + size
    credit = dict(msgs=s["msgs"] + WINDOW["msgs"], bytes=s["bytes"] + WINDOW["bytes"])
    send(rid, "ACK", dict(lanes={lane: dict(cum=s["next"][lane] - 1)}, credit=credit))

def events(rid, s, h, payload):
    lane, at, seq = str(h["lane"]), 1, h["first"]
    if seq > s["next"][lane]:
        return end(rid, "seq-gap", f"lane {lane}: {s['next'][lane]} was next")
    fresh, last = [], ""
    db.execute("BEGIN IMMEDIATE")
    for size in h["sizes"]:
        body, at = payload[at : at + size], at + size + 1
        if seq >= s["next"][lane]:
            try:
                event = json.loads(body)
                last = str(event["id"])
                if event["source"] != f"/gateways/{s['gw']}":
                    raise ValueError("source is another box")
                if db.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", (last, s["gw"], body)).rowcount == 1:
                    fresh.append(event)
            except (ValueError, KeyError, TypeError):
                last = ""  # Kept aside with its bytes; the lane goes on.
                db.execute("INSERT INTO quarantine VALUES (?, ?, ?, ?, ?)", (s["gw"], s["epoch"], h["lane"], seq, body))
            s["next"][lane] = seq + 1
            db.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?)", (s["gw"], s["epoch"], h["lane"], seq, last))
        seq += 1
    db.execute("COMMIT")  # On the disk; only now may the box hear of it.
    acknowledge(rid, s, lane, len(h["sizes"]), len(payload))
    for event in fresh:
        print("event", event["id"], event["type"], event.get("time", ""), flush=True)

def gap(rid, s, h):  # Numbers that the box had to give up: written down, and the lane goes on behind them.
    lane = str(h["lane"])
    if h["from"] > s["next"][lane]:
        return end(rid, "seq-gap", f"lane {lane}: {s['next'][lane]} was next")
    if h["to"] >= s["next"][lane]:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO gaps VALUES (?, ?, ?, ?, ?, ?)", (s["gw"], s["epoch"], h["lane"], s["next"][lane], h["to"], h["reason"]))
        db.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, '')", (s["gw"], s["epoch"], h["lane"], h["to"]))
        db.execute("COMMIT")
        s["next"][lane] = h["to"] + 1
    acknowledge(rid, s, lane, 1, 0)

def data(rid, s, h, payload):
    s["bytes"] += len(payload)
    part, offer, credit = f"{folder}/{h['sha256']}.part", s["offer"], s["bytes"] + 131072
    bad = zlib.crc32(payload) != h["crc32"] or offer["sha256"] != h["sha256"]
    if not bad:
        with open(part, "r+b" if h["off"] else "wb") as file:
            file.seek(h["off"]), file.write(payload), file.flush(), os.fsync(file.fileno())
        if h["off"] + len(payload) < offer["size"]:
            return send(rid, "BACK", dict(sha256=h["sha256"], durable=h["off"] + len(payload), bcredit=credit))
        bad = any(offer[name] != hashlib.new(name, open(part, "rb").read()).hexdigest() for name in HASHES & offer.keys())
        if bad: os.remove(part)
    if bad:
        return send(rid, "BACK", dict(sha256=h["sha256"], durable=0, bad=True, bcredit=credit))
    os.rename(part, f"{folder}/{h['sha256']}.bin")
    send(rid, "BACK", dict(sha256=h["sha256"], durable=0, done=True, bcredit=credit))
    print("evidence", h["sha256"], flush=True)

def offer(rid, s, h):
    s["offer"], path = h, f"{folder}/{h['sha256']}"
    size = os.path.getsize(path + ".part") if os.path.exists(path + ".part") else 0
    known = dict(off=0, have=True) if os.path.exists(path + ".bin") else dict(off=min(size, h["size"] - 1))
    send(rid, "WANT", dict(sha256=h["sha256"], bcredit=s["bytes"] + 131072, **known))

on = dict(AUTH=auth, EVT=events, GAP=gap, OFFER=offer, DATA=data)
while True:
    rid, *frames = router.recv_multipart()
    try:
        name, h, s = NAME[frames[0][3]], json.loads(frames[1]), sessions.get(rid)
        if name == "HELLO": hello(rid, h)
        elif s is None or not (s["open"] or name == "AUTH"): end(rid, "unauth", "HELLO and AUTH first")
        elif name == "BEAT": send(rid, "BEAT", dict(t0=h["t0"], t1=time.time() * 1000, t2=time.time() * 1000))
        elif name in on: on[name](rid, s, h, *frames[2:])
    except (KeyError, IndexError, ValueError, TypeError) as error:
        end(rid, "bad-frame", type(error).__name__)
