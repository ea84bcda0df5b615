#!/bin/sh
# The native tests under AddressSanitizer and UBSan; memory.test.ts is left out, because a sanitizer keeps freed memory.
set -eu
cd "$(dirname "$0")/../.."
PATH="$PWD/node_modules/.bin:$PATH"
node native/build.ts --asan
LD_PRELOAD="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libubsan.so)"
# A sanitized kernel takes several times as long. Node itself leaves memory to the end of the process.
ASAN_OPTIONS=detect_leaks=0
XUELIANG_NATIVE_PATH="$PWD/native/test/.out/xueliang-asan.node"
export LD_PRELOAD ASAN_OPTIONS XUELIANG_NATIVE_PATH
exec node node_modules/vitest/vitest.mjs run native/test/equal native/test/misuse native/test/opencv native/test/motion native/test/shared gateway/analysis/track-log/plain gateway/rehearsal/track-log/member gateway/rehearsal/track-log/angler gateway/rehearsal/track-log/sides --testTimeout 300000
