/** The demo's site: a config folder like any other, written fresh for each demo. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

/** What is only known once simulator and receiver listen. */
export interface DemoSite {
  readonly folder: string;
  readonly cameraUrl: string;
  readonly receiverAddress: string;
  readonly receiverKey: string;
}

/** The camera of the demo. */
export const demoCamera = "demo-river";
/** The identity of the demo's box. */
export const demoGateway = "50010500085056000001";

/** Writes `config/` below `site.folder` and returns its path. */
export async function writeDemoSite(site: DemoSite): Promise<string> {
  const config = join(site.folder, "config");
  await mkdir(join(config, "zones"), { recursive: true });
  const gateway = {
    schema: "xueliang.gateway/1",
    site: {
      id: demoGateway,
      name: "相国寺码头(演示)",
      place: { region: "500105", riverReach: "嘉陵江/江北段", lon: 106.5432, lat: 29.5761 },
    },
    storage: { folder: "data" },
    web: { listen: "127.0.0.1:0" },
    uplinks: [{ id: "center", address: site.receiverAddress, serverKey: site.receiverKey }],
    cameras: [
      {
        id: demoCamera,
        name: "码头 3 号",
        code: "50010500081326000123",
        url: site.cameraUrl,
        purpose: ["渔政", "防汛"],
      },
    ],
  };
  await writeFile(join(config, "gateway.yaml"), stringify(gateway));
  await writeFile(
    join(config, "zones", `${demoCamera}.yaml`),
    await readFile(new URL("./demo-zones.yaml", import.meta.url)),
  );
  return config;
}
