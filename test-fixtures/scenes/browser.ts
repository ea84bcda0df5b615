/** Opens a headless Chromium with software WebGL on a page served from this folder, and takes the pictures that it posts. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";

/** Where Debian keeps the browser; XUELIANG_CHROMIUM names another. */
export const CHROMIUM_PATH = process.env["XUELIANG_CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
] as const;

/** Takes what the page posts to a path: the query, the bytes and the x-meta header decoded. */
export type TakePost = (path: string, query: URLSearchParams, body: Buffer, meta: string) => Promise<void> | void;

/** Whether a browser to render with is installed. */
export const hasBrowser = (): boolean => existsSync(CHROMIUM_PATH);

/** A running browser with the scene page open; dispose it to end both. */
export class SceneBrowser {
  readonly page: Page;
  readonly #server: Server;
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(page: Page, server: Server, context: BrowserContext, profile: string) {
    this.page = page;
    this.#server = server;
    this.#context = context;
    this.#profile = profile;
  }

  /** Opens a script of this folder, such as "page.ts". Throws when no browser is installed. */
  static async open(script: string, take: TakePost): Promise<SceneBrowser> {
    if (!hasBrowser())
      throw new Error(`no Chromium at ${CHROMIUM_PATH}: install the package chromium or name one in XUELIANG_CHROMIUM`);
    const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
      answer(request, response, script, take).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const profile = await mkdtemp(join(tmpdir(), "scenes-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM_PATH,
      headless: true,
      timeout: 180_000,
      args: [...FLAGS],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    page.on("console", (message) => {
      if (message.type() === "error") process.stderr.write(`page: ${message.text()}\n`);
    });
    page.on("pageerror", (error) => process.stderr.write(`page: ${error.message}\n`));
    await page.goto(`http://127.0.0.1:${port}/`, { timeout: 180_000 });
    await page.waitForFunction("globalThis.ready === true", null, { timeout: 180_000 });
    return new SceneBrowser(page, server, context, profile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) =>
      this.#server.close(() => {
        resolve();
      }),
    );
    await rm(this.#profile, { recursive: true, force: true });
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: string,
  take: TakePost,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "POST") {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const meta = request.headers["x-meta"];
    await take(
      url.pathname,
      url.searchParams,
      Buffer.concat(parts),
      typeof meta === "string" ? decodeURIComponent(meta) : "",
    );
    response.writeHead(204).end();
    return;
  }
  if (url.pathname === "/favicon.ico") {
    response.writeHead(204).end();
    return;
  }
  if (url.pathname === "/") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(
      `<!doctype html><meta charset="utf-8"><script type="module">await import("/${script}"); globalThis.ready = true;</script>`,
    );
    return;
  }
  const name = /^\/((?:browser\/)?[a-z-]+\.ts)$/.exec(url.pathname)?.[1];
  if (name === undefined) {
    response.writeHead(404).end();
    return;
  }
  const source = await readFile(join(import.meta.dirname, name), "utf8");
  response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" });
  response.end(stripTypeScriptTypes(source));
}
