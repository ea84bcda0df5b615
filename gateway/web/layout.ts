/** The frame of every page (pure). */
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import { html, type Html, type Part } from "./html.ts";

/** What a page is made of. */
export interface PageParts {
  readonly language: Language;
  readonly title: string;
  readonly body: Part;
  /** In the head line, right of the title. */
  readonly actions?: Part;
  /** The page refreshes itself. */
  readonly live?: boolean;
  /** Where the language switch leads back to. */
  readonly path: string;
}

/** A whole document; everything it loads comes from this box. */
export function page({ language, title, body, actions, live, path }: PageParts): Html {
  const other = language === "zh" ? "en" : "zh";
  return html`<!doctype html>
    <html lang="${language === "zh" ? "zh-CN" : "en"}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${say(language, "productName")}</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/page.css" />
        ${live === true && html`<script defer src="/assets/page.js"></script>`}
        ${live === true && html`<noscript><meta http-equiv="refresh" content="5" /></noscript>`}
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <nav>
            <a href="/language/${other}?to=${encodeURIComponent(path)}" lang="${other}"
              >${say(language, "otherLanguage")}</a
            >
            ${actions ?? null}
          </nav>
        </header>
        ${body}
      </body>
    </html>`;
}
