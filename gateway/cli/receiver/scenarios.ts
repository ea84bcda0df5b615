/** Every scenario of `receiver check`, in the order in which they run. */
import type { Text } from "../../runtime/texts/fill.ts";
import * as door from "./scenarios-door.ts";
import * as delivery from "./scenarios-events.ts";
import * as evidence from "./scenarios-evidence.ts";
import type { World } from "./world.ts";

/** One scenario. */
export interface Scenario {
  readonly id: string;
  readonly about: Text;
  /** What the check must be able to do: kill the receiver, or ask it what it holds. */
  readonly needs?: "kill" | "list";
  /** Throws ScenarioFault. */
  readonly run: (world: World) => Promise<void>;
}

export const scenarios: readonly Scenario[] = [
  {
    id: "stranger",
    about: { en: "a key that nobody enrolled is refused", zh: "拒绝未登记的密钥" },
    run: door.strangerRefused,
  },
  { id: "signature", about: { en: "a wrong signature is refused", zh: "拒绝错误的签名" }, run: door.wrongSignature },
  { id: "theft", about: { en: "no box passes for another", zh: "设备不能冒充他人" }, run: door.identityTheft },
  {
    id: "early",
    about: { en: "nothing is taken before AUTH", zh: "认证前不接收任何内容" },
    run: door.eventsBeforeAuth,
  },
  {
    id: "storm",
    about: { en: "500 events at once, each once", zh: "500 条事件连续到达，各存一次" },
    run: delivery.storm,
  },
  {
    id: "repeated",
    about: { en: "numbers that come again are acknowledged and not stored again", zh: "重复的序号：确认但不重复存储" },
    run: delivery.repeatedNumbers,
  },
  {
    id: "renumbered",
    about: { en: "events under a new epoch are recognised by their ids", zh: "新纪元下按标识识别旧事件" },
    needs: "list",
    run: delivery.renumbered,
  },
  {
    id: "ahead",
    about: { en: "a missing number is not passed over", zh: "不跳过缺失的序号" },
    run: delivery.tooFarAhead,
  },
  {
    id: "poison",
    about: { en: "what is no event does not stop a lane", zh: "无效内容不阻塞通道" },
    run: delivery.poison,
  },
  {
    id: "gap",
    about: { en: "numbers that a box gives up do not stop its lane", zh: "设备放弃的序号不阻塞通道" },
    run: delivery.gaps,
  },
  {
    id: "future",
    about: { en: "unknown fields and types are kept", zh: "保留未知字段与类型" },
    run: delivery.fromTheFuture,
  },
  { id: "clock", about: { en: "clocks that jump change nothing", zh: "时钟跳变不影响接收" }, run: delivery.clockJumps },
  { id: "beat", about: { en: "beats are answered with the time", zh: "心跳应答带时间" }, run: delivery.beats },
  {
    id: "malformed",
    about: { en: "malformed messages of one box disturb no other", zh: "异常报文不影响其他设备" },
    run: door.malformedFrames,
  },
  {
    id: "picture",
    about: { en: "a picture arrives whole and is known afterwards", zh: "图片完整到达，再次提供时已知" },
    run: evidence.wholePicture,
  },
  {
    id: "resumed",
    about: { en: "a picture goes on where the line was cut", zh: "图片断点续传" },
    run: evidence.resumedPicture,
  },
  {
    id: "forged",
    about: { en: "a picture that does not fit its digest is refused", zh: "拒绝与摘要不符的图片" },
    run: evidence.forgedPicture,
  },
  { id: "huge", about: { en: "8 MiB of evidence", zh: "8 MiB 的证据" }, run: evidence.hugePicture },
  {
    id: "kill-after",
    about: { en: "what was acknowledged survives kill -9", zh: "已确认的事件在 kill -9 后仍在" },
    needs: "kill",
    run: delivery.killedAfterAck,
  },
  {
    id: "kill-before",
    about: { en: "kill -9 before the acknowledgement: each event once", zh: "确认前 kill -9:各存一次" },
    needs: "kill",
    run: delivery.killedBeforeAck,
  },
];
