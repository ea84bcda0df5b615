/** The box's own certificate: made once, signed anew when it must be, good for whoever trusts the box. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, test } from "vitest";
import { setTimeout as pause } from "node:timers/promises";
import { ClockDouble } from "../runtime/clock-double.ts";
import { exampleStatus } from "./example-status.ts";
import { WebServer } from "./server.ts";
import { openTls } from "./tls.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tls-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const opened = () => openTls({}, folder, folder);

test("an authority for ten years, a certificate of the page for what Apple takes, signed by it", async () => {
  const { cert, authority } = await opened();
  const [page, own] = [new X509Certificate(cert), new X509Certificate(authority ?? "")];
  assert.ok(own.ca && !page.ca);
  assert.ok(page.verify(own.publicKey) && page.checkIssued(own));
  assert.equal(page.checkIP("127.0.0.1"), "127.0.0.1");
  const lifeDays = (Date.parse(page.validTo) - Date.parse(page.validFrom)) / 86_400_000;
  assert.ok(lifeDays <= 825, `${lifeDays} days`);
  for (const name of ["web-key.pem", "web-ca-key.pem"])
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
});

test("a start finds what is there; a certificate that is not for this box is signed anew, under the same authority", async () => {
  const first = await opened();
  assert.deepEqual(await opened(), first);
  // Another box's disk: its certificate is for other addresses.
  const other = new X509Certificate(first.cert);
  await writeFile(join(folder, "web-cert.pem"), first.authority ?? "");
  const again = await opened();
  assert.deepEqual(again.authority, first.authority);
  assert.notEqual(new X509Certificate(again.cert).serialNumber, other.serialNumber);
  assert.ok(new X509Certificate(again.cert).verify(new X509Certificate(first.authority ?? "").publicKey));
});

test("a certificate of before, signed by itself, stays: nobody is asked to trust again", async () => {
  const { cert } = await opened();
  await rm(join(folder, "web-ca.pem"));
  assert.deepEqual((await opened()).authority, cert);
  assert.deepEqual(await readFile(join(folder, "web-cert.pem")), cert);
});

test("a certificate that is renewed while the box runs is shown within the hour; one without its key is told of, and the former goes on", async () => {
  const [first, second] = [await openTls({}, join(folder, "a"), folder), await openTls({}, join(folder, "b"), folder)];
  const tls = { certificate: join(folder, "site.pem"), key: join(folder, "site.key") };
  await writeFile(tls.certificate, first.cert);
  await writeFile(tls.key, first.key);
  const clock = new ClockDouble();
  const told: unknown[] = [];
  const log = { info: () => undefined, warn: (...said: unknown[]) => told.push(said), error: () => undefined };
  const options = { folder, status: exampleStatus, language: "en", clock, log, tls, listen: "127.0.0.1:0" } as const;
  await using server = await WebServer.open(options);
  const shown = async (): Promise<string | undefined> => {
    const socket = connect({
      port: Number(new URL(server.address).port),
      host: "127.0.0.1",
      rejectUnauthorized: false,
    });
    await once(socket, "secureConnect");
    const { serialNumber } = socket.getPeerX509Certificate() ?? {};
    socket.destroy();
    return serialNumber;
  };
  const until = async (serial: string, tells: number): Promise<void> => {
    for (let tries = 0; tries < 1_000 && told.length < tells; tries += 1) await pause(10);
    for (let tries = 0; tries < 1_000 && (await shown()) !== serial; tries += 1) await pause(10);
    assert.deepEqual([await shown(), told.length], [serial, tells]);
  };
  const [one, other] = [first, second].map(({ cert }) => new X509Certificate(cert).serialNumber);
  await until(one ?? "", 0);
  await writeFile(tls.certificate, second.cert);
  await clock.advance(3_600_000);
  await until(one ?? "", 1);
  await writeFile(tls.key, second.key);
  await clock.advance(3_600_000);
  await until(other ?? "", 1);
});
