/** Small parts of WebGL 2: programs, buffers, drawing targets, the noise texture. */
import type { Mesh } from "../mesh.ts";
import { VERTEX_SIZE } from "../mesh.ts";
import { noiseField, randomOf } from "../random.ts";
import type { Mat4 } from "../vector.ts";

/** Something to draw into; a multisampled one has no texture. */
export interface Target {
  readonly frame: WebGLFramebuffer;
  readonly texture: WebGLTexture | null;
}

/** A linked program and the places of its uniforms. */
export interface Program {
  readonly handle: WebGLProgram;
  readonly places: Map<string, WebGLUniformLocation | null>;
}

/** A mesh on the card. */
export interface Buffers {
  readonly array: WebGLVertexArrayObject;
  readonly vertices: WebGLBuffer;
  readonly indices: WebGLBuffer;
  count: number;
}

/** Side of the shadow map, pixels. */
export const SHADOW_SIZE = 1024;

/** The value, or an error that says what WebGL did not give. */
export function must<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`WebGL gave no ${what}`);
  return value;
}

/** Compiles and links a program; throws with the compiler's words. */
export function link(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = must(gl.createShader(kind), "shader");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true)
      throw new Error(`shader: ${gl.getShaderInfoLog(shader) ?? ""}`);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true)
    throw new Error(`shader link: ${gl.getProgramInfoLog(program) ?? ""}`);
  return program;
}

/** Empty buffers in the layout of a mesh. */
export function buffers(gl: WebGL2RenderingContext): Buffers {
  const made: Buffers = {
    array: gl.createVertexArray(),
    vertices: gl.createBuffer(),
    indices: gl.createBuffer(),
    count: 0,
  };
  gl.bindVertexArray(made.array);
  gl.bindBuffer(gl.ARRAY_BUFFER, made.vertices);
  for (const [place, size, offset] of [
    [0, 3, 0],
    [1, 3, 3],
    [2, 2, 6],
    [3, 4, 8],
    [4, 2, 12],
  ] as const) {
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, gl.FLOAT, false, VERTEX_SIZE * 4, offset * 4);
  }
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, made.indices);
  gl.bindVertexArray(null);
  return made;
}

/** Copies a mesh into buffers. */
export function fill(gl: WebGL2RenderingContext, into: Buffers, mesh: Mesh, usage: number): void {
  gl.bindVertexArray(into.array);
  gl.bindBuffer(gl.ARRAY_BUFFER, into.vertices);
  gl.bufferData(gl.ARRAY_BUFFER, mesh.vertices.subarray(0, mesh.vertexCount * VERTEX_SIZE), usage);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, mesh.indices.subarray(0, mesh.indexCount), usage);
  gl.bindVertexArray(null);
  into.count = mesh.indexCount;
}

/** A drawing target of a kind. */
export function target(
  gl: WebGL2RenderingContext,
  width: number,
  height: number,
  kind: "samples" | "colour" | "depth" | "shadow",
): Target {
  const frame = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
  if (kind === "samples") {
    for (const [format, place] of [
      [gl.RGBA8, gl.COLOR_ATTACHMENT0],
      [gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT],
    ] as const) {
      const store = gl.createRenderbuffer();
      gl.bindRenderbuffer(gl.RENDERBUFFER, store);
      gl.renderbufferStorageMultisample(gl.RENDERBUFFER, 4, format, width, height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, store);
    }
    return { frame, texture: null };
  }
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  if (kind === "shadow") {
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.DEPTH_COMPONENT24, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, texture, 0);
    gl.drawBuffers([gl.NONE]);
  } else {
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  }
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, gl.LINEAR],
    [gl.TEXTURE_MAG_FILTER, gl.LINEAR],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ] as const)
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  if (kind === "depth") {
    const depth = gl.createRenderbuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT24, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, depth);
  }
  return { frame, texture };
}
import type { Settings } from "../picture.ts";

/** Slopes in red and green, two heights in blue and alpha: waves, clouds and foam all come from it. */
export function noiseTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const n = 256;
  const high = noiseField(n, 6, 6, randomOf("waves"));
  const other = noiseField(n, 12, 5, randomOf("foam"));
  const bytes = new Uint8Array(n * n * 4);
  for (let y = 0; y < n; y += 1) {
    for (let x = 0; x < n; x += 1) {
      const at = y * n + x;
      const dx = (high[y * n + ((x + 1) % n)] ?? 0) - (high[at] ?? 0);
      const dy = (high[((y + 1) % n) * n + x] ?? 0) - (high[at] ?? 0);
      bytes.set(
        [128 + dx * 1400, 128 + dy * 1400, 128 + (high[at] ?? 0) * 150, 128 + (other[at] ?? 0) * 150].map((v) =>
          Math.min(255, Math.max(0, v)),
        ),
        at * 4,
      );
    }
  }
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, n, n, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
  return texture;
}

/** The inverse of a matrix. */
export function invert(m: Mat4): Mat4 {
  const a = Array.from({ length: 4 }, (_, r) =>
    Array.from({ length: 8 }, (_, c) => (c < 4 ? (m[c * 4 + r] ?? 0) : c - 4 === r ? 1 : 0)),
  );
  for (let i = 0; i < 4; i += 1) {
    const best = a.slice(i).reduce((at, row, k) => (Math.abs(row[i] ?? 0) > Math.abs(a[at]?.[i] ?? 0) ? k + i : at), i);
    const swap = a[i] ?? [];
    a[i] = a[best] ?? [];
    a[best] = swap;
    const pivot = a[i]?.[i] ?? 1;
    a[i] = (a[i] ?? []).map((v) => v / pivot);
    a.forEach((row, r) => {
      const k = row[i] ?? 0;
      if (r !== i) a[r] = row.map((v, c) => v - k * (a[i]?.[c] ?? 0));
    });
  }
  const out = new Float32Array(16);
  for (let r = 0; r < 4; r += 1) for (let c = 0; c < 4; c += 1) out[c * 4 + r] = a[r]?.[4 + c] ?? 0;
  return out;
}

/** Makes a program the current one and gives it its numbers, vectors, matrices and texture units. */
export function applySettings(gl: WebGL2RenderingContext, program: Program, settings: Settings): void {
  gl.useProgram(program.handle);
  for (const [name, value] of Object.entries(settings)) {
    let place = program.places.get(name);
    if (place === undefined) {
      place = gl.getUniformLocation(program.handle, name);
      program.places.set(name, place);
    }
    if (!place) continue;
    if (typeof value === "number") gl.uniform1f(place, value);
    else if (value.length === 2) gl.uniform2fv(place, value);
    else if (value.length === 3) gl.uniform3fv(place, value);
    else if (value.length === 4) gl.uniform4fv(place, value);
    else gl.uniformMatrix4fv(place, false, value);
  }
  const unitOf: Readonly<Record<string, number>> = { uTex: 0, uShadow: 1, uNoise: 2, uMirror: 3, uPicture: 4 };
  for (const [name, unitNumber] of Object.entries(unitOf)) {
    const place = gl.getUniformLocation(program.handle, name);
    if (place) gl.uniform1i(place, unitNumber);
  }
}
