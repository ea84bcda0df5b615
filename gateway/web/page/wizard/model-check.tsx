/** The models on the box: what they know, who uses them, why one cannot be used. */
import type { JSX } from "preact";
import type { ModelView } from "../../api.ts";
import { call } from "../shell/call.ts";
import { language, t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { cameras as all } from "../shell/live.ts";
import { said } from "../shell/say-failure.ts";
import { shellTexts } from "../texts/shell.ts";
import { wizardTexts } from "../texts/wizard.ts";

const nameOf = (id: string): string => all.value?.find((camera) => camera.id === id)?.name ?? id;

/** The list. */
export function ModelStep(): JSX.Element {
  const loading = useLoading(async (signal) => (await call<readonly ModelView[]>("GET", "/models", { signal })).value);
  const models = loading.value.value;
  if (loading.error.value) return <Trouble error={loading.error.value} retry={loading.again} />;
  if (models === null) return <p>{t(shellTexts.loading)}</p>;
  if (models.length === 0) return <p class="bad">▲ {t(wizardTexts.modelNone)}</p>;
  return (
    <ul class="plain-list" data-testid="models">
      {models.map((model) => (
        <Model key={model.id} model={model} />
      ))}
    </ul>
  );
}

function Model({ model }: { readonly model: ModelView }): JSX.Element {
  const { name, version, cameras, labels, error, inputPx } = model;
  const values = { name, version, cameras: cameras.map(nameOf).join(t(wizardTexts.comma)) };
  return (
    <li>
      <p>
        <span class={error ? "bad" : "good"}>
          {error ? `▲ ${t(wizardTexts.modelBad)}` : `✓ ${t(wizardTexts.modelGood)}`}
        </span>{" "}
        <strong>{t(cameras.length > 0 ? wizardTexts.modelUsed : wizardTexts.modelFree, values)}</strong>{" "}
        {inputPx && <small class="inline">{`${inputPx.width}×${inputPx.height}`}</small>}
      </p>
      {error ? (
        <p class="trouble">
          {said(error.text)} {said(error.hint)} <code>{error.code}</code>
        </p>
      ) : (
        <small>
          {t(wizardTexts.modelKnows, { labels: labels.map((one) => one[language.value]).join(t(wizardTexts.comma)) })}
        </small>
      )}
    </li>
  );
}
