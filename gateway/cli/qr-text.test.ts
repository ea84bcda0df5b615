/** The address of the page as a code that a phone reads off a console. */
import qrcode from "qrcode-generator";
import { expect, test } from "vitest";
import { qrText } from "./qr-text.ts";

/** Which modules are dark, as a phone sees them: two rows a line, light where a block is drawn. */
function seen(text: string): boolean[][] {
  return text
    .trimEnd()
    .split("\n")
    .flatMap((line) => [" ▄", " ▀"].map((dark) => Array.from(line, (sign) => dark.includes(sign))));
}

test.each(["http://192.168.1.64:8420/", "http://[2001:db8:1234:5678:9abc:def0:1234:5678]:65535/"])(
  "%s: every module stands where the code has it, in a quiet border of four",
  (address) => {
    const code = qrcode(0, "M");
    code.addData(address);
    code.make();
    const size = code.getModuleCount();
    const rows = seen(qrText(address)).slice(0, size + 8);
    expect(rows.every((row) => row.length === size + 8)).toBe(true);
    const wanted = rows.map((row, y) =>
      row.map((_, x) => Math.min(y, x) >= 4 && Math.max(y, x) < size + 4 && code.isDark(y - 4, x - 4)),
    );
    expect(rows).toEqual(wanted);
  },
);
