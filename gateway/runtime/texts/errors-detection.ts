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
  MODEL_NAME: {
    retry: "never",
    exit: 30,
    en: [
      "the package is {name}, not {model}",
      "Send the package of the right model, or correct `name` in its model.yaml.",
    ],
    zh: ["该模型包为 {name}，不是 {model}", "请发送正确的模型包，或更正其 model.yaml 中的 `name`。"],
  },
  MODEL_VERSION: {
    retry: "never",
    exit: 30,
    en: [
      "{model} {version} is in use already, with other bytes",
      "Give a changed package a new `version` in model.yaml: events name the version that saw them.",
    ],
    zh: [
      "{model} {version} 已在使用，但内容不同",
      "请为修改后的模型包在 model.yaml 中写新的 `version`：事件中会记录产生它的版本。",
    ],
  },
  MODEL_LICENSE: {
    retry: "never",
    exit: 30,
    en: [
      "the package of model {model} comes without its licence ({detail})",
      "Put the licence's text into the file LICENSE of the package and its name into model.yaml.",
    ],
    zh: [
      "模型 {model} 的包缺少许可证（{detail}）",
      "请把许可证全文放入包内的 LICENSE 文件，并在 model.yaml 中写明其名称。",
    ],
  },
  MODEL_LABELS: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} has no {labels}, which rules of {cameras} look for",
      "Send a package with these labels under these names, or change the rules first.",
    ],
    zh: [
      "模型 {model} 没有 {cameras} 的规则所需的类别 {labels}",
      "请发送含有这些类别（名称一致）的模型包，或先修改规则。",
    ],
  },
  MODEL_SAMPLES: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} cannot be tested: {detail}",
      "A package that goes to boxes has samples/*.jpg and their counts in samples/expected.json (see models/README.md).",
    ],
    zh: [
      "无法检验模型 {model}：{detail}",
      "下发的模型包须含 samples/*.jpg 及其计数 samples/expected.json（见 models/README.md）。",
    ],
  },
  MODEL_GOLDEN: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} counts wrongly on its own picture {file}: {detail} (what it must be stands in brackets)",
      "Check labels, thresholds and input of model.yaml with `xueliang model inspect`: one of them does not fit the file.",
    ],
    zh: [
      "模型 {model} 在自带图片 {file} 上计数错误：{detail}（括号内为应有数量）",
      "请用 `xueliang model inspect` 核对 model.yaml 中的类别、阈值与输入设置：其中有一项与模型文件不符。",
    ],
  },
  MODEL_SLOW: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} takes {ms} ms a picture; the cameras of this box leave {most} ms",
      "Choose a smaller model, lower the cameras' rates, or raise detector.processes where the box has cores to spare.",
    ],
    zh: [
      "模型 {model} 每张图片耗时 {ms} 毫秒，本机摄像机仅允许 {most} 毫秒",
      "请选用更小的模型、降低摄像机分析帧率，或在有空闲核心时调大 detector.processes。",
    ],
  },
  MODEL_TRIAL: {
    retry: "never",
    exit: 30,
    en: [
      "model {model} did not stand its trial: {detail}; the former one is back",
      "Try the package on a machine beside the box with `xueliang model bench`, then send it again.",
    ],
    zh: [
      "模型 {model} 未通过试运行：{detail}；已恢复原模型",
      "请先在旁边的机器上用 `xueliang model bench` 试验该模型包，再重新下发。",
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
