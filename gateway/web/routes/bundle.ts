/** The built page: read once into memory, served with its compressed twins; the box compresses nothing. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Web } from "../server.ts";

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  webmanifest: "application/manifest+json",
};
/** The whole page has 350 KB compressed; a folder with more is not the page. */
const maxBytes = 16 * 1024 * 1024;

interface Asset {
  readonly plain: Buffer;
  readonly br: Buffer | null;
  readonly gz: Buffer | null;
}

/**
 * Adds one route for each file of `folder`, and the front page for the addresses inside the page. Only names found here at
 * the start are ever answered: no address becomes a path.
 */
export async function addPage({ app }: Web, folder: string): Promise<void> {
  const assets = await readAssets(folder);
  const index = assets.get("index.html");
  if (!index) return;
  for (const [name, asset] of assets) {
    if (name === "index.html") continue;
    const type = types[name.split(".").at(-1) ?? ""];
    if (type === undefined) continue;
    // Hashed names never change their content; the few others are asked for again.
    const cache = name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "public, max-age=300";
    app.get(`/${name}`, (request, reply) => send(request, reply.header("cache-control", cache), asset, type));
  }
  const front = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    send(request, reply.header("cache-control", "no-store"), index, types["html"] ?? "text/html");
  app.get("/", front);
  // Addresses within the page: reloading one of them must come back to it.
  app.get("/p/*", front);
}

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset, type: string): FastifyReply {
  const accepted = request.headers["accept-encoding"] ?? "";
  reply.type(type).header("vary", "accept-encoding");
  if (asset.br && /\bbr\b/.test(accepted)) return reply.header("content-encoding", "br").send(asset.br);
  if (asset.gz && /\bgzip\b/.test(accepted)) return reply.header("content-encoding", "gzip").send(asset.gz);
  return reply.send(asset.plain);
}

async function readAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const bytes = new Map<string, Buffer>();
  let total = 0;
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    total += content.length;
    if (total > maxBytes) break;
    bytes.set(relative(folder, path), content);
  }
  const plain = [...bytes].filter(([name]) => !/\.(br|gz)$/.test(name));
  return new Map(
    plain.map(([name, content]) => [
      name,
      { plain: content, br: bytes.get(`${name}.br`) ?? null, gz: bytes.get(`${name}.gz`) ?? null },
    ]),
  );
}
