// Sets up what `npm start` and `npm test` need: packages and ffmpeg. Plain Node built-ins, instant when all is there.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const purpose = process.argv[2] ?? "run";
const root = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const arm64 = process.arch === "arm64";
const zh = (process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || "").toLowerCase().startsWith("zh");

/** Says one line of progress, in the reader's language. */
function say(english, chinese) {
  console.error(`setup: ${zh ? chinese : english}`);
}

/** Whether a program stands on the PATH. */
function has(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

const canApt = process.platform === "linux" && process.getuid?.() === 0 && has("apt-get");

/** Installs Debian packages; false when that was not possible. */
function apt(packages) {
  const options = { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const install = () => spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], options);
  if (install().status === 0) return true;
  spawnSync("apt-get", ["update", "-qq"], options);
  return install().status === 0;
}

/** The packages of the lock file; no package runs a script of its own, so nothing is compiled or fetched elsewhere. */
function setUpPackages() {
  const installing = ["installing npm packages (once, about a minute) …", "正在安装 npm 依赖（仅一次，约一分钟）……"];
  if (installed(root, [], installing)) return;
  say(
    "npm packages could not be installed; see the lines above. Check the network, then start again.",
    "npm 依赖安装失败，原因见上。请检查网络后重试。",
  );
  process.exit(69);
}

/** Whether `folder` has the packages of the lock file; installs them where it has not. */
function installed(folder, more, installing) {
  const stampFile = join(folder, "node_modules", ".xueliang-setup");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return true;
  say(...installing);
  rmSync(stampFile, { force: true });
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...more];
  const [program, programArgs] = npm?.endsWith(".js") ? [process.execPath, [npm, ...args]] : ["npm", args];
  try {
    execFileSync(program, programArgs, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    return false;
  }
  writeFileSync(stampFile, wanted);
  return true;
}

/** What a box has in its node_modules, for the tests that run the arm64 binaries under emulation. */
function setUpArm64() {
  if (arm64 || process.platform !== "linux" || !existsSync("/usr/bin/qemu-aarch64-static")) return;
  const folder = join(root, "var", "arm64");
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json", ".npmrc"])
    copyFileSync(join(root, name), join(folder, name));
  const box = ["--omit=dev", "--os=linux", "--cpu=arm64", "--libc=glibc"];
  const installing = ["fetching the arm64 packages for the tests …", "正在为测试获取 arm64 依赖……"];
  if (!installed(folder, box, installing))
    say("they could not be fetched; their tests will be skipped", "获取失败，相关测试将跳过");
}

/** The technician's page, out of its sources; a page that cannot be built is no reason to stop the box. */
function setUpPage() {
  const node = join(root, "node_modules", ".bin", "node");
  const build = [join(root, "gateway", "web", "page", "build.mjs"), "--if-changed"];
  const { status } = spawnSync(existsSync(node) ? node : process.execPath, build, { cwd: root, stdio: "inherit" });
  if (status !== 0) say("the page could not be built; see the lines above", "网页构建失败，原因见上");
}

function setUpFfmpeg() {
  if (has("ffmpeg") && has("ffprobe")) return;
  if (canApt) {
    say("installing ffmpeg …", "正在安装 ffmpeg……");
    if (apt(["ffmpeg"]) && has("ffmpeg")) return;
  }
  say(
    "ffmpeg is missing and could not be installed from here. Debian/Ubuntu: sudo apt install ffmpeg",
    "缺少 ffmpeg，且此处无法自动安装。Debian/Ubuntu：sudo apt install ffmpeg",
  );
  process.exit(69);
}

/** Neighbours that tests talk to where they can be had; without them those tests are skipped, visibly. */
function setUpNeighbours() {
  const neighbours = [
    [
      "a third-party RTSP server",
      "/usr/lib/x86_64-linux-gnu/girepository-1.0/GstRtspServer-1.0.typelib",
      "/usr/lib/aarch64-linux-gnu/girepository-1.0/GstRtspServer-1.0.typelib",
      [
        "python3-gi",
        "gir1.2-gst-rtsp-server-1.0",
        "gstreamer1.0-plugins-base",
        "gstreamer1.0-plugins-good",
        "gstreamer1.0-plugins-bad",
        "gstreamer1.0-plugins-ugly",
        "gstreamer1.0-libav",
      ],
    ],
    ["a browser", "/usr/bin/chromium", "", ["chromium", "fonts-noto-cjk"]],
    [
      "a receiver in another language",
      "/usr/lib/python3/dist-packages/zmq/__init__.py",
      "",
      ["python3-zmq", "python3-cryptography"],
    ],
    ["a database for many receivers", "/usr/lib/postgresql", "", ["postgresql"]],
    ["a compiler, for disks that fail", "/usr/bin/cc", "", ["gcc", "libc6-dev"]],
    ["a stream for many consumers", "/usr/sbin/nats-server", "", ["nats-server"]],
    ["an emulated arm64 box", "/usr/bin/qemu-aarch64-static", arm64 ? "/" : "", ["qemu-user-static"]],
    [
      "an emulated arm64 box",
      "/usr/aarch64-linux-gnu/lib/libstdc++.so.6",
      arm64 ? "/" : "",
      ["libstdc++6-arm64-cross"],
    ],
  ];
  for (const [what, path, otherPath, packages] of neighbours) {
    if (existsSync(path) || (otherPath && existsSync(otherPath)) || !canApt) continue;
    say(`installing ${what} for the tests …`, `正在为测试安装依赖（${packages[0]}）……`);
    if (!apt(packages)) say(`${what} could not be installed; its tests will be skipped`, "安装失败，相关测试将跳过");
  }
}

setUpPackages();
setUpPage();
setUpFfmpeg();
if (purpose === "test") {
  setUpNeighbours();
  setUpArm64();
}
