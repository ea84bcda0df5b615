/** The manual, on the box itself: where one stands on the bank there is no other. */
import { readFile } from "node:fs/promises";
import type { Language } from "../../runtime/texts/fill.ts";
import { say } from "../../runtime/texts/say.ts";
import { html, type Html } from "../html.ts";
import { page } from "../layout.ts";
import { markdownHtml } from "../markdown.ts";
import type { Web } from "../server.ts";
import { languageFor, tokenOf } from "./door.ts";

interface Page {
  /** Relative to the repository. */
  readonly file: Readonly<Record<Language, string>>;
  readonly title: Readonly<Record<Language, string>>;
  /** Heading at which what is shown begins; the whole file when left out. */
  readonly from?: string;
}

const both = (file: string): Page["file"] => ({ zh: file, en: file });

/** By the name in the address; only these are ever read. */
const pages: Readonly<Record<string, Page>> = {
  "first-fifteen-minutes": {
    file: { zh: "docs/first-fifteen-minutes.zh-CN.md", en: "docs/first-fifteen-minutes.md" },
    title: { zh: "现场十五分钟", en: "The first fifteen minutes" },
  },
  config: { file: both("config/README.md"), title: { zh: "配置项", en: "Keys of the config" } },
  errors: {
    file: both("gateway/README.md"),
    title: { zh: "错误码与处理办法", en: "Error codes and remedies" },
    from: "## Error codes",
  },
};

const root = new URL("../../../", import.meta.url);

/** Adds `/docs` and its pages, for whoever is logged in. */
export function addDocs({ app, access, options }: Web): void {
  for (const name of ["", ...Object.keys(pages)]) {
    const path = name === "" ? "/docs" : `/docs/${name}`;
    app.get(path, async (request, reply) => {
      if (!(await access.visitor(tokenOf(request)))) return reply.redirect("/login", 303);
      const language = languageFor(request, options.language);
      const wanted = pages[name];
      const shown = wanted ?? { title: { zh: say("zh", "manual"), en: say("en", "manual") } };
      const body = html`<main class="manual">${wanted ? await textOf(wanted, language) : contents(language)}</main>`;
      const actions = html`<a href="${wanted ? "/docs" : "/"}">${say(language, wanted ? "manual" : "productName")}</a>`;
      reply.type("text/html; charset=utf-8");
      return reply.send(page({ language, title: shown.title[language], body, actions, path }).text);
    });
  }
}

function contents(language: Language): Html {
  const lines = Object.entries(pages).map(
    ([name, { title }]) => html`<li><a href="/docs/${name}">${title[language]}</a></li>`,
  );
  return html`<ul>
    ${lines}
  </ul>`;
}

async function textOf({ file, from }: Page, language: Language): Promise<Html> {
  const text = await readFile(new URL(file[language], root), "utf8");
  const start = from === undefined ? 0 : Math.max(0, text.indexOf(from));
  // Title and languages are in the head of the page already.
  return markdownHtml(text.slice(start).replace(/^#+ .*\n(\s*\n.*English.*\n)?/, ""), linkOf);
}

/** Other files of the repository are not on the shelf, and other hosts cannot be reached from a bank. */
function linkOf(target: string): string | null {
  const known = Object.entries(pages).find(([, { file }]) => target.endsWith(file.en) || target.endsWith(file.zh));
  return known ? `/docs/${known[0]}` : null;
}
