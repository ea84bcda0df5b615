/** Where one can go, and what one can choose. On a phone it stands at the foot, where the thumb is. */
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Text } from "../../../runtime/texts/fill.ts";
import { shellTexts } from "../texts/shell.ts";
import { language, setLanguage, t } from "./language.ts";
import { bitsPerSec, box } from "./live.ts";
import { pageAt, pages } from "./pages.tsx";
import { roleTexts } from "./roles.ts";
import { place } from "./router.ts";
import { showFailure } from "./say-failure.ts";
import { logOut, may, role, session } from "./session.ts";
import { gloves, saving, theme, themes } from "./theme.ts";

/** The head of the page with the way to every page. */
export function Navigation(): JSX.Element {
  const here = pageAt(place.value.path);
  return (
    <header class="head">
      <img class="mark" src="/icon.svg" alt="" width="26" height="26" />
      <strong class="site">{box.value?.site.name ?? t(shellTexts.product)}</strong>
      <nav aria-label={t(shellTexts.pages)}>
        {pages
          .filter(({ least, inSettings }) => may(least) && inSettings !== true)
          .map((page) => (
            <a key={page.path} href={`#${page.path}`} aria-current={page === here ? "page" : undefined}>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d={page.sign} />
              </svg>
              <span>{t(page.title)}</span>
            </a>
          ))}
      </nav>
      <Meter />
      <Settings />
    </header>
  );
}

function Meter(): JSX.Element {
  const bits = bitsPerSec.value;
  const text = bits >= 995_000 ? `${(bits / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bits / 1e3)} kbit/s`;
  return (
    <span class="meter" data-testid="meter" data-bits={Math.round(bits)}>
      <span aria-hidden="true">↓</span> {text}
    </span>
  );
}

function Settings(): JSX.Element {
  const themeNames: Readonly<Record<(typeof themes)[number], Text>> = {
    system: shellTexts.themeSystem,
    dark: shellTexts.themeDark,
    light: shellTexts.themeLight,
    outdoor: shellTexts.themeOutdoor,
  };
  const user = session.value?.user ?? "";
  const sheet = useRef<HTMLDetailsElement>(null);
  useClosing(sheet, place.value.path);
  return (
    <details class="settings" ref={sheet}>
      <summary data-testid="settings">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4" />
        </svg>
        {t(shellTexts.settings)}
      </summary>
      <div class="sheet">
        <SettingsPages />
        <label>
          {t(shellTexts.language)}
          <select
            data-testid="language"
            value={language.value}
            onChange={(event) => setLanguage(event.currentTarget.value === "zh" ? "zh" : "en")}
          >
            <option value="zh" lang="zh-CN">
              中文
            </option>
            <option value="en" lang="en">
              English
            </option>
          </select>
        </label>
        <label>
          {t(shellTexts.theme)}
          <select
            data-testid="theme"
            value={theme.value}
            onChange={(event) => {
              theme.value = themes.find((one) => one === event.currentTarget.value) ?? "system";
            }}
          >
            {themes.map((one) => (
              <option key={one} value={one}>
                {t(themeNames[one])}
              </option>
            ))}
          </select>
        </label>
        <Switch text={shellTexts.gloves} choice={gloves} />
        <Switch text={shellTexts.saving} about={shellTexts.savingAbout} choice={saving} />
        <p class="who">
          {user} · {t(roleTexts[role.value ?? "viewer"])}
        </p>
        <button type="button" onClick={() => void logOut().catch(showFailure)}>
          {t(shellTexts.logout)}
        </button>
      </div>
    </details>
  );
}

/** What lies over the page goes when one turns to the page: by Escape, by a touch beside it, with another page. */
function useClosing(sheet: { readonly current: HTMLDetailsElement | null }, path: string): void {
  const close = (): void => sheet.current?.removeAttribute("open");
  useEffect(close, [path]);
  useEffect(() => {
    const beside = ({ target }: Event): void => {
      if (target instanceof Node && sheet.current?.contains(target) === false) close();
    };
    const escape = ({ key }: KeyboardEvent): void => {
      if (key !== "Escape" || sheet.current?.open !== true) return;
      close();
      sheet.current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", beside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", beside);
      document.removeEventListener("keydown", escape);
    };
  }, []);
}

/** Pages that one opens rarely. */
function SettingsPages(): JSX.Element {
  const here = pageAt(place.value.path);
  return (
    <nav
      class="settings-pages"
      aria-label={t(shellTexts.settings)}
      onClick={(event) => event.currentTarget.closest("details")?.removeAttribute("open")}
    >
      {pages
        .filter(({ least, inSettings }) => may(least) && inSettings === true)
        .map((page) => (
          <a key={page.path} href={`#${page.path}`} aria-current={page === here ? "page" : undefined}>
            {t(page.title)}
          </a>
        ))}
      <a href={`/language/${language.value}?to=/docs`} target="_blank" rel="noopener" data-testid="manual">
        {t(shellTexts.manual)}
      </a>
    </nav>
  );
}

function Switch({
  text,
  about,
  choice,
}: {
  readonly text: Text;
  readonly about?: Text;
  readonly choice: Signal<"on" | "off">;
}): JSX.Element {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={choice.value === "on"}
        onChange={(event) => {
          choice.value = event.currentTarget.checked ? "on" : "off";
        }}
      />
      <span>
        {t(text)}
        {about && <small>{t(about)}</small>}
      </span>
    </label>
  );
}
