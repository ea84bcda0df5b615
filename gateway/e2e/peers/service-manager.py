#!/usr/bin/env python3
"""What systemd does with Type=notify and WatchdogSec: a socket, patience, SIGABRT, another start.

Arguments: seconds of patience, then the command. Says one line a word: `started PID`, `PID WORD SECONDS`, `watchdog PID`,
`ended PID HOW`. SIGTERM goes on to the command, and ends this when the command has ended.
"""
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

patience, command = float(sys.argv[1]), sys.argv[2:]
folder = tempfile.mkdtemp(prefix="notify-")
path = os.path.join(folder, "notify")
door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
door.bind(path)
door.settimeout(0.05)
isStopping = False
child = None


def say(*words):
    print(*words, flush=True)


def stop(*_):
    global isStopping
    isStopping = True
    if child:
        child.terminate()


signal.signal(signal.SIGTERM, stop)
env = {**os.environ, "NOTIFY_SOCKET": path, "WATCHDOG_USEC": str(int(patience * 1e6))}
while not isStopping:
    child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    begun, last = time.monotonic(), None
    say("started", child.pid)
    while child.poll() is None:
        try:
            for word in door.recv(4096).decode().splitlines():
                say(child.pid, word, f"{time.monotonic() - begun:.1f}")
                if word in ("READY=1", "WATCHDOG=1"):
                    last = time.monotonic()
        except TimeoutError:
            pass
        if last is not None and not isStopping and time.monotonic() - last > patience:
            say("watchdog", child.pid)
            last = None
            child.send_signal(signal.SIGABRT)
            child.send_signal(signal.SIGKILL)  # Stopped as a whole, it does not even hear the other one.
    say("ended", child.pid, child.returncode)
door.close()
os.unlink(path)
os.rmdir(folder)
