/** What of Markdown becomes what, and that a text cannot become anything else. */
import { expect, test } from "vitest";
import { markdownHtml } from "./markdown.ts";

const shown = (text: string): string =>
  markdownHtml(text, (target) => (target === "known.md" ? "/docs/known" : null)).text.replaceAll(/\s*\n\s*/g, "");

for (const [about, text, wanted] of [
  ["headings below the page's own", "# One\n\n### Three", "<h2>One</h2><h3>Three</h3>"],
  ["lines of a paragraph", "a **b** `c`<br>d", "<p>a <strong>b</strong> <code>c</code><br />d</p>"],
  ["lists", "- a\n- b\n\n1. c", "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"],
  ["code is not looked into", "```\n**a** <b>\n```", '<pre tabindex="0"><code>**a** &lt;b&gt;</code></pre>'],
  ["known links lead on, others are words", "[a](known.md) [b](https://x)", '<p><a href="/docs/known">a</a> b</p>'],
  ["pictures and comments are left out", "<!-- x -->![a](b.png)c", "<p>c</p>"],
  ["no element of the text is one of the page", "<script>a</script>", "&lt;script&gt;a&lt;/script&gt;"],
  ["a fence that never ends", "```\na", '<pre tabindex="0"><code>a</code></pre>'],
] as const)
  test(about, () => expect(shown(text)).toBe(wanted));

test("a table, with a bar in a cell", () => {
  const text = shown("| a | b |\n|---|---|\n| `x \\| y` | 2 |");
  expect(text).toContain('<th scope="col">a</th><th scope="col">b</th>');
  expect(text).toContain("<td><code>x | y</code></td><td>2</td>");
});
