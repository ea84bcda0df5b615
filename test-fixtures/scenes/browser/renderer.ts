/** Draws a scene with WebGL 2: shadow map, mirror image, picture, object ids and the camera's lens, in this order. */
import * as shaders from "../shaders.ts";
import {
  applySettings,
  buffers,
  fill,
  invert,
  link,
  must,
  noiseTexture,
  SHADOW_SIZE,
  target,
  type Buffers,
  type Program,
  type Target,
} from "./gl.ts";
import { addRibbons, THIN_ID_PX, THIN_PX } from "./ribbons.ts";
import { placesOf, viewProjectionOf, type Place } from "../camera.ts";
import { unpackIds } from "./ids.ts";
import { Mesh } from "../mesh.ts";
import { windOf, type Picture, type Settings } from "../picture.ts";
import { LAYER_COUNT, TEXTURE_SIZE } from "../textures.ts";
import { addScaled, lookAt, multiply, orthographic, UP, type Mat4, type Vec3 } from "../vector.ts";

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
  #viewProjection: Mat4 = new Float32Array(16);
  /** Where the last picture shows points of its scene. */
  place: Place = () => ({ x: 0, y: 0, w: 0 });

  constructor(canvas: OffscreenCanvas) {
    const gl = must(
      canvas.getContext("webgl2", { antialias: false, alpha: false, preserveDrawingBuffer: true }),
      "context",
    );
    this.#gl = gl;
    this.width = canvas.width;
    this.height = canvas.height;
    const p = (vertex: string, fragment: string): Program => ({
      handle: link(gl, vertex, fragment),
      places: new Map(),
    });
    this.#programs = {
      object: p(shaders.OBJECT_VERTEX, shaders.OBJECT_FRAGMENT), id: p(shaders.OBJECT_VERTEX, shaders.ID_FRAGMENT), shadow: p(shaders.OBJECT_VERTEX, shaders.SHADOW_FRAGMENT),
      water: p(shaders.WATER_VERTEX, shaders.WATER_FRAGMENT), waterId: p(shaders.WATER_VERTEX, shaders.WATER_ID_FRAGMENT), sky: p(shaders.SKY_VERTEX, shaders.SKY_FRAGMENT),
      lens: p(shaders.SKY_VERTEX, shaders.LENS_FRAGMENT), blur: p(shaders.SKY_VERTEX, shaders.BLUR_FRAGMENT),
    }; // prettier-ignore
    [this.#still, this.#far, this.#moving, this.#ribbons, this.#waterSheet] = [
      buffers(gl),
      buffers(gl),
      buffers(gl),
      buffers(gl),
      buffers(gl),
    ];
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
    gl.texImage3D(
      gl.TEXTURE_2D_ARRAY,
      0,
      gl.RGBA8,
      TEXTURE_SIZE,
      TEXTURE_SIZE,
      LAYER_COUNT,
      0,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      textures,
    );
    gl.generateMipmap(gl.TEXTURE_2D_ARRAY);
    gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
    fill(gl, this.#still, still, gl.STATIC_DRAW);
    fill(gl, this.#far, far, gl.STATIC_DRAW);
    this.#extent = waterExtent;
  }
  #extent: readonly [number, number, number] = [0, 0, 0];

  #use(program: Program, settings: Settings): void {
    applySettings(this.#gl, program, settings);
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
    this.#viewProjection = viewProjectionOf(view);
    this.place = placesOf(view);
    const mirror = Float32Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 2 * picture.levelY, 0, 1);
    const mirrored = multiply(this.#viewProjection, mirror);
    const shadowView = multiply(
      orthographic(26, 1, 160),
      lookAt(
        addScaled(picture.focus, picture.sunDir, 80),
        picture.focus,
        Math.abs(picture.sunDir[1]) > 0.95 ? [1, 0, 0] : UP,
      ),
    );
    fill(gl, this.#moving, picture.moving, gl.DYNAMIC_DRAW);
    this.#fillWater(picture.levelY);
    this.#bind(0, gl.TEXTURE_2D_ARRAY, this.#textures);
    this.#bind(2, gl.TEXTURE_2D, this.#noise);
    this.#drawShadows(picture, shadowView);
    const air: Settings = { ...picture.air, uEye: view.eye, uSunDir: picture.sunDir, uLevel: picture.levelY };
    const eyeBelow: Vec3 = [view.eye[0], 2 * picture.levelY - view.eye[1], view.eye[2]];
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#mirror.frame);
    gl.viewport(0, 0, this.width / 2, this.height / 2);
    this.#fillRibbons(picture, THIN_PX * 2);
    this.#drawWorld({ ...air, uEye: eyeBelow }, mirrored, shadowView, picture.levelY - 0.02, false);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#samples.frame);
    gl.viewport(0, 0, this.width, this.height);
    this.#fillRibbons(picture, THIN_PX);
    this.#bind(3, gl.TEXTURE_2D, this.#mirror.texture);
    this.#drawWorld(air, this.#viewProjection, shadowView, -1e9, picture.shadows, {
      ...picture.water,
      uSize: [this.width, this.height],
    });
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.#samples.frame);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, this.#picture.frame);
    gl.blitFramebuffer(0, 0, this.width, this.height, 0, 0, this.width, this.height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    this.#defocus(picture.defocus);
    this.#develop({ ...picture.lens, uBend: view.bend });
    this.#fillRibbons(picture, THIN_ID_PX);
    this.#drawIds(picture);
  }

  #drawShadows(picture: Picture, shadowView: Mat4): void {
    const gl = this.#gl;
    this.#bind(1, gl.TEXTURE_2D, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#shadow.frame);
    gl.viewport(0, 0, SHADOW_SIZE, SHADOW_SIZE);
    gl.enable(gl.DEPTH_TEST);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    if (picture.shadows) {
      const uView = [...shadowView];
      this.#use(this.#programs.shadow, { uView, uShadowView: uView, ...windOf(picture.air) });
      gl.enable(gl.POLYGON_OFFSET_FILL);
      gl.polygonOffset(2, 4);
      this.#draw(this.#still, this.#moving);
      gl.disable(gl.POLYGON_OFFSET_FILL);
    }
    this.#bind(1, gl.TEXTURE_2D, this.#shadow.texture);
  }

  #drawWorld(
    air: Settings,
    viewProjection: Mat4,
    shadowView: Mat4,
    clip: number,
    shadows: boolean,
    water?: Settings,
  ): void {
    const gl = this.#gl;
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST);
    this.#use(this.#programs.object, {
      ...air,
      uView: [...viewProjection],
      uShadowView: [...shadowView],
      uClip: clip,
      uShade: shadows ? 1 : 0,
    });
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
      for (const [from, to, step] of [
        [this.#picture, this.#soft, [wide / this.width, 0]],
        [this.#soft, this.#picture, [0, wide / this.height]],
      ] as const) {
        this.#bind(4, gl.TEXTURE_2D, from.texture);
        gl.bindFramebuffer(gl.FRAMEBUFFER, to.frame);
        this.#use(this.#programs.blur, { uStep: step });
        gl.drawArrays(gl.TRIANGLES, 0, 3);
      }
    }
    this.#bind(4, gl.TEXTURE_2D, null);
  }

  /** Passes the scene last drawn through the lens. */
  #develop(lens: Settings): void {
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

  #drawIds({ view, air }: Picture): void {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#ids.frame);
    gl.viewport(0, 0, this.width, this.height);
    gl.enable(gl.DEPTH_TEST);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.#use(this.#programs.id, { uView: [...this.#viewProjection], ...windOf(air) });
    this.#draw(this.#still, this.#far, this.#moving);
    this.#use(this.#programs.waterId, { uView: [...this.#viewProjection] });
    this.#draw(this.#waterSheet);
    this.#use(this.#programs.id, {});
    this.#draw(this.#ribbons);
    gl.readPixels(0, 0, this.width, this.height, gl.RGBA, gl.UNSIGNED_BYTE, this.#idBytes);
    unpackIds(this.#idBytes, this.ids, this.width, view.bend);
  }

  #fillWater(level: number): void {
    const [half, near, far] = this.#extent;
    const mesh = new Mesh();
    if (half > 0) {
      const paint = { colour: [1, 1, 1] as const };
      for (const [x, z] of [
        [-half, near],
        [half, near],
        [-half, far],
        [half, far],
      ] as const)
        mesh.vertex([x, level, z], UP, 0, 0, paint);
      mesh.skin(0, 2, 2);
    }
    fill(this.#gl, this.#waterSheet, mesh, this.#gl.DYNAMIC_DRAW);
  }

  #fillRibbons(picture: Picture, thinPx: number): void {
    this.#ribbonMesh.clear();
    addRibbons(this.#ribbonMesh, picture, thinPx);
    fill(this.#gl, this.#ribbons, this.#ribbonMesh, this.#gl.DYNAMIC_DRAW);
  }
}
