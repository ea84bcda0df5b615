/** The staged test of a camera: each stage as it happens, the reason and the remedy where it fails, the picture at the end. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CameraTestRequest, TestResult, TestStep } from "../../api.ts";
import { msText } from "../parts/amounts.ts";
import { eachLine } from "../parts/ndjson.ts";
import { t } from "../shell/language.ts";
import { said, showFailure } from "../shell/say-failure.ts";
import { wizardTexts } from "../texts/wizard.ts";
import { remedyOf } from "./remedy.ts";

const stages = ["dns", "tcp", "rtsp", "auth", "codec", "keyframe", "decoded", "snapshot"] as const;
const signs = { running: "…", passed: "✓", failed: "✗", skipped: "–" } as const;

/** The button, the stages, the result; `tested` hears how it ended. */
export function ConnectionTest(parts: {
  /** Null: what is filled in is not enough to test. */
  readonly request: CameraTestRequest | null;
  readonly tested: (result: TestResult) => void;
}): JSX.Element {
  const { request, tested } = parts;
  const steps = useSignal<readonly TestStep[]>([]);
  const result = useSignal<TestResult | null>(null);
  const running = useRef<AbortController | null>(null);
  const busy = useSignal(false);
  useEffect(() => () => running.current?.abort(), []);
  const run = async (body: CameraTestRequest): Promise<void> => {
    const ended = new AbortController();
    running.current = ended;
    busy.value = true;
    steps.value = [];
    result.value = null;
    try {
      await eachLine("/cameras/test", body, ended.signal, (read) => {
        const line = read as TestStep | TestResult;
        if (line.kind === "stage") steps.value = [...steps.value.filter(({ stage }) => stage !== line.stage), line];
        else {
          result.value = line;
          tested(line);
        }
      });
    } catch (error) {
      if (!ended.signal.aborted) showFailure(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <section class="stack" data-testid="connection-test">
      <div class="row">
        <button
          type="button"
          class={result.value?.ok === true ? "plain" : ""}
          data-testid="test-camera"
          disabled={request === null || busy.value}
          onClick={() => request && void run(request)}
        >
          {t(busy.value ? wizardTexts.testing : wizardTexts.test)}
        </button>
        {busy.value && (
          <button type="button" class="plain" onClick={() => running.current?.abort()}>
            {t(wizardTexts.stopTest)}
          </button>
        )}
      </div>
      {steps.value.length > 0 && (
        <ol class="stages" aria-live="polite" data-testid="stages">
          {stages.map((stage) => {
            const step = steps.value.find((one) => one.stage === stage);
            return step ? <Stage key={stage} step={step} /> : null;
          })}
        </ol>
      )}
      {result.value && <Result result={result.value} />}
    </section>
  );
}

function Stage({ step }: { readonly step: TestStep }): JSX.Element {
  const { stage, state, ms, detail, error } = step;
  return (
    <li class={state === "failed" ? "bad" : state === "passed" ? "good" : "off"} data-stage={stage} data-state={state}>
      <span aria-hidden="true">{signs[state]}</span> <strong>{t(wizardTexts[stage])}</strong>
      <span class="unseen">{t(wizardTexts[state])}</span> {ms !== null && <small class="inline">{msText(ms)}</small>}{" "}
      {detail?.replace(/\bsoftware$/, t(wizardTexts.software))}
      {error && (
        <p class="trouble">
          <strong>{said(error.text)}</strong> {remedyOf(error)} <code>{error.code}</code>
        </p>
      )}
    </li>
  );
}

function Result({ result }: { readonly result: TestResult }): JSX.Element {
  const { ok, codec, widthPx, heightPx, advice, jpegBase64 } = result;
  const values = { codec: codec ?? "–", width: widthPx ?? 0, height: heightPx ?? 0 };
  return (
    <div class="stack" role="status" data-testid="test-result" data-ok={ok}>
      {ok ? (
        <p class="good">✓ {t(wizardTexts.testGood, values)}</p>
      ) : (
        // The reason stands at the stage that failed.
        <p class="bad">▲ {t(wizardTexts.testBad)}</p>
      )}
      {advice.length > 0 && (
        <ul>
          {advice.map((one) => (
            <li key={one.en}>△ {said(one)}</li>
          ))}
        </ul>
      )}
      {jpegBase64 !== null && <Picture base64={jpegBase64} />}
    </div>
  );
}

/** The page's policy allows pictures of this page's own making (blob), not data in addresses. */
function Picture({ base64 }: { readonly base64: string }): JSX.Element {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    if (image.current) image.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [base64]);
  return <img ref={image} class="test-picture" alt={t(wizardTexts.testPicture)} />;
}
