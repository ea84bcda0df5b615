import assert from "node:assert/strict";
import { test } from "vitest";
import { authorizationOf, challengesOf } from "./digest.ts";

const mufasa = { user: "Mufasa", password: "Circle of Life" };
const request = {
  method: "GET",
  uri: "/dir/index.html",
  count: 1,
  clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};
const rfc7616 = (algorithm: string): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

// RFC 7616 section 3.9.1, and RFC 2617 section 3.5 without qop as RTSP cameras do it.
for (const [name, header, password, response] of [
  ["MD5 of RFC 7616", rfc7616("MD5"), "Circle of Life", "8ca523f5e9506fed4657c9700eebdbec"],
  [
    "SHA-256 of RFC 7616",
    rfc7616("SHA-256"),
    "Circle of Life",
    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
  ],
] as const) {
  test(name, () => {
    const [challenge] = challengesOf([header]);
    assert.ok(challenge);
    const line = authorizationOf(challenge, { ...mufasa, password }, request);
    assert.ok(line.includes(`response="${response}"`), line);
    assert.ok(line.includes("nc=00000001") && line.includes('opaque="FQhe/'), line);
    assert.ok(!line.includes(password));
  });
}

for (const [name, headers, expected] of [
  [
    "the strongest comes first",
    ['Basic realm="a"', 'Digest realm="b", nonce="1"', 'Digest realm="c", nonce="2", algorithm=SHA-256'],
    ["SHA-256", "MD5", "basic"],
  ],
  ["two in one line", ['Digest realm="a, b", nonce="1", Basic realm="c"'], ["MD5", "basic"]],
  ["schemes that nobody can answer are left out", ["NTLM", 'Digest realm="a", nonce="1", algorithm=SHA-512-256'], []],
  ["odd spelling", ['digest realm = "a",nonce="1",stale=TRUE'], ["MD5"]],
] as const) {
  test(name, () =>
    assert.deepEqual(
      challengesOf(headers).map((challenge) => (challenge.scheme === "basic" ? "basic" : challenge.algorithm)),
      expected,
    ),
  );
}

test("stale is seen whatever its spelling", () =>
  assert.equal(challengesOf(['digest realm="a", nonce="1", stale=TRUE'])[0]?.isStale, true));
