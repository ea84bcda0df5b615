/** What a phone must trust so that it trusts this page. */
import { X509Certificate } from "node:crypto";
import { hostname } from "node:os";
import type { CertificateView } from "../api.ts";
import { qrPath } from "../qr-path.ts";
import type { Web } from "../server.ts";
import type { Api } from "./api.ts";
import { originOf } from "./tokens.ts";

const path = "/certificate.crt";

/** Adds the route of the API. */
export function addCertificate({ add, web }: Api): void {
  add({
    method: "GET",
    path: "/certificate",
    role: "viewer",
    answer: ({ request }): CertificateView => {
      const authority = web.certificate?.pair.authority;
      if (!authority) return { authority: null };
      const { fingerprint256, validTo } = new X509Certificate(authority);
      const link = `${originOf(web, request)}${path}`;
      return { authority: { fingerprint: fingerprint256, validToMs: Date.parse(validTo), link, qr: qrPath(link) } };
    },
  });
}

/** Adds the file itself: open to all, because every handshake shows it to all. */
export function addAuthority({ app, certificate }: Web): void {
  if (!certificate?.pair.authority) return;
  app.get(path, (_, reply) =>
    reply
      .type("application/x-x509-ca-cert")
      .header("content-disposition", `attachment; filename="xueliang-${hostname().replace(/[^\w-]/g, "")}.crt"`)
      .send(new X509Certificate(certificate.pair.authority ?? "").raw),
  );
}
