/** The four parts of the player's package that are used; `vite.config.ts` hands them out instead of its whole player. */
declare module "@cycjimmy/jsmpeg-player" {
  /** Draws pictures; the planes are bytes. */
  interface Renderer {
    resize(width: number, height: number): void;
    render(y: Uint8ClampedArray, cr: Uint8ClampedArray, cb: Uint8ClampedArray, isClamped: boolean): void;
    destroy(): void;
  }
  interface RendererType {
    new (options: { readonly canvas: HTMLCanvasElement }): Renderer;
  }
  export const CanvasRenderer: RendererType;
  /** @throws where the browser has no WebGL after all */
  export const WebGLRenderer: RendererType & { IsSupported(): boolean };

  /** Decodes MPEG-1 pictures. */
  export class MPEG1 {
    constructor(options: { readonly streaming: boolean; readonly decodeFirstFrame: boolean });
    connect(renderer: Renderer): void;
    /** Draws the next picture; false when no whole one is there. */
    decode(): boolean;
  }

  /** Takes a transport stream apart. */
  export class TS {
    connect(streamId: number, decoder: MPEG1): void;
    write(bytes: ArrayBuffer): void;
  }
}
