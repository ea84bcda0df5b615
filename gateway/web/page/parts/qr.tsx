/** A QR code, dark on light in every theme: readers need it so. */
import type { JSX } from "preact";
import type { QrPath } from "../../api.ts";
import "./qr.css";

/** @param label what it leads to, for whoever cannot see it */
export function Qr({ qr, label }: { readonly qr: QrPath; readonly label: string }): JSX.Element {
  return (
    <svg class="qr" viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={qr.size} height={qr.size} fill="#fff" />
      <path d={qr.path} fill="#000" />
    </svg>
  );
}
