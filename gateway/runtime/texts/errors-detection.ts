/** Error texts of models and the detector process. */
import type { ErrorText } from "./error-text.ts";

export const detectionErrors = {
  MODEL_MISSING: {
    retry: "never",
    exit: 30,
    en: [
      "there is no model package {model} ({path})",
      "Put the package into models/{model} or name another model in config/gateway.yaml.",
    ],
    zh: [
      "没有名为 {model} 的模型包（{path}）",
      "请把模型包放入 models/{model}，或在 config/gateway.yaml 中改用其他模型。",
    ],
  },
  MODEL_MANIFEST: {
    retry: "never",
    exit: 30,
    en: [
      "model {model}: {file} cannot be used: {detail}",
      "Correct that line of {file}; models/README.md explains every key.",
    ],
    zh: ["模型 {model}：{file} 无法使用：{detail}", "请更正 {file} 中的该项；各键的含义见 models/README.md。"],
  },
  MODEL_CHECKSUM: {
    retry: "never",
    exit: 30,
    en: [
      "the file of model {model} is not the one its manifest names (sha256 differs: {detail})",
      "Copy the package again; if the file was replaced on purpose, write its new sha256 into model.yaml.",
    ],
    zh: [
      "模型 {model} 的文件与清单不符（sha256 不一致：{detail}）",
      "请重新复制模型包；如确属有意更换，请把新的 sha256 写入 model.yaml。",
    ],
  },
  MODEL_TOO_LARGE: {
    retry: "never",
    exit: 30,
    en: [
      "the file of model {model} has {megabytes} MB; at most {most} MB are allowed",
      "Export a smaller model, for example one for edge devices.",
    ],
    zh: ["模型 {model} 的文件为 {megabytes} MB，超过上限 {most} MB", "请导出更小的模型，例如面向边缘设备的版本。"],
  },
  MODEL_TRUNCATED: {
    retry: "never",
    exit: 30,
    en: [
      "the file of model {model} is damaged or no ONNX model ({detail})",
      "Copy or export the file again and compare its size with the original.",
    ],
    zh: ["模型 {model} 的文件已损坏或不是 ONNX 模型（{detail}）", "请重新复制或导出该文件，并与原文件核对大小。"],
  },
  MODEL_EXTERNAL_DATA: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} keeps its weights in other files ({detail}); that is refused",
      "Export it as one file: onnx.save(model, path, save_as_external_data=False).",
    ],
    zh: [
      "模型 {model} 把权重放在其他文件中（{detail}），已拒绝加载",
      "请导出为单个文件：`onnx.save(model, path, save_as_external_data=False)`。",
    ],
  },
  MODEL_OPERATORS: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} needs operators that do not belong to ONNX ({detail})",
      "Export it with standard operators only, without custom or vendor domains.",
    ],
    zh: ["模型 {model} 使用了 ONNX 标准以外的算子（{detail}）", "请仅用标准算子导出，不使用自定义或厂商算子域。"],
  },
  MODEL_CONFLICT: {
    retry: "never",
    exit: 30,
    en: [
      "model {model}: {key} is {first} by its {firstFrom} but {second} by its {secondFrom}",
      "Find out which is true (run `xueliang model inspect` on the file) and correct the other.",
    ],
    zh: [
      "模型 {model} 的 {key} 前后矛盾：{firstFrom} 为 {first}，{secondFrom} 为 {second}",
      "请核实哪一个正确（可用 `xueliang model inspect` 查看该文件），并更正另一个。",
    ],
  },
  MODEL_UNKNOWN: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} does not say its {key} ({detail})",
      "Write {key} into model.yaml; models/README.md shows how for each family of models.",
    ],
    zh: [
      "无法得知模型 {model} 的 {key}（{detail}）",
      "请在 model.yaml 中写明 {key}；各类模型的写法见 models/README.md。",
    ],
  },
  MODEL_SHAPE: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} does not give what its manifest promises: {detail}",
      "Compare head, labels and input of model.yaml with `xueliang model inspect`.",
    ],
    zh: [
      "模型 {model} 的输出与清单不符：{detail}",
      "请用 `xueliang model inspect` 核对 model.yaml 中的 head、labels 与 input。",
    ],
  },
  DETECTOR_DIED: {
    retry: "backoff",
    exit: 70,
    en: [
      "the detector process of {model} died ({detail}); a new one is being started",
      "Nothing to do if it happens once. If it repeats: check free memory and `dmesg` for killed processes.",
    ],
    zh: [
      "模型 {model} 的检测进程意外退出（{detail}），正在重新启动",
      "偶发无需处理；若反复出现，请检查可用内存，并用 `dmesg` 查看是否有进程被杀。",
    ],
  },
  DETECTOR_TIMEOUT: {
    retry: "backoff",
    exit: 70,
    en: [
      "the detector process of {model} gave no answer for {seconds} s; it is being replaced",
      "The box is too busy or the model too large: lower camera rates, choose a smaller model, or raise detector.timeoutSec.",
    ],
    zh: [
      "模型 {model} 的检测进程 {seconds} 秒没有应答，正在更换",
      "设备过忙或模型过大：请降低摄像机分析帧率、改用更小的模型，或调大 detector.timeoutSec。",
    ],
  },
  DETECTOR_OUTPUT: {
    retry: "backoff",
    exit: 70,
    en: [
      "the detector gave values that are no numbers ({detail}); the frame was not looked at",
      "If it repeats, the weights of {model} are damaged: install the package again.",
    ],
    zh: ["检测输出含非数值（{detail}），该帧未分析", "若反复出现，说明模型 {model} 的权重已损坏，请重新安装模型包。"],
  },
  DETECTOR_MEMORY: {
    retry: "backoff",
    exit: 70,
    en: [
      "the detector process of {model} grew to {megabytes} MB (limit {most} MB); it is being replaced",
      "If it repeats, choose a smaller model.",
    ],
    zh: [
      "模型 {model} 的检测进程占用内存 {megabytes} MB（上限 {most} MB），正在更换",
      "若反复出现，请改用更小的模型。",
    ],
  },
  DETECTOR_UNREACHABLE: {
    retry: "backoff",
    exit: 69,
    en: [
      "the detector at {address} does not answer ({detail})",
      "Check that the sidecar runs and listens on that address.",
    ],
    zh: ["位于 {address} 的检测服务没有应答（{detail}）", "请确认该检测服务已运行并监听此地址。"],
  },
} as const satisfies Record<string, ErrorText>;
