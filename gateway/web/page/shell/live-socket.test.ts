import { afterEach, expect, test, vi } from "vitest";
import { handMoved } from "./hand.ts";
import { LiveSocket } from "./live-socket.ts";

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static last: FakeSocket | undefined;
  readonly readyState = FakeSocket.OPEN;
  constructor() {
    super();
    FakeSocket.last = this;
  }
  send(): void {}
  close(): void {}
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what arrives while a hand drags is taken apart when it rests: all of it, in order, with the time it arrived", () => {
  vi.useFakeTimers({ now: 5_000 });
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("location", { protocol: "http:", host: "box" });
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) =>
    setTimeout(() => frame(performance.now()), 16),
  );
  vi.advanceTimersByTime(1_000);
  const heard: unknown[] = [];
  const socket = new LiveSocket({
    frame: ({ header }) => heard.push(header),
    message: ({ kind }, heardMs) => heard.push([kind, heardMs]),
    connected: () => undefined,
    signedOut: () => undefined,
    bytes: () => undefined,
  });
  const arrive = (data: string | ArrayBuffer): void =>
    void FakeSocket.last?.dispatchEvent(new MessageEvent("message", { data }));
  arrive(`{"kind":"hello"}`);
  expect(heard).toEqual([["hello", 6_000]]);
  handMoved();
  const header = new TextEncoder().encode(`{"seq":7}`);
  const frame = new Uint8Array(4 + header.length);
  new DataView(frame.buffer).setUint32(0, header.length);
  frame.set(header, 4);
  arrive(frame.buffer);
  arrive(`{"kind":"status"}`);
  arrive(`{"kind":"status"}`);
  vi.advanceTimersByTime(100);
  expect(heard).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(heard.slice(1)).toEqual([{ seq: 7 }, ["status", 6_000], ["status", 6_000]]);
  socket.close();
});
