"""A wire between two network namespaces, NAME-a (10.99.0.1) and NAME-b (10.99.0.2), that loses, delays and shuffles packets.

Usage: lossy-wire.py NAME. Each line of standard input is what holds from now on, for example
{"loss": 0.3, "delayMs": 80, "jitterMs": 2000, "bytesPerSec": 5000}; its end takes both namespaces away.
Needs root, iproute2 and /dev/net/tun.
"""
import ctypes, fcntl, heapq, json, os, random, select, struct, subprocess, sys, time

name = sys.argv[1]
libc = ctypes.CDLL(None, use_errno=True)


def ip(*words):
    subprocess.run(["ip", *words], check=True, stderr=subprocess.DEVNULL)


def end_of_wire(space, address):
    """A TUN device in a new namespace; what is sent there is read here."""
    ip("netns", "add", space)
    here, there = os.open("/proc/self/ns/net", os.O_RDONLY), os.open(f"/run/netns/{space}", os.O_RDONLY)
    if libc.setns(there, 0x40000000) != 0:  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "setns")
    wire = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(wire, 0x400454CA, struct.pack("16sH", b"tun0", 0x1001))  # TUNSETIFF: IFF_TUN | IFF_NO_PI
    libc.setns(here, 0x40000000)
    ip("-n", space, "addr", "add", f"{address}/24", "dev", "tun0")
    ip("-n", space, "link", "set", "tun0", "up")
    ip("-n", space, "link", "set", "lo", "up")
    return wire


spaces = [f"{name}-a", f"{name}-b"]
try:
    a, b = (end_of_wire(space, f"10.99.0.{n + 1}") for n, space in enumerate(spaces))
    print("ready", flush=True)
    holds, on_the_way, order, free = {}, [], 0, {a: 0.0, b: 0.0}
    while True:
        wait = max(0.0, on_the_way[0][0] - time.monotonic()) if on_the_way else 1.0
        readable = select.select([0, a, b], [], [], wait)[0]
        now = time.monotonic()
        if 0 in readable:
            line = os.read(0, 4096)
            if not line:
                break
            holds = json.loads(line.splitlines()[-1])
        for wire in (w for w in (a, b) if w in readable):
            packet = os.read(wire, 65536)
            if random.random() < holds.get("loss", 0):
                continue
            at = now + (holds.get("delayMs", 0) + random.random() * holds.get("jitterMs", 0)) / 1000
            rate = holds.get("bytesPerSec")
            if rate:  # One queue of two seconds, then packets fall off its end.
                free[wire] = max(free[wire], now) + len(packet) / rate
                if free[wire] - now > 2:
                    free[wire] -= len(packet) / rate
                    continue
                at += free[wire] - now
            order += 1
            heapq.heappush(on_the_way, (at, order, b if wire == a else a, packet))
        while on_the_way and on_the_way[0][0] <= now:
            _, _, to, packet = heapq.heappop(on_the_way)
            try:
                os.write(to, packet)
            except OSError:
                pass  # Its queue is full: a loss like any other.
finally:
    for space in spaces:
        subprocess.run(["ip", "netns", "del", space], stderr=subprocess.DEVNULL)
