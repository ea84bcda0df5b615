// Sets up what `npm start` and `npm test` need: packages and ffmpeg. Plain Node built-ins, instant when all is there.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const purpose = process.argv[2] ?? "run";
const root = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const stampFile = join(root, "node_modules", ".xueliang-setup");
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
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  say("installing npm packages (once, about a minute) …", "正在安装 npm 依赖(仅一次,约一分钟)……");
  rmSync(stampFile, { force: true });
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const [program, programArgs] = npm?.endsWith(".js") ? [process.execPath, [npm, ...args]] : ["npm", args];
  try {
    execFileSync(program, programArgs, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    say(
      "npm packages could not be installed; see the lines above. Check the network, then start again.",
      "npm 依赖安装失败,原因见上。请检查网络后重试。",
    );
    process.exit(69);
  }
  writeFileSync(stampFile, wanted);
}

/** The technician's page, out of its sources; a page that cannot be built is no reason to stop the box. */
function setUpPage() {
  const node = join(root, "node_modules", ".bin", "node");
  const build = [join(root, "gateway", "web", "page", "build.mjs"), "--if-changed"];
  const { status } = spawnSync(existsSync(node) ? node : process.execPath, build, { cwd: root, stdio: "inherit" });
  if (status !== 0) say("the page could not be built; see the lines above", "网页构建失败,原因见上");
}

function setUpFfmpeg() {
  if (has("ffmpeg") && has("ffprobe")) return;
  if (canApt) {
    say("installing ffmpeg …", "正在安装 ffmpeg……");
    if (apt(["ffmpeg"]) && has("ffmpeg")) return;
  }
  say(
    "ffmpeg is missing and could not be installed from here. Debian/Ubuntu: sudo apt install ffmpeg",
    "缺少 ffmpeg,且此处无法自动安装。Debian/Ubuntu:sudo apt install ffmpeg",
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
    ["a stream for many consumers", "/usr/sbin/nats-server", "", ["nats-server"]],
  ];
  for (const [what, path, otherPath, packages] of neighbours) {
    if (existsSync(path) || (otherPath && existsSync(otherPath)) || !canApt) continue;
    say(`installing ${what} for the tests …`, `正在为测试安装依赖(${packages[0]})……`);
    if (!apt(packages)) say(`${what} could not be installed; its tests will be skipped`, "安装失败,相关测试将跳过");
  }
}

setUpPackages();
setUpPage();
setUpFfmpeg();
if (purpose === "test") setUpNeighbours();
