/** How the page is built: ES2020, hashed names, every chunk beside its compressed twins, so that the box compresses nothing. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const compressible = /\.(?:js|css|html|svg)$/;

function compressedTwins(): Plugin {
  let folder = "";
  return {
    name: "compressed-twins",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!compressible.test(file)) continue;
        const bytes = readFileSync(join(folder, file));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(join(folder, `${file}.br`), brotliCompressSync(bytes, { params }));
        writeFileSync(join(folder, `${file}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/**
 * Of the MPEG-1 player only demultiplexer, decoder and renderers are taken: the rest writes a style sheet into the page
 * and compiles WebAssembly, both of which the page's policy forbids, and weighs three times as much.
 */
function playerParts(): Plugin {
  const [style, all] = ["styleInject(css_248z);", "export { JSMpeg as default };"];
  return {
    name: "player-parts",
    transform(code, id) {
      if (!id.includes("@cycjimmy/jsmpeg-player")) return null;
      if (!code.includes(style) || !code.includes(all)) throw new Error(`${id} is no longer the player that is known`);
      return code.replace(style, "").replace(all, "export { CanvasRenderer, MPEG1, TS, WebGLRenderer };");
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  logLevel: "warn",
  oxc: {
    // Never the development form, whatever NODE_ENV says: it writes the paths of this machine into every element.
    jsx: { runtime: "automatic", importSource: "preact", development: false },
    // Class fields become plain assignments: no class here relies on anything else, and each would cost a call.
    assumptions: { setPublicClassFields: true },
  },
  build: {
    target: "es2020",
    outDir: "dist.next",
    emptyOutDir: true,
    manifest: "manifest.json",
    // A data URL would need img-src data: in the policy of the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  plugins: [playerParts(), compressedTwins()],
});
