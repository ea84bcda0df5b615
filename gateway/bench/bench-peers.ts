/** What stands around the gateway in a bench, in a process of its own: cameras and a receiver. Arguments: FOLDER CLIP COUNT. */
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { Receiver } from "../../platform/receiver.ts";

const [folder = "", clip = "", count = "1"] = process.argv.slice(2);
const mounts = Object.fromEntries(Array.from({ length: Number(count) }, (_, i) => [`/camera-${i + 1}`, { clip }]));
await using stack = new AsyncDisposableStack();
const simulator = stack.use(await CameraSimulator.open({ mounts }));
const receiver = stack.use(
  await Receiver.open({
    listen: "tcp://127.0.0.1:0",
    folder,
    language: "en",
    onEvent: (event) => console.log(JSON.stringify({ committedMs: Date.now(), event })),
  }),
);
console.log(JSON.stringify({ urls: Object.keys(mounts).map((path) => simulator.url(path)), address: receiver.address, serverKey: receiver.serverKey }));
// The first line from outside is the box's enrolment; the end of standard input is the end.
for await (const line of process.stdin) await receiver.enrol(JSON.parse(String(line)) as Parameters<Receiver["enrol"]>[0]);
