/** The shading programs: objects, water, sky, ids, shadows and the camera's own faults of picture. Colours are squared to become light. */

const HEAD = `#version 300 es
precision highp float;
precision highp sampler2DArray;
precision highp sampler2DShadow;
`;

const AIR = `
uniform vec3 uEye, uSunDir, uSunColour, uZenith, uHorizon, uHaze, uAmbient, uBounce, uLamp, uLampColour;
uniform float uFog, uExposure, uCloud, uTime, uLampRange, uLevel, uInfrared;
uniform sampler2D uNoise;
vec3 skyColour(vec3 d) {
  float h = max(d.y, 0.0);
  vec3 c = mix(uHorizon, uZenith, pow(h, 0.45));
  vec2 p = d.xz / (h + 0.12);
  float n = texture(uNoise, p * 0.045 + uTime * 0.0004).b * 0.65 + texture(uNoise, p * 0.17 + 0.3).a * 0.35;
  float cloud = smoothstep(1.0 - uCloud, 1.35 - uCloud, n) * smoothstep(0.0, 0.12, h);
  c = mix(c, mix(uHorizon * 1.1, uSunColour * 0.5 + uZenith * 0.5, n * 0.6), cloud * 0.8);
  float s = max(dot(d, uSunDir), 0.0);
  return c + uSunColour * (pow(s, 500.0) * 3.0 + pow(s, 24.0) * 0.12);
}
vec3 throughAir(vec3 c, vec3 p) {
  float d = length(p - uEye) * uFog;
  return mix(uHaze, c, exp(-d * sqrt(d + 0.05)));
}
vec3 lampAt(vec3 p, vec3 n) {
  vec3 to = uLamp - p;
  float d = length(to);
  return uLampColour * (0.25 + 0.75 * max(dot(n, to / d), 0.0)) / (1.0 + (d * d) / (uLampRange * uLampRange));
}
vec4 finish(vec3 c, float a) { c *= uExposure; c = c / (1.0 + 0.12 * c); return vec4(sqrt(max(c, 0.0)), a); }
`;

/** Vertices of everything solid. */
export const OBJECT_VERTEX = `${HEAD}
layout(location=0) in vec3 aPos; layout(location=1) in vec3 aNormal; layout(location=2) in vec2 aUv; layout(location=3) in vec4 aColour; layout(location=4) in vec2 aLayerId;
uniform mat4 uView, uShadowView; uniform float uTime, uWind;
out vec3 vPos, vNormal, vUv, vShadow; out vec4 vColour; flat out float vId;
vec3 swayed() {
  // Only what nobody has to find sways: cards from their foot, clusters of leaves as a whole.
  float card = step(4.5, aLayerId.x) * step(aLayerId.x, 6.5) * 0.4 + step(13.5, aLayerId.x) * step(aLayerId.x, 14.5);
  float leaf = step(15.5, aLayerId.x) * step(aLayerId.x, 16.5) * 0.5;
  float much = uWind * (card * (1.0 - aUv.y) + leaf) * step(aLayerId.y, 0.5);
  float gust = 0.6 + 0.4 * sin(uTime * 0.37 - aPos.x * 0.11 + aPos.z * 0.07);
  float swing = sin(uTime * 2.1 - aPos.x * 1.3 + aPos.z * 0.9) + 0.45 * sin(uTime * 4.7 - aPos.x * 3.1 - aPos.z * 2.3);
  return aPos + much * gust * vec3(0.35 + swing * 0.5, -0.12 * abs(swing), 0.3 * sin(uTime * 1.7 + aPos.x * 2.0));
}
void main() {
  vec3 at = uWind > 0.0 ? swayed() : aPos;
  vPos = at; vNormal = aNormal; vUv = vec3(aUv, aLayerId.x); vColour = aColour; vId = aLayerId.y;
  vShadow = (uShadowView * vec4(at + aNormal * 0.03, 1.0)).xyz * 0.5 + 0.5;
  gl_Position = uView * vec4(at, 1.0);
}`;

/** Light, shadow, wetness and haze on everything solid. */
export const OBJECT_FRAGMENT = `${HEAD}
uniform sampler2DArray uTex; uniform sampler2DShadow uShadow; uniform float uClip, uShade, uGlow;
in vec3 vPos, vNormal, vUv, vShadow; in vec4 vColour; out vec4 outColour;
${AIR}
void main() {
  if (vPos.y < uClip) discard;
  vec4 t = texture(uTex, vUv);
  if (t.a < 0.3) discard;
  vec3 albedo = t.rgb * vColour.rgb;
  if (uInfrared > 0.0) albedo = vec3(dot(albedo, vec3(0.3, 0.5, 0.2)) * 0.75 + 0.12 * step(albedo.b, albedo.g) + 0.06);
  albedo *= albedo;
  albedo *= mix(0.4, 1.0, smoothstep(uLevel + 0.03, uLevel + 0.22 + 0.1 * t.g, vPos.y));
  vec3 n = normalize(vNormal);
  if (dot(n, uEye - vPos) < 0.0) n = -n;
  float lit = 1.0;
  if (uShade > 0.5 && all(greaterThan(vShadow, vec3(0.0))) && all(lessThan(vShadow, vec3(1.0)))) lit = texture(uShadow, vec3(vShadow.xy, vShadow.z - 0.0015));
  vec3 light = mix(uBounce, uAmbient, n.y * 0.5 + 0.5) + uSunColour * max(dot(n, uSunDir), 0.0) * lit + lampAt(vPos, n);
  vec3 c = albedo * light;
  if (vColour.a > 1.5) c += albedo * 2.0;
  if (uGlow > 0.0 && vUv.z > 6.5 && vUv.z < 8.5 && t.r < 0.55) { float h = fract(sin(dot(floor(vUv.xy * 8.0), vec2(12.99, 78.2))) * 437.5); if (h > 0.55) c += vec3(1.0, 0.75, 0.4) * uGlow * h; }
  outColour = finish(throughAir(c, vPos), min(vColour.a, 1.0));
}`;

/** Object numbers instead of colours. */
export const ID_FRAGMENT = `${HEAD}
uniform sampler2DArray uTex; in vec3 vUv; flat in float vId; in vec4 vColour; out vec4 outColour;
void main() {
  if (texture(uTex, vUv).a < 0.3) discard;
  outColour = vec4(mod(vId, 256.0) / 255.0, floor(vId / 256.0) / 255.0, 0.0, 1.0);
}`;

/** What throws a shadow. */
export const SHADOW_FRAGMENT = `${HEAD}
uniform sampler2DArray uTex; in vec3 vUv; in vec4 vColour; out vec4 outColour;
void main() { if (texture(uTex, vUv).a < 0.3 || vColour.a < 0.6) discard; outColour = vec4(1.0); }`;

/** The water sheet. */
export const WATER_VERTEX = `${HEAD}
layout(location=0) in vec3 aPos; uniform mat4 uView; out vec3 vPos;
void main() { vPos = aPos; gl_Position = uView * vec4(aPos, 1.0); }`;

/** Water in the id picture. */
export const WATER_ID_FRAGMENT = `${HEAD}
out vec4 outColour; void main() { outColour = vec4(0.0, 0.0, 1.0, 1.0); }`;

/** Ripples, mirror image, body colour, glint, foam and rings of rain. */
export const WATER_FRAGMENT = `${HEAD}
uniform sampler2D uMirror; uniform vec2 uSize, uFlow; uniform vec3 uBody;
uniform float uRipple, uRippleScale, uShine, uGloss, uFoam, uFoamScale, uRain, uMurk; uniform vec4 uWeir;
in vec3 vPos; out vec4 outColour;
${AIR}
void main() {
  vec2 p = vPos.xz * uRippleScale;
  vec2 f = uFlow * uTime;
  vec4 a = texture(uNoise, (p - f) * 0.11 + vec2(uTime * 0.011, uTime * 0.017));
  vec4 b = texture(uNoise, (p.yx - f.yx) * 0.37 + vec2(-uTime * 0.021, uTime * 0.015));
  vec4 c = texture(uNoise, (p - f) * 1.31 + vec2(uTime * 0.05, -uTime * 0.043));
  vec2 slope = ((a.rg - 0.5) * 0.9 + (b.rg - 0.5) + (c.rg - 0.5) * 0.8) * uRipple;
  if (uRain > 0.0) { vec4 r = texture(uNoise, vPos.xz * 1.7 + floor(uTime * 12.0) * vec2(0.37, 0.61)); slope += (r.rg - 0.5) * uRain * smoothstep(0.5, 0.9, r.a + 0.25); }
  vec3 n = normalize(vec3(slope.x, 1.0, slope.y));
  vec3 v = normalize(uEye - vPos);
  float low = 1.0 - max(dot(n, v), 0.0) * 0.6 - v.y * 0.4;
  float fresnel = 0.025 + 0.9 * low * low * low * low * low;
  vec2 uv = gl_FragCoord.xy / uSize + slope * vec2(0.06, 0.11);
  float smear = 0.004 + 0.03 * uRipple;
  vec3 m = (texture(uMirror, uv + vec2(0.0, smear)).rgb + texture(uMirror, uv - vec2(0.0, smear)).rgb) * 0.5;
  m = m * m / uExposure;
  float murk = a.b;
  vec3 body = uBody * uBody * (uAmbient * 0.9 + uSunColour * max(uSunDir.y, 0.0) * 0.5 + lampAt(vPos, vec3(0.0, 1.0, 0.0)) * 0.5) * (1.0 + uMurk * (murk - 0.5)) * (1.0 + 0.8 * slope.x);
  vec3 colour = mix(body, m, clamp(fresnel, 0.0, 1.0));
  vec3 half_ = normalize(v + uSunDir);
  vec3 sharp = normalize(vec3(slope.x * 1.6, 1.0, slope.y * 1.6));
  colour += uSunColour * uShine * pow(max(dot(sharp, half_), 0.0), uGloss);
  if (uLampColour.g > 0.0) colour += uLampColour * 0.3 * pow(max(dot(sharp, normalize(v + normalize(uLamp - vPos))), 0.0), 200.0) / (1.0 + dot(uLamp - vPos, uLamp - vPos) / (uLampRange * uLampRange * 4.0));
  float near = uFoam;
  if (uWeir.w > 0.0) { float d = (vPos.x - uWeir.x) / uWeir.y; near = max(near, uWeir.w * clamp(1.2 - abs(d), 0.0, 1.0) * smoothstep(-uWeir.z, 0.0, -abs(d) * 0.1)); }
  if (near > 0.0) {
    float bubbles = texture(uNoise, (vPos.xz - f) * 0.07 * uFoamScale).b * 0.5 + texture(uNoise, (vPos.zx - f.yx) * 0.31 * uFoamScale + 0.4).a * 0.3 + texture(uNoise, (vPos.xz - f) * 1.1 * uFoamScale).b * 0.2;
    float foam = smoothstep(0.92 - near * 0.7, 1.02 - near * 0.6, bubbles + 0.14);
    colour = mix(colour, vec3(0.75) * (uAmbient + uSunColour * 0.5 + lampAt(vPos, vec3(0.0, 1.0, 0.0))), foam * 0.85);
  }
  outColour = finish(throughAir(colour, vPos), 1.0);
}`;

/** One triangle over the whole picture. */
export const SKY_VERTEX = `${HEAD}
const vec2 corners[3] = vec2[3](vec2(-1.0, -1.0), vec2(3.0, -1.0), vec2(-1.0, 3.0));
out vec2 vAt; void main() { vAt = corners[gl_VertexID]; gl_Position = vec4(vAt, 0.99999, 1.0); }`;

/** Sky and clouds. */
export const SKY_FRAGMENT = `${HEAD}
uniform mat4 uInverse; in vec2 vAt; out vec4 outColour;
${AIR}
void main() {
  vec4 far = uInverse * vec4(vAt, 1.0, 1.0);
  vec3 d = normalize(far.xyz / far.w - uEye);
  d.y = abs(d.y);
  outColour = finish(mix(skyColour(d), uHaze, clamp(uFog * 60.0 * (1.0 - d.y * 2.0), 0.0, 1.0)), 1.0);
}`;

/** One pass of a lens out of focus. */
export const BLUR_FRAGMENT = `${HEAD}
uniform sampler2D uPicture; uniform vec2 uStep; in vec2 vAt; out vec4 outColour;
void main() {
  vec2 uv = vAt * 0.5 + 0.5;
  vec3 c = texture(uPicture, uv).rgb * 0.294 + (texture(uPicture, uv + uStep).rgb + texture(uPicture, uv - uStep).rgb) * 0.235 + (texture(uPicture, uv + uStep * 2.0).rgb + texture(uPicture, uv - uStep * 2.0).rgb) * 0.118;
  outColour = vec4(c, 1.0);
}`;

/** Softness, sharpening, cast, vignette, cover and noise of the camera. */
export const LENS_FRAGMENT = `${HEAD}
uniform sampler2D uPicture; uniform vec2 uSize, uMotion; uniform vec4 uCover; uniform vec3 uTint, uCoverColour;
uniform float uSoft, uSharpen, uNoiseAmount, uChroma, uVignette, uContrast, uBrightness, uSaturation, uGrey, uSeed, uGrain, uBend;
in vec2 vAt; out vec4 outColour;
uint mixBits(uint x) { x ^= x >> 16; x *= 0x7feb352du; x ^= x >> 15; x *= 0x846ca68bu; x ^= x >> 16; return x; }
void main() {
  vec2 off = vAt * uSize / length(uSize);
  vec2 uv = (uBend == 0.0 ? vAt : vAt * (1.0 + uBend * dot(off, off)) / (1.0 + max(uBend, 0.0))) * 0.5 + 0.5;
  vec2 px = 1.0 / uSize;
  vec3 centre = texture(uPicture, uv).rgb;
  if (dot(uMotion, uMotion) > 0.01) { vec3 sum = centre; for (int i = -3; i <= 3; i++) { if (i != 0) sum += texture(uPicture, uv + uMotion * px * float(i) / 6.0).rgb; } centre = sum / 7.0; }
  vec2 s = px * uSoft;
  vec3 around = (texture(uPicture, uv + vec2(s.x, s.y)).rgb + texture(uPicture, uv + vec2(-s.x, s.y)).rgb + texture(uPicture, uv + vec2(s.x, -s.y)).rgb + texture(uPicture, uv - s).rgb) * 0.25;
  vec3 c = mix(centre, around, 0.45) + (centre - around) * uSharpen;
  float luma = dot(c, vec3(0.299, 0.587, 0.114));
  c = mix(vec3(luma), c, uSaturation * (1.0 - uGrey));
  c = (c - 0.5) * uContrast + 0.5 + uBrightness;
  c *= uTint;
  c *= 1.0 - uVignette * dot(vAt * 0.72, vAt * 0.72);
  if (uCover.w > 0.0) { float d = length((vAt - uCover.xy) * vec2(1.0, 0.7)) - uCover.z; c = mix(c, uCoverColour * (0.85 + 0.3 * uv.y), uCover.w * smoothstep(0.12, -0.12, d)); }
  uvec2 at = uvec2(gl_FragCoord.xy / uGrain);
  uint h = mixBits(at.x + at.y * 4099u + uint(uSeed) * 7919u);
  float g = float(h & 0xffffu) / 65536.0 + float(h >> 16) / 65536.0 - 1.0;
  uint k = mixBits(h + 17u);
  vec2 tinted = vec2(float(k & 0xffffu), float(k >> 16)) / 65536.0 - 0.5;
  float dark = 1.35 - luma * 0.7;
  c += g * uNoiseAmount * dark + vec3(tinted.x, -0.3 * (tinted.x + tinted.y), tinted.y) * uChroma * (1.0 - uGrey) * dark;
  outColour = vec4(c, 1.0);
}`;
