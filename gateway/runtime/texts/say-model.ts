/** Texts of `xueliang model`. */
import type { Text } from "./fill.ts";

export const modelTexts = {
  modelFile: { en: "file", zh: "文件" },
  modelName: { en: "package", zh: "模型包" },
  modelGraph: { en: "graph", zh: "计算图" },
  modelInput: { en: "input", zh: "输入" },
  modelPixels: { en: "pixels", zh: "像素" },
  modelHead: { en: "head", zh: "输出头" },
  modelOutputs: { en: "outputs", zh: "输出" },
  modelLabels: { en: "labels", zh: "类别" },
  modelLicense: { en: "licence", zh: "许可证" },
  modelSmoke: { en: "first run", zh: "试运行" },
  modelUsable: { en: "✓ usable", zh: "✓ 可用" },
  modelCheckLicense: { en: "check before shipping", zh: "交付前请核对" },
  modelNone: { en: "no model package in {folder}", zh: "{folder} 中没有模型包" },
  modelBenchRow: { en: "one picture", zh: "单帧" },
  modelBenchRate: { en: "pictures per second", zh: "每秒帧数" },
  modelBenchMemory: { en: "memory of one process", zh: "单进程内存" },
  modelBenchCameras: { en: "cameras at {rate}/s and 70 % load", zh: "70 % 负载下每秒 {rate} 帧的摄像机数" },
  modelBenchOpen: { en: "start", zh: "启动" },
  modelTestPictures: { en: "own pictures, counted right", zh: "自带图片（计数无误）" },
  modelTestGood: {
    en: "✓ ready to send; a box still compares labels, load and version with its own",
    zh: "✓ 可以下发；网关还会与本机核对类别、负载和现用版本",
  },
  modelEvalProgress: { en: "{done}/{all} pictures", zh: "{done}/{all} 张" },
  modelEvalTitle: {
    en: "{model} on {images} pictures, {objects} objects",
    zh: "{model}：{images} 张图片，{objects} 个目标",
  },
  modelEvalLeftOut: { en: "! not in the set, left out: {labels}", zh: "! 数据集中没有的类别，未计入：{labels}" },
  modelEvalLabel: { en: "label", zh: "类别" },
  modelEvalObjects: { en: "objects", zh: "目标数" },
  modelEvalSmall: { en: "AP small", zh: "小目标 AP" },
  modelEvalThreshold: { en: "score for precision ≥ {wanted}", zh: "精确率 ≥ {wanted} 的阈值" },
  modelEvalRecall: { en: "recall there", zh: "此时召回率" },
  modelEvalCondition: { en: "condition", zh: "条件" },
  modelEvalAll: { en: "all", zh: "总计" },
  modelEvalNeeds: {
    en: "model eval needs --coco FILE and --images DIR, or --yolo DIR",
    zh: "model eval 需要 --coco 文件 与 --images 目录，或 --yolo 目录",
  },
  modelNeedsPackage: {
    en: "which model? give a package folder, an .onnx file or a name in models/",
    zh: "请指定模型：模型包目录、.onnx 文件或 models/ 中的名称",
  },
} as const satisfies Record<string, Text>;
