/** Peers that are started hundreds of times: one file each, so that a start costs a tenth of a second of CPU instead of half of one. */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const root = join(import.meta.dirname, "../../..");

/** Bundles a peer below node_modules, where it finds its packages; `migrations` is what its database is made of, relative to the repository. */
export async function bundled(peer: string, migrations: string): Promise<Disposable & { readonly path: string }> {
  const top = join(root, "node_modules/.cache", `peer-${peer}-${process.pid}-${Math.random().toString(36).slice(2)}`);
  // As deep as a room, so that what a source finds relative to itself (package.json) is where it looks.
  const folder = join(top, "gateway/peer");
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "package.json"), join(top, "package.json"));
  await build({
    configFile: false,
    logLevel: "silent",
    root,
    publicDir: false,
    ssr: { noExternal: ["zod", "yaml"] },
    build: {
      ssr: join(import.meta.dirname, `${peer}.ts`),
      outDir: folder,
      target: "node24",
      minify: false,
      rolldownOptions: { output: { entryFileNames: "peer.mjs" } },
    },
  });
  cpSync(join(root, migrations), join(folder, "migrations"), { recursive: true });
  return {
    path: join(folder, "peer.mjs"),
    [Symbol.dispose]: () => rmSync(top, { recursive: true, force: true }),
  };
}
