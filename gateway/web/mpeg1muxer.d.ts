/** The one class of node-rtsp-stream that is used; the package brings no types. */
declare module "node-rtsp-stream/mpeg1muxer.js" {
  import type { ChildProcess } from "node:child_process";
  import type { EventEmitter } from "node:events";

  /** Starts `ffmpegPath -i url -f mpegts -codec:v mpeg1video …options -` at once. */
  class Mpeg1Muxer extends EventEmitter<{
    mpeg1data: [Buffer];
    ffmpegStderr: [Buffer];
    exitWithError: [];
  }> {
    constructor(options: {
      readonly ffmpegPath: string;
      readonly url: string;
      readonly ffmpegOptions: Readonly<Record<string, string | number>>;
    });
    readonly stream: ChildProcess;
  }
  export = Mpeg1Muxer;
}
