/** What stands around the gateway in a bench, in a process of its own: cameras and a receiver. Arguments: FOLDER CLIP COUNT. */
import { createInterface } from "node:readline";
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
    // An update's time is the arrival of its frame; a start's is the onset, which lies before it.
    onEvent: ({ event }) => {
      if (event.data.phase === "update")
        console.log(JSON.stringify({ arrivalToCommitMs: Date.now() - Date.parse(event.time) }));
    },
  }),
);
const urls = Object.keys(mounts).map((path) => simulator.url(path));
console.log(JSON.stringify({ urls, address: receiver.address, serverKey: receiver.serverKey }));
// The first line from outside is the box's enrolment; the end of standard input is the end.
for await (const line of createInterface({ input: process.stdin })) await receiver.enrol(JSON.parse(line));
