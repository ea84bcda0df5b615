/** The Markdown of this repository's own pages as HTML: headings, paragraphs, lists, tables, code, emphasis, links (pure). */
import { Html, html } from "./html.ts";

/** Where a link of the text leads on the box; null: nowhere, it stays a word. */
export type LinkOf = (target: string) => string | null;

/** Pictures and comments are left out; a line that is none of the above is text. */
export function markdownHtml(text: string, linkOf: LinkOf): Html {
  const lines = text.replaceAll(/<!--[^]*?-->/g, "").split("\n");
  const blocks: Html[] = [];
  while (lines.length > 0) {
    const line = lines[0] ?? "";
    if (line.trim() === "") lines.shift();
    else if (line.startsWith("```")) blocks.push(code(lines));
    else if (/^#{1,4} /.test(line)) blocks.push(heading(lines.shift() ?? "", linkOf));
    else if (line.startsWith("|")) blocks.push(table(taken(lines, /^\|/), linkOf));
    else if (bullet.test(line) || numbered.test(line)) blocks.push(list(lines, linkOf));
    else blocks.push(html`<p>${inline(taken(lines, plain).join("\n"), linkOf)}</p>`);
  }
  return html`${blocks}`;
}

const bullet = /^[-*] /;
const numbered = /^\d+\. /;
const plain = /^(?!```|#{1,4} |\||[-*] |\d+\. |\s*$)/;

/** The lines at the head that are like this; at least one, so that whatever comes is passed. */
function taken(lines: string[], like: RegExp): readonly string[] {
  const end = lines.findIndex((line, at) => at > 0 && !like.test(line));
  return lines.splice(0, end === -1 ? lines.length : end);
}

function code(lines: string[]): Html {
  lines.shift();
  const end = lines.indexOf("```");
  const held = lines.splice(0, end === -1 ? lines.length : end);
  lines.shift();
  return html`<pre tabindex="0"><code>${held.join("\n")}</code></pre>`;
}

function heading(line: string, linkOf: LinkOf): Html {
  const level = Math.max(2, line.indexOf(" "));
  const tag = new Html(`h${level}`);
  return html`<${tag}>${inline(line.replace(/^#+ /, ""), linkOf)}</${tag}>`;
}

function list(lines: string[], linkOf: LinkOf): Html {
  const like = bullet.test(lines[0] ?? "") ? bullet : numbered;
  const items = taken(lines, like).map((line) => html`<li>${inline(line.replace(like, ""), linkOf)}</li>`);
  return like === bullet
    ? html`<ul>
        ${items}
      </ul>`
    : html`<ol>
        ${items}
      </ol>`;
}

function table(rows: readonly string[], linkOf: LinkOf): Html {
  const cellsOf = (row: string): readonly Html[] =>
    row
      .replace(/^\||\|\s*$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => inline(cell.trim().replaceAll("\\|", "|"), linkOf));
  const [head = "", , ...body] = rows;
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${cellsOf(head).map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body.map(
          (row) =>
            html`<tr>
              ${cellsOf(row).map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const marks = /`([^`]+)`|\*\*([^*]+)\*\*|!\[[^\]]*\]\([^)]*\)|\[([^\]]+)\]\(([^)\s]+)\)|<br\s*\/?>/g;

function inline(text: string, linkOf: LinkOf): Html {
  const parts: (Html | string)[] = [];
  let at = 0;
  for (const found of text.matchAll(marks)) {
    parts.push(text.slice(at, found.index));
    at = found.index + found[0].length;
    const [whole, inCode, strong, name, target = ""] = found;
    if (inCode !== undefined) parts.push(html`<code>${inCode}</code>`);
    else if (strong !== undefined) parts.push(html`<strong>${inline(strong, linkOf)}</strong>`);
    else if (name !== undefined) parts.push(linked(inline(name, linkOf), linkOf(target)));
    else if (whole.startsWith("<br")) parts.push(html`<br />`);
  }
  parts.push(text.slice(at));
  return html`${parts}`;
}

function linked(name: Html, address: string | null): Html {
  return address === null ? name : html`<a href="${address}">${name}</a>`;
}
