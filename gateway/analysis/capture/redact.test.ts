import assert from "node:assert/strict";
import { test } from "vitest";
import { encoded, parseCameraUrl, requestUrl, shownPath, urlWithCredentials, type RtspSource } from "./camera-url.ts";
import { redactorOf } from "./redact.ts";
import { trickyPasswords } from "./tricky-passwords.ts";

for (const password of trickyPasswords) {
  test(`the password ${JSON.stringify(password)} survives the address and no redaction`, () => {
    const credentials = { user: "ad min", password };
    const source = parseCameraUrl("rtsp://cam.example:554/live", "c") as RtspSource;
    const url = urlWithCredentials(source, credentials);
    assert.match(url, /^[\x21-\x7e]+$/, "printable ASCII only");
    assert.ok(!/['"\\]/.test(url), "nothing to escape in a quoted script");
    assert.deepEqual((parseCameraUrl(url, "c") as RtspSource).credentials, credentials);
    const redact = redactorOf([credentials]);
    for (const form of [
      password,
      encoded(password),
      encodeURIComponent(password),
      Buffer.from(`ad min:${password}`).toString("base64"),
    ]) {
      const line = redact(`[concat] Impossible to open 'rtsp://x:${form}@cam.example/live' (${form})`);
      assert.ok(!line.includes(form), line);
    }
  });
}

for (const [name, line] of [
  ["an address nobody knows", "open rtsp://admin:hunter2@10.0.0.9/x failed"],
  ["a password with an at sign", "open rtsp://admin:hunter2@@10.0.0.9/x failed"],
  ["an Authorization line", "Authorization: Basic aHVudGVyMg=="],
] as const) {
  test(`${name} is hidden by its form`, () => {
    const clean = redactorOf([])(line);
    assert.ok(!clean.includes("hunter2") && !clean.includes("aHVudGVyMg"), clean);
  });
}

for (const [url, code] of [
  ["http://cam/x", "scheme http:"],
  ["rtsp://", "not a URL"],
  ["nonsense", "not a URL"],
  ["rtsp://cam/x\ny", "control character"],
  ["file:", "no path"],
  ["rtsp://quo'te/x", "no host name has"],
] as const) {
  test(`${JSON.stringify(url)} is refused and not repeated`, () =>
    assert.throws(
      () => parseCameraUrl(url, "c"),
      (error: Error) => error.message.includes(code) || error.message.includes("no host"),
    ));
}

test("IPv6 literals keep their brackets where they belong", () => {
  const source = parseCameraUrl("rtsp://[fe80::1]:8554/a", "c") as RtspSource;
  assert.equal(source.host, "fe80::1");
  assert.equal(requestUrl(source), "rtsp://[fe80::1]:8554/a");
});

test("a path that holds a password is shown without it", () => {
  const source = parseCameraUrl("rtsp://cam/user=admin&password=x7y&ch=1?token=abc", "c") as RtspSource;
  assert.ok(!/x7y|abc/.test(shownPath(source)), shownPath(source));
});
