/** The support bundle: what it holds is told before it is made; no picture, no password. */
import { createHash } from "node:crypto";
import { shownFiles } from "../../config/store/texts.ts";
import { withoutLogin } from "../../config/redact.ts";
import type { Both, SupportContents } from "../api.ts";
import { boxHealthOf } from "../box/box-health.ts";
import { zipOf } from "../box/zip.ts";
import { camerasOf } from "../camera-view.ts";
import type { Desk } from "../desk.ts";
import { rowOf } from "../event-view.ts";
import type { Api } from "./api.ts";

interface Piece {
  readonly name: string;
  readonly about: Both;
  readonly bytes: Uint8Array;
}

/** Adds the routes. */
export function addSupport({ add, web }: Api): void {
  add({
    method: "GET",
    path: "/support",
    role: "technician",
    answer: async (): Promise<SupportContents> => ({
      files: (await pieces(web.desk())).map(({ name, bytes, about }) => ({ name, bytes: bytes.length, about })),
    }),
  });
  add({
    method: "POST",
    path: "/support",
    role: "technician",
    answer: async ({ reply }) => {
      const desk = web.desk();
      const zip = zipOf(await pieces(desk));
      const stamp = new Date(desk.status().nowMs).toISOString().replaceAll(/[:.]/g, "-");
      const name = `xueliang-${desk.store.running.gateway.site.id}-${stamp}.zip`;
      return reply.type("application/zip").header("content-disposition", `attachment; filename="${name}"`).send(zip);
    },
  });
}

/** A file cut short or touched on the way is found by either digest: `sha256sum -c SHA256SUMS`, or the same with SM3. */
function sums(all: readonly Piece[]): readonly Piece[] {
  return (["sha256", "sm3"] as const).map((digest) => ({
    name: `${digest.toUpperCase()}SUMS`,
    about: { zh: `以上各文件的 ${digestNames[digest]} 摘要`, en: `${digestNames[digest]} of every file above` },
    bytes: Buffer.from(
      all.map(({ name, bytes }) => `${createHash(digest).update(bytes).digest("hex")}  ${name}\n`).join(""),
    ),
  }));
}

const digestNames = { sha256: "SHA-256", sm3: "SM3" } as const;

async function pieces(desk: Desk): Promise<readonly Piece[]> {
  const { store, archive } = desk;
  const json = (name: string, about: Both, value: unknown): Piece => ({
    name,
    about,
    bytes: Buffer.from(`${JSON.stringify(value, null, 1)}\n`),
  });
  const texts = shownFiles(await store.texts()).map(({ name, text }) => ({
    name: `config/${name}`,
    about: { zh: "配置文件（不含密码）", en: "config file, without passwords" },
    bytes: Buffer.from(text.split("\n").map(withoutLogin).join("\n")),
  }));
  const events = archive?.list({ limit: 200 }).map((one) => rowOf(one, archive, store.running)) ?? null;
  const lines = desk.logs(2_000).map((line) => JSON.stringify(line));
  const revisions = store.revisions
    .list()
    .map(({ n, revision, atMs, user, via, changes }) => ({ n, revision, atMs, user, via, changes }));
  const all = [
    json("box.json", { zh: "本机状态", en: "state of the box" }, await boxHealthOf(desk)),
    json("cameras.json", { zh: "摄像机状态", en: "state of the cameras" }, camerasOf(desk)),
    json("config-state.json", { zh: "配置运行状态", en: "what runs of the config" }, store.state()),
    json("revisions.json", { zh: "配置修改记录", en: "changes of the config" }, revisions),
    json("events.json", { zh: "最近 200 个事件（不含图片）", en: "the newest 200 events, without pictures" }, events),
    {
      name: "log.ndjson",
      about: { zh: "最近的日志", en: "newest log lines" },
      bytes: Buffer.from(`${lines.join("\n")}\n`),
    },
    ...texts,
  ];
  return [...all, ...sums(all)];
}
