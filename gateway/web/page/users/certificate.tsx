/** What a phone must trust so that it asks no more about this page; nothing where there is no TLS. */
import type { JSX } from "preact";
import type { CertificateView } from "../../api.ts";
import { Qr } from "../parts/qr.tsx";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { useLoading } from "../shell/loading.tsx";
import { tokenTexts } from "../texts/tokens.ts";

/** The card. */
export function Certificate(): JSX.Element | null {
  const loading = useLoading(async (signal) => (await call<CertificateView>("GET", "/certificate", { signal })).value);
  const authority = loading.value.value?.authority;
  if (!authority) return null;
  const { link, fingerprint, qr, validToMs } = authority;
  return (
    <section class="card stack narrow" data-testid="certificate">
      <h2>{t(tokenTexts.certificate)}</h2>
      <p>{t(tokenTexts.certificateAbout)}</p>
      <Qr qr={qr} label={link} />
      <p>
        <a class="button" href={link} download data-testid="certificate-link">
          {t(tokenTexts.certificateSave)}
        </a>
      </p>
      <p class="note">
        SHA-256 <code class="secret">{fingerprint}</code>
        <br />
        {t(tokenTexts.certificateUntil, { time: momentText(validToMs) })}
      </p>
    </section>
  );
}
