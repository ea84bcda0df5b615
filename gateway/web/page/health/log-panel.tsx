/** The end of the log, live: plain lines first, their detail folded. Secrets are gone before they come here. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { LogLine } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { call } from "../shell/call.ts";
import { clockText, t } from "../shell/language.ts";
import { cameras, onLive, wantLogs } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { place, setFilters } from "../shell/router.ts";
import { healthTexts } from "../texts/health.ts";
import { logFacts } from "../texts/log-facts.ts";
import { CopyButton } from "./copy-button.tsx";
import { fits, joined, partsOf, textOf, type LogFilter } from "./log-lines.ts";

const asked = 300;
const levels = ["info", "warn", "error"] as const;
const levelTexts = {
  info: healthTexts.levelInfo,
  warn: healthTexts.levelWarn,
  error: healthTexts.levelError,
} as const;
/** Facts that a newer daemon names otherwise stay as they are. */
const facts: Readonly<Record<string, Text>> = logFacts;
const nameOf = (id: string): string => cameras.value?.find((camera) => camera.id === id)?.name ?? id;
const levelSigns = { info: "·", warn: "△", error: "▲" } as const;

/** The panel; its filters stand in the address. */
export function LogPanel(): JSX.Element {
  const { filters } = place.value;
  const filter: LogFilter = {
    level: levels.find((one) => one === filters["level"]) ?? "info",
    camera: filters["camera"] ?? "",
    words: filters["words"] ?? "",
  };
  const lines = useSignal<readonly LogLine[]>([]);
  const paused = useSignal(false);
  const loading = useLoading(async (signal) => {
    const { value } = await call<readonly LogLine[]>("GET", `/logs?level=info&limit=${asked}`, { signal });
    lines.value = joined(value, lines.value);
    return true;
  });
  useEffect(() => {
    wantLogs(true);
    const stop = onLive((message) => {
      if (message.kind === "log" && !paused.value) lines.value = joined(lines.value, [message.line]);
    });
    return () => {
      stop();
      wantLogs(false);
    };
  }, []);
  const shown = lines.value.filter((line) => fits(line, filter));
  const whole = (): string => shown.map(textOf).join("\n");
  return (
    <section class="card stack" data-testid="log-panel">
      <h2>{t(healthTexts.log)}</h2>
      <LogFilters filter={filter} />
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      <div class="row">
        <button type="button" class="plain" aria-pressed={paused.value} onClick={() => (paused.value = !paused.value)}>
          {t(paused.value ? healthTexts.go : healthTexts.pause)}
        </button>
        <CopyButton text={whole} label={healthTexts.logCopy} />
        <button type="button" class="plain" onClick={() => saveText(whole())}>
          {t(healthTexts.logSave)}
        </button>
      </div>
      {shown.length === 0 ? (
        <p class="note">{t(healthTexts.logEmpty)}</p>
      ) : (
        <ol class="log" tabIndex={0} aria-label={t(healthTexts.log)} data-testid="log">
          {[...shown].reverse().map((line) => (
            <Line key={line.n} line={line} />
          ))}
        </ol>
      )}
    </section>
  );
}

function LogFilters({ filter }: { readonly filter: LogFilter }): JSX.Element {
  return (
    <div class="filter-fields">
      <label>
        {t(healthTexts.level)}
        <select
          data-testid="log-level"
          value={filter.level}
          onChange={(event) => setFilters({ level: event.currentTarget.value })}
        >
          {levels.map((one) => (
            <option key={one} value={one}>
              {t(levelTexts[one])}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t(healthTexts.cameras)}
        <select value={filter.camera} onChange={(event) => setFilters({ camera: event.currentTarget.value })}>
          <option value="">{t(healthTexts.allCameras)}</option>
          {(cameras.value ?? []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t(healthTexts.search)}
        <input
          type="search"
          data-testid="log-search"
          value={filter.words}
          onInput={(event) => setFilters({ words: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

function Line({ line }: { readonly line: LogLine }): JSX.Element {
  const { atMs, level, camera, text, detail } = line;
  const hasDetail = Object.keys(detail).length > 0;
  const { fact, rest } = partsOf(text);
  const known = facts[fact];
  const hint = typeof detail["hint"] === "string" ? detail["hint"] : null;
  const head = (
    <>
      <time dateTime={new Date(atMs).toISOString()}>{clockText(atMs)}</time>{" "}
      <span aria-hidden="true">{levelSigns[level]}</span>
      {level !== "info" && <span class="unseen">{t(levelTexts[level])}</span>}{" "}
      {camera !== null && <b>{nameOf(camera)}</b>} {known ? t(known) : fact}
      {rest !== "" && `: ${rest}`}
      {hint !== null && <small class="block">{hint}</small>}
    </>
  );
  return (
    <li class={level}>
      {hasDetail ? (
        <details>
          <summary>{head}</summary>
          <pre>{JSON.stringify(detail, null, 2)}</pre>
        </details>
      ) : (
        <p>{head}</p>
      )}
    </li>
  );
}

function saveText(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `xueliang-log-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.txt`;
  link.click();
  URL.revokeObjectURL(url);
}
