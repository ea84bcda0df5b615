/** What is wrong in a `gateway.yaml` and no schema can see (pure). */
import { forbiddenHost, sayForbidden } from "./camera-address.ts";
import type { KeyPath, Problem } from "./diagnostic.ts";
import { nearest } from "./did-you-mean.ts";
import { entriesAt, textAt, valueAt } from "./raw.ts";
import { repeatedIds } from "./repeated-ids.ts";
import { meantHint } from "./zones-problems.ts";

/** Problems that need a look at more than one key, or inside a value; `ruleTypes` are the event types of the catalogue. */
export function gatewayProblems(raw: unknown, ruleTypes: ReadonlySet<string>): Problem[] {
  const problems = [...repeatedIds(raw, ["cameras"]), ...repeatedIds(raw, ["uplinks"])];
  const error = { severity: "error", at: "value" } as const;
  const timezone = textAt(raw, ["site", "timezone"]);
  if (timezone !== undefined && !isTimeZone(timezone)) {
    problems.push({ ...error, code: "CONFIG_TIMEZONE", path: ["site", "timezone"], values: { value: timezone } });
  }
  const port = Number(/:(\d+)$/.exec(textAt(raw, ["web", "listen"]) ?? "")?.[1] ?? 0);
  if (port > 65_535) {
    const values = { key: "web.listen", min: 0, max: 65_535, value: port };
    problems.push({ ...error, code: "CONFIG_RANGE", path: ["web", "listen"], values });
  }
  const uplinks = uplinkHosts(raw);
  for (const [index, camera] of entriesAt(raw, ["cameras"])) {
    for (const key of ["url", "evidenceUrl"]) {
      const url = textAt(camera, [key]);
      const found = url === undefined ? null : (urlProblem(url) ?? addressProblem(url, uplinks));
      if (found) problems.push({ ...error, ...found, path: ["cameras", index, key] });
    }
    for (const [at, type] of entriesAt(camera, ["clip", "types"]))
      problems.push(...doubtfulType(type, ["cameras", index, "clip", "types", at], ruleTypes));
  }
  for (const [index, list] of entriesAt(raw, ["site", "codes"]))
    for (const [at, entry] of entriesAt(list, ["types"]))
      problems.push(
        ...doubtfulType(valueAt(entry, ["type"]), ["site", "codes", index, "types", at, "type"], ruleTypes),
      );
  return problems;
}

/** Only doubtful: a site may have types of its own in its zones files. */
function doubtfulType(type: unknown, path: KeyPath, ruleTypes: ReadonlySet<string>): Problem[] {
  if (typeof type !== "string" || ruleTypes.has(type)) return [];
  const hint = meantHint(nearest(type, ruleTypes));
  return [{ severity: "warning", at: "value", code: "CONFIG_UNKNOWN_RULE", path, values: { type }, ...hint }];
}

/** Never quotes the URL: it may hold a password, whatever is wrong with it. */
function urlProblem(url: string): Pick<Problem, "code" | "values"> | null {
  if (/[\p{Cc}\s]/u.test(url))
    return {
      code: "CONFIG_URL",
      values: { why: { en: "it holds a space or a control character", zh: "含有空格或控制字符" } },
    };
  if (url.startsWith("file:"))
    return url.length > 5
      ? null
      : { code: "CONFIG_URL", values: { why: { en: "no path after file:", zh: "file: 之后缺少路径" } } };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined)
    return { code: "CONFIG_URL", values: { why: { en: "it does not begin with rtsp://", zh: "未以 rtsp:// 开头" } } };
  // Before anything else is said of it: a password may hold @, # and /, so that no parser agrees where the login ends.
  if (url.includes("@")) return { code: "CONFIG_URL_LOGIN", values: {} };
  if (scheme !== "rtsp" && scheme !== "rtsps")
    return { code: "CONFIG_URL", values: { why: { en: `${scheme}:// is not supported`, zh: `不支持 ${scheme}://` } } };
  if (!URL.canParse(url) || new URL(url).hostname === "")
    return {
      code: "CONFIG_URL",
      values: { why: { en: "it has no host, or a port that is no number", zh: "缺少主机名，或端口不是数字" } },
    };
  if (!/^(?:\[[\da-f:.]+\]|[\w.%-]+)$/i.test(new URL(url).hostname))
    return {
      code: "CONFIG_URL",
      values: { why: { en: "its host holds a character that no host name has", zh: "主机名含有非法字符" } },
    };
  return null;
}

/** Host and port of each uplink, as a URL writes them, with the uplink's name. */
function uplinkHosts(raw: unknown): ReadonlyMap<string, string> {
  const named = entriesAt(raw, ["uplinks"]).map(([, uplink]) => {
    const address = textAt(uplink, ["address"])?.replace(/^tcp:/, "rtsp:") ?? "";
    return [URL.parse(address)?.host.toLowerCase() ?? "", textAt(uplink, ["id"]) ?? "?"] as const;
  });
  return new Map(named.filter(([host]) => host !== ""));
}

/** A camera that is this box itself, or its platform: names that a name server has to resolve are looked at when it answers. */
function addressProblem(url: string, uplinks: ReadonlyMap<string, string>): Pick<Problem, "code" | "values"> | null {
  const { hostname, host } = URL.parse(url) ?? { hostname: "", host: "" };
  const forbidden = forbiddenHost(hostname, "here");
  if (forbidden !== null) return { code: "CONFIG_URL_ADDRESS", values: { why: sayForbidden(forbidden) } };
  const uplink = uplinks.get(host.toLowerCase());
  if (uplink === undefined) return null;
  const why = { en: `it is that of uplink ${uplink}`, zh: `这是上报通道 ${uplink} 的地址` };
  return { code: "CONFIG_URL_ADDRESS", values: { why } };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
