// `npm run sbom`: the parts list of what is shipped as CycloneDX 1.5, and a count of licences. From package-lock.json alone, without a network.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = import.meta.dirname;
const target = process.argv[2] ?? "sbom.cdx.json";
const args = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--sbom-type=application"];
const npm = spawnSync("npm", [...args, "--offline"], { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
if (npm.status !== 0) {
  process.stderr.write(npm.stderr || String(npm.error));
  process.exit(1);
}
const bom = JSON.parse(npm.stdout);
const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
Object.assign(bom.metadata.component, { name: own.name, licenses: [{ license: { id: own.license } }] });

// Not npm's own --omit=dev: that also leaves out what ships and is an optional peer of a development package.
const ofDevelopment = ({ properties }) => properties.some(({ name }) => name === "cdx:npm:package:development");
const dropped = new Set(bom.components.filter(ofDevelopment).map((one) => one["bom-ref"]));
bom.components = bom.components.filter((one) => !dropped.has(one["bom-ref"]));
bom.dependencies = bom.dependencies
  .filter(({ ref }) => !dropped.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => !dropped.has(one)) }));

for (const component of bom.components) {
  if ((component.licenses ?? []).length > 0) continue;
  // The lock file does not say; the package itself may.
  const path = join(root, "node_modules", component.name, "package.json");
  if (!existsSync(path)) continue;
  const { license, licenses } = JSON.parse(readFileSync(path, "utf8"));
  const id = typeof license === "string" ? license : (license?.type ?? licenses?.[0]?.type);
  if (id) component.licenses = [{ license: { id } }];
}

// What no lock file knows: the starter model of this repository, and the program that it starts.
const model = readFileSync(join(root, "models/river-starter/model.onnx"));
bom.components.push(
  {
    "bom-ref": "model:river-starter",
    type: "machine-learning-model",
    name: "river-starter",
    version: /^version:\s*"?([^"\s]+)/m.exec(readFileSync(join(root, "models/river-starter/model.yaml"), "utf8"))?.[1],
    hashes: [{ alg: "SHA-256", content: createHash("sha256").update(model).digest("hex") }],
    licenses: [{ license: { id: "Apache-2.0" } }],
  },
  {
    "bom-ref": "system:ffmpeg",
    type: "application",
    name: "ffmpeg",
    scope: "required",
    description: "the system's own, with ffprobe; not shipped here, its licence depends on how it was built",
  },
);

writeFileSync(target, `${JSON.stringify(bom, null, 1)}\n`);
const counts = new Map();
for (const { licenses } of bom.components) {
  const said = (licenses ?? []).map((one) => one.license?.id ?? one.license?.name ?? one.expression).join(" ") || "–";
  counts.set(said, (counts.get(said) ?? 0) + 1);
}
for (const [licence, count] of [...counts].sort((a, b) => b[1] - a[1]))
  process.stdout.write(`${String(count).padStart(4)}  ${licence}\n`);
process.stdout.write(`${bom.components.length} components in ${target}\n`);
