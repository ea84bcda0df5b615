/** Passwords that broke other products; for tests. */
export const trickyPasswords: readonly string[] = [
  "p@ss#word1", "100%sure", "a:b:c:d", "slash/es/", "quo'te's", 'dou"ble"', "back\\slash", "dollar$HOME", "with space", "quest?ion=1&x=2",
  "雪亮工程2026", "пароль!", "%41%42%43", "é̀combining", "semi;colon|pipe", "`touch x`", "$(touch x)", "[::1]:554", "option x 'y'", "~!@#$%^&*()_+{}|<>",
]; // prettier-ignore
