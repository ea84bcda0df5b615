/** The difference of a file, line by line. */
import type { JSX } from "preact";
import type { ConfigFile } from "../../api.ts";
import { t } from "../shell/language.ts";
import { configTexts } from "../texts/config.ts";
import { diffOf, foldedOf } from "./line-diff.ts";

const signs = { same: " ", added: "+", removed: "−" } as const;

/** Every file that differs. */
export function DiffView(parts: {
  readonly before: readonly ConfigFile[];
  readonly after: readonly ConfigFile[];
}): JSX.Element {
  const { before, after } = parts;
  const textOf = (files: readonly ConfigFile[], name: string): string =>
    files.find((one) => one.name === name)?.text ?? "";
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  const differing = names.filter((name) => textOf(before, name) !== textOf(after, name));
  if (differing.length === 0) return <p>{t(configTexts.noText)}</p>;
  return (
    <div class="stack">
      {differing.map((name) => (
        <FileDiff key={name} name={name} before={textOf(before, name)} after={textOf(after, name)} />
      ))}
    </div>
  );
}

function FileDiff(parts: { readonly name: string; readonly before: string; readonly after: string }): JSX.Element {
  const { name, before, after } = parts;
  return (
    <section>
      <h3>
        <code>{name}</code>
      </h3>
      <div class="diff" tabIndex={0} role="group" aria-label={name} data-testid={`diff-${name}`}>
        {foldedOf(diffOf(before, after)).map((line, at) =>
          typeof line === "number" ? (
            <p key={at} class="diff-fold">
              {t(configTexts.unchangedLines, { count: line })}
            </p>
          ) : (
            <p key={at} class={`diff-${line.kind}`}>
              <span class="diff-number">{line.after ?? line.before}</span>
              <span aria-hidden="true">{signs[line.kind]} </span>
              {line.kind !== "same" && <span class="unseen">{t(configTexts[line.kind])}: </span>}
              <code>{line.text}</code>
            </p>
          ),
        )}
      </div>
    </section>
  );
}
