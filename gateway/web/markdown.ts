/** The one door to marked: the Markdown of this repository's own pages as HTML (pure). */
import { Marked } from "marked";
import { Html, html } from "./html.ts";

/** Where a link of the text leads on the box; null: nowhere, it stays a word. */
export type LinkOf = (target: string) => string | null;

/** Pictures and comments are left out; an element that the text names is text, but for a line break. */
export function markdownHtml(text: string, linkOf: LinkOf): Html {
  const marked = new Marked({
    renderer: {
      html: ({ text: raw }) => (/^<br\s*\/?>$/.test(raw) ? "<br />" : html`${raw}`.text),
      image: () => "",
      heading({ depth, tokens }) {
        const tag = `h${Math.max(2, depth)}`;
        return `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`;
      },
      link({ href, tokens }) {
        const name = this.parser.parseInline(tokens);
        const address = linkOf(href);
        return address === null ? name : html`<a href="${address}">${new Html(name)}</a>`.text;
      },
      // Wider than a phone: it scrolls by itself, by keys too.
      code: ({ text: raw }) => html`<pre tabindex="0"><code>${raw}</code></pre>`.text,
      table({ header, rows }) {
        const cells = (row: typeof header, open: string, close: string): string =>
          `<tr>${row.map(({ tokens }) => open + this.parser.parseInline(tokens) + close).join("")}</tr>`;
        const body = rows.map((row) => cells(row, "<td>", "</td>")).join("");
        const head = cells(header, '<th scope="col">', "</th>");
        return `<div class="scroll" tabindex="0"><table><thead>${head}</thead><tbody>${body}</tbody></table></div>`;
      },
    },
  });
  return new Html(marked.parse(text.replaceAll(/<!--[^]*?-->/g, ""), { async: false }));
}
