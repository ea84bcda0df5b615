/** What the YAML parser's codes mean for a person (texts only). */
import type { Text } from "../runtime/texts/fill.ts";

const texts: Readonly<Record<string, Text>> = {
  TAB_AS_INDENT: {
    en: "a tab stands where spaces must indent the line",
    zh: "行首使用了制表符（Tab），只能用空格缩进",
  },
  BAD_INDENT: { en: "the indentation does not fit the lines around it", zh: "缩进与上下行不一致" },
  MISSING_CHAR: {
    en: "a character is missing here: a space after the colon or comma, a quote, or a closing bracket",
    zh: "此处缺少字符：冒号或逗号后的空格、引号，或右括号",
  },
  UNEXPECTED_TOKEN: { en: "this does not belong here", zh: "此处出现了不应有的内容" },
  BLOCK_AS_IMPLICIT_KEY: {
    en: "two colons in one line: put the value into quotes",
    zh: "同一行有两个冒号：请给值加上引号",
  },
  BLOCK_IN_FLOW: { en: "an indented block cannot stand inside brackets", zh: "方括号内不能使用缩进写法" },
  MULTILINE_IMPLICIT_KEY: {
    en: "a colon is missing after the key, or a quote is not closed",
    zh: "键名后缺少冒号，或引号未闭合",
  },
  BAD_SCALAR_START: {
    en: "a value that begins with this character must stand in quotes",
    zh: "以此字符开头的值必须加引号",
  },
  BAD_DQ_ESCAPE: {
    en: "a backslash in double quotes begins an unknown escape; use single quotes",
    zh: "双引号中的反斜杠转义无效，请改用单引号",
  },
  BAD_ALIAS: {
    en: "an alias without a name; a value that begins with * must stand in quotes",
    zh: "别名缺少名称；以 * 开头的值必须加引号",
  },
  MULTIPLE_DOCS: { en: "the file holds more than one document (---)", zh: "文件中包含多个文档（---）" },
  MULTIPLE_ANCHORS: { en: "a value that begins with & must stand in quotes", zh: "以 & 开头的值必须加引号" },
  MULTIPLE_TAGS: { en: "a value that begins with ! must stand in quotes", zh: "以 ! 开头的值必须加引号" },
  TAG_RESOLVE_FAILED: { en: "a value that begins with ! must stand in quotes", zh: "以 ! 开头的值必须加引号" },
  KEY_OVER_1024_CHARS: { en: "the key is too long", zh: "键名过长" },
};

/** Words for a parser's code. */
export function yamlErrorText(code: string): Text {
  return texts[code] ?? { en: `the text is not YAML (${code})`, zh: `不是合法的 YAML（${code}）` };
}
