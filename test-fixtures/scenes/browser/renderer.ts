/** Draws a scene with WebGL 2: shadow map, mirror image, picture, object ids and the camera's lens, in this order. */
import { Mesh, VERTEX_SIZE } from "../mesh.ts";
import { noiseField, randomOf } from "../random.ts";
import type { Picture, Settings, View } from "../picture.ts";
import * as shaders from "../shaders.ts";
import { LAYER_COUNT, TEXTURE_SIZE } from "../textures.ts";
import { add, addScaled, cross, lookAt, multiply, orthographic, perspective, scale, sub, unit, UP, type Mat4, type Vec3 } from "../vector.ts";

interface Target {
  readonly frame: WebGLFramebuffer;
  readonly texture: WebGLTexture | null;
}

interface Program {
  readonly handle: WebGLProgram;
  readonly places: Map<string, WebGLUniformLocation | null>;
}

interface Buffers {
  readonly array: WebGLVertexArrayObject;
  readonly vertices: WebGLBuffer;
  readonly indices: WebGLBuffer;
  count: number;
}

const SHADOW_SIZE = 1024;
/** Ribbons thinner than this many pixels are drawn this wide and fainter instead. */
const THIN_PX = 1.15;
const THIN_ID_PX = 1.7;

function must<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`WebGL gave no ${what}`);
  return value;
}

/** One drawing surface with its programs and buffers. */
export class Renderer {
  readonly width: number;
  readonly height: number;
  readonly #gl: WebGL2RenderingContext;
  readonly #programs: Record<"object" | "id" | "shadow" | "water" | "waterId" | "sky" | "lens" | "blur", Program>;
  readonly #still: Buffers;
  readonly #far: Buffers;
  readonly #moving: Buffers;
  readonly #ribbons: Buffers;
  readonly #waterSheet: Buffers;
  readonly #samples: Target;
  readonly #picture: Target;
  readonly #soft: Target;
  readonly #mirror: Target;
  readonly #ids: Target;
  readonly #shadow: Target;
  readonly #noise: WebGLTexture;
  #textures: WebGLTexture | null = null;
  readonly #ribbonMesh = new Mesh();
  readonly #idBytes: Uint8Array;
  /** Object ids of the last picture, row by row from the top; 65535 is water. */
  readonly ids: Uint16Array;
  viewProjection: Mat4 = new Float32Array(16);

  constructor(canvas: OffscreenCanvas) {
    const gl = must(canvas.getContext("webgl2", { antialias: false, alpha: false, preserveDrawingBuffer: true }), "context");
    this.#gl = gl;
    this.width = canvas.width;
    this.height = canvas.height;
    const p = (vertex: string, fragment: string): Program => ({ handle: link(gl, vertex, fragment), places: new Map() });
    this.#programs = {
      object: p(shaders.OBJECT_VERTEX, shaders.OBJECT_FRAGMENT), id: p(shaders.OBJECT_VERTEX, shaders.ID_FRAGMENT), shadow: p(shaders.OBJECT_VERTEX, shaders.SHADOW_FRAGMENT),
      water: p(shaders.WATER_VERTEX, shaders.WATER_FRAGMENT), waterId: p(shaders.WATER_VERTEX, shaders.WATER_ID_FRAGMENT), sky: p(shaders.SKY_VERTEX, shaders.SKY_FRAGMENT),
      lens: p(shaders.SKY_VERTEX, shaders.LENS_FRAGMENT), blur: p(shaders.SKY_VERTEX, shaders.BLUR_FRAGMENT),
    }; // prettier-ignore
    [this.#still, this.#far, this.#moving, this.#ribbons, this.#waterSheet] = [buffers(gl), buffers(gl), buffers(gl), buffers(gl), buffers(gl)];
    this.#samples = target(gl, this.width, this.height, "samples");
    this.#picture = target(gl, this.width, this.height, "colour");
    this.#soft = target(gl, this.width, this.height, "colour");
    this.#mirror = target(gl, this.width / 2, this.height / 2, "depth");
    this.#ids = target(gl, this.width, this.height, "depth");
    this.#shadow = target(gl, SHADOW_SIZE, SHADOW_SIZE, "shadow");
    this.#noise = noiseTexture(gl);
    this.#idBytes = new Uint8Array(this.width * this.height * 4);
    this.ids = new Uint16Array(this.width * this.height);
  }

  /** Puts a new world in place: its textures, its land near and far, and the extent of its water. */
  load(textures: Uint8Array, still: Mesh, far: Mesh, waterExtent: readonly [number, number, number]): void {
    const gl = this.#gl;
    if (this.#textures) gl.deleteTexture(this.#textures);
    this.#textures = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.#textures);
    gl.texImage3D(gl.TEXTURE_2D_ARRAY, 0, gl.RGBA8, TEXTURE_SIZE, TEXTURE_SIZE, LAYER_COUNT, 0, gl.RGBA, gl.UNSIGNED_BYTE, textures);
    gl.generateMipmap(gl.TEXTURE_2D_ARRAY);
    gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
    fill(gl, this.#still, still, gl.STATIC_DRAW);
    fill(gl, this.#far, far, gl.STATIC_DRAW);
    this.#extent = waterExtent;
  }
  #extent: readonly [number, number, number] = [0, 0, 0];

  #use(program: Program, settings: Settings): void {
    const gl = this.#gl;
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

  #draw(...sets: readonly Buffers[]): void {
    for (const set of sets) {
      if (set.count === 0) continue;
      this.#gl.bindVertexArray(set.array);
      this.#gl.drawElements(this.#gl.TRIANGLES, set.count, this.#gl.UNSIGNED_INT, 0);
    }
  }

  #bind(unitNumber: number, kind: number, texture: WebGLTexture | null): void {
    this.#gl.activeTexture(this.#gl.TEXTURE0 + unitNumber);
    this.#gl.bindTexture(kind, texture);
  }

  /** Draws a picture into the canvas and its object ids into `ids`. */
  draw(picture: Picture): void {
    const gl = this.#gl;
    const { view } = picture;
    const back = unit(sub(view.eye, view.target));
    const right = unit(cross(UP, back));
    const up = unit(add(scale(cross(back, right), Math.cos(view.roll)), scale(right, Math.sin(view.roll))));
    const projection = perspective((2 * view.focalPx) / this.height, this.width / this.height, 0.3, 2200);
    this.viewProjection = multiply(projection, lookAt(view.eye, view.target, up));
    const mirror = Float32Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 2 * picture.levelY, 0, 1);
    const mirrored = multiply(this.viewProjection, mirror);
    const shadowView = multiply(orthographic(26, 1, 160), lookAt(addScaled(picture.focus, picture.sunDir, 80), picture.focus, Math.abs(picture.sunDir[1]) > 0.95 ? [1, 0, 0] : UP));
    fill(gl, this.#moving, picture.moving, gl.DYNAMIC_DRAW);
    this.#fillWater(picture.levelY);
    this.#bind(0, gl.TEXTURE_2D_ARRAY, this.#textures);
    this.#bind(2, gl.TEXTURE_2D, this.#noise);
    this.#drawShadows(picture, shadowView);
    const air: Settings = { ...picture.air, uEye: view.eye, uSunDir: picture.sunDir, uLevel: picture.levelY };
    const eyeBelow: Vec3 = [view.eye[0], 2 * picture.levelY - view.eye[1], view.eye[2]];
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#mirror.frame);
    gl.viewport(0, 0, this.width / 2, this.height / 2);
    this.#fillRibbons(picture, THIN_PX * 2, view);
    this.#drawWorld({ ...air, uEye: eyeBelow }, mirrored, shadowView, picture.levelY - 0.02, false);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#samples.frame);
    gl.viewport(0, 0, this.width, this.height);
    this.#fillRibbons(picture, THIN_PX, view);
    this.#bind(3, gl.TEXTURE_2D, this.#mirror.texture);
    this.#drawWorld(air, this.viewProjection, shadowView, -1e9, picture.shadows, { ...picture.water, uSize: [this.width, this.height] });
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.#samples.frame);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, this.#picture.frame);
    gl.blitFramebuffer(0, 0, this.width, this.height, 0, 0, this.width, this.height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    this.#defocus(picture.defocus);
    this.develop(picture.lens);
    this.#fillRibbons(picture, THIN_ID_PX, view);
    this.#drawIds();
  }

  #drawShadows(picture: Picture, shadowView: Mat4): void {
    const gl = this.#gl;
    this.#bind(1, gl.TEXTURE_2D, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#shadow.frame);
    gl.viewport(0, 0, SHADOW_SIZE, SHADOW_SIZE);
    gl.enable(gl.DEPTH_TEST);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    if (picture.shadows) {
      this.#use(this.#programs.shadow, { uView: [...shadowView], uShadowView: [...shadowView] });
      gl.enable(gl.POLYGON_OFFSET_FILL);
      gl.polygonOffset(2, 4);
      this.#draw(this.#still, this.#moving);
      gl.disable(gl.POLYGON_OFFSET_FILL);
    }
    this.#bind(1, gl.TEXTURE_2D, this.#shadow.texture);
  }

  #drawWorld(air: Settings, viewProjection: Mat4, shadowView: Mat4, clip: number, shadows: boolean, water?: Settings): void {
    const gl = this.#gl;
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST);
    this.#use(this.#programs.object, { ...air, uView: [...viewProjection], uShadowView: [...shadowView], uClip: clip, uShade: shadows ? 1 : 0 });
    this.#draw(this.#still, this.#far, this.#moving);
    if (water) {
      this.#use(this.#programs.water, { ...air, ...water, uView: [...viewProjection] });
      this.#draw(this.#waterSheet);
    }
    this.#use(this.#programs.sky, { ...air, uInverse: [...invert(viewProjection)] });
    gl.bindVertexArray(null);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.#use(this.#programs.object, {});
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    gl.depthMask(false);
    this.#draw(this.#ribbons);
    gl.depthMask(true);
    gl.disable(gl.BLEND);
  }

  #defocus(passes: number): void {
    const gl = this.#gl;
    gl.disable(gl.DEPTH_TEST);
    gl.bindVertexArray(null);
    for (let pass = 0; pass < passes; pass += 1) {
      const wide = 1 + pass * 0.8;
      for (const [from, to, step] of [[this.#picture, this.#soft, [wide / this.width, 0]], [this.#soft, this.#picture, [0, wide / this.height]]] as const) {
        this.#bind(4, gl.TEXTURE_2D, from.texture);
        gl.bindFramebuffer(gl.FRAMEBUFFER, to.frame);
        this.#use(this.#programs.blur, { uStep: step });
        gl.drawArrays(gl.TRIANGLES, 0, 3);
      }
    }
    this.#bind(4, gl.TEXTURE_2D, null);
  }

  /** Passes the scene last drawn through the lens again, with another grain of noise for instance. */
  develop(lens: Settings): void {
    const gl = this.#gl;
    gl.disable(gl.DEPTH_TEST);
    gl.bindVertexArray(null);
    gl.viewport(0, 0, this.width, this.height);
    this.#bind(4, gl.TEXTURE_2D, this.#picture.texture);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.#use(this.#programs.lens, { ...lens, uSize: [this.width, this.height] });
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.#bind(4, gl.TEXTURE_2D, null);
  }

  #drawIds(): void {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#ids.frame);
    gl.viewport(0, 0, this.width, this.height);
    gl.enable(gl.DEPTH_TEST);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.#use(this.#programs.id, { uView: [...this.viewProjection] });
    this.#draw(this.#still, this.#far, this.#moving);
    this.#use(this.#programs.waterId, { uView: [...this.viewProjection] });
    this.#draw(this.#waterSheet);
    this.#use(this.#programs.id, {});
    this.#draw(this.#ribbons);
    gl.readPixels(0, 0, this.width, this.height, gl.RGBA, gl.UNSIGNED_BYTE, this.#idBytes);
    const bytes = this.#idBytes;
    for (let y = 0; y < this.height; y += 1) {
      let from = (this.height - 1 - y) * this.width * 4;
      const row = y * this.width;
      for (let x = 0; x < this.width; x += 1, from += 4) this.ids[row + x] = (bytes[from + 2] ?? 0) > 127 ? 65535 : (bytes[from] ?? 0) + (bytes[from + 1] ?? 0) * 256;
    }
  }

  #fillWater(level: number): void {
    const [half, near, far] = this.#extent;
    const mesh = new Mesh();
    if (half > 0) {
      const paint = { colour: [1, 1, 1] as const };
      for (const [x, z] of [[-half, near], [half, near], [-half, far], [half, far]] as const) mesh.vertex([x, level, z], UP, 0, 0, paint);
      mesh.skin(0, 2, 2);
    }
    fill(this.#gl, this.#waterSheet, mesh, this.#gl.DYNAMIC_DRAW);
  }

  /** Strands become ribbons that face the camera and are never thinner than a pixel or so; faintness makes up for it. */
  #fillRibbons(picture: Picture, thinPx: number, view: View): void {
    const mesh = this.#ribbonMesh;
    mesh.clear();
    for (const strand of picture.strands) {
      if (thinPx === THIN_ID_PX && strand.id === 0) continue;
      const first = mesh.vertexCount;
      const last = strand.points.length - 1;
      strand.points.forEach((p, i) => {
        const t = i / last;
        const tangent = sub(strand.points[Math.min(last, i + 1)] ?? p, strand.points[Math.max(0, i - 1)] ?? p);
        const side = unit(cross(tangent, sub(view.eye, p)));
        const distance = Math.hypot(...sub(view.eye, p));
        const thick = strand.thick[0] + (strand.thick[1] - strand.thick[0]) * t;
        const wantedPx = (thick * view.focalPx) / distance;
        const half = ((Math.max(thinPx, wantedPx) / view.focalPx) * distance) / 2;
        const alpha = strand.alpha * Math.min(1, Math.pow(wantedPx / thinPx, 0.45));
        const [a, b] = strand.colour;
        const colour: Vec3 = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
        const paint = { colour, alpha, id: strand.id };
        mesh.vertex(addScaled(p, side, half), unit(add(UP, back(view, p))), 0, 0, paint);
        mesh.vertex(addScaled(p, side, -half), unit(add(UP, back(view, p))), 0, 0, paint);
      });
      mesh.skin(first, last + 1, 2);
    }
    fill(this.#gl, this.#ribbons, mesh, this.#gl.DYNAMIC_DRAW);
  }
}

const back = (view: View, p: Vec3): Vec3 => unit(sub(view.eye, p));

function link(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = must(gl.createShader(kind), "shader");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true) throw new Error(`shader: ${gl.getShaderInfoLog(shader) ?? ""}`);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) throw new Error(`shader link: ${gl.getProgramInfoLog(program) ?? ""}`);
  return program;
}

function buffers(gl: WebGL2RenderingContext): Buffers {
  const made: Buffers = { array: gl.createVertexArray(), vertices: gl.createBuffer(), indices: gl.createBuffer(), count: 0 };
  gl.bindVertexArray(made.array);
  gl.bindBuffer(gl.ARRAY_BUFFER, made.vertices);
  for (const [place, size, offset] of [[0, 3, 0], [1, 3, 3], [2, 2, 6], [3, 4, 8], [4, 2, 12]] as const) {
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, gl.FLOAT, false, VERTEX_SIZE * 4, offset * 4);
  }
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, made.indices);
  gl.bindVertexArray(null);
  return made;
}

function fill(gl: WebGL2RenderingContext, into: Buffers, mesh: Mesh, usage: number): void {
  gl.bindVertexArray(into.array);
  gl.bindBuffer(gl.ARRAY_BUFFER, into.vertices);
  gl.bufferData(gl.ARRAY_BUFFER, mesh.vertices.subarray(0, mesh.vertexCount * VERTEX_SIZE), usage);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, mesh.indices.subarray(0, mesh.indexCount), usage);
  gl.bindVertexArray(null);
  into.count = mesh.indexCount;
}

function target(gl: WebGL2RenderingContext, width: number, height: number, kind: "samples" | "colour" | "depth" | "shadow"): Target {
  const frame = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
  if (kind === "samples") {
    for (const [format, place] of [[gl.RGBA8, gl.COLOR_ATTACHMENT0], [gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT]] as const) {
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
  for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]] as const) gl.texParameteri(gl.TEXTURE_2D, name, value);
  if (kind === "depth") {
    const depth = gl.createRenderbuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT24, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, depth);
  }
  return { frame, texture };
}

/** Slopes in red and green, two heights in blue and alpha: waves, clouds and foam all come from it. */
function noiseTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const n = 256;
  const high = noiseField(n, 6, 6, randomOf("waves"));
  const other = noiseField(n, 12, 5, randomOf("foam"));
  const bytes = new Uint8Array(n * n * 4);
  for (let y = 0; y < n; y += 1) {
    for (let x = 0; x < n; x += 1) {
      const at = y * n + x;
      const dx = (high[y * n + ((x + 1) % n)] ?? 0) - (high[at] ?? 0);
      const dy = (high[((y + 1) % n) * n + x] ?? 0) - (high[at] ?? 0);
      bytes.set([128 + dx * 1400, 128 + dy * 1400, 128 + (high[at] ?? 0) * 150, 128 + (other[at] ?? 0) * 150].map((v) => Math.min(255, Math.max(0, v))), at * 4);
    }
  }
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, n, n, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
  return texture;
}

function invert(m: Mat4): Mat4 {
  const a = Array.from({ length: 4 }, (_, r) => Array.from({ length: 8 }, (_, c) => (c < 4 ? (m[c * 4 + r] ?? 0) : c - 4 === r ? 1 : 0)));
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
