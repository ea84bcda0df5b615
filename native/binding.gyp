# For those who build with node-gyp; the project itself uses build.ts, which needs a compiler and no download.
{
  "targets": [
    {
      "target_name": "xueliang",
      "sources": [
        "src/addon.cc", "src/arguments.cc", "src/avx2.cc", "src/crew.cc", "src/kernels.cc", "src/letterbox.cc", "src/luma.cc",
        "src/log-anglers.cc", "src/log-blocks.cc", "src/log-exports.cc", "src/log-heads.cc", "src/log-members.cc", "src/log-parts.cc", "src/log-sides.cc", "src/measures.cc", "src/motion.cc", "src/notify.cc", "src/pixels.cc", "src/scene.cc", "src/scores.cc",
        "src/shared-file.cc", "src/sums.cc"
      ],
      "defines": ["NAPI_VERSION=8"],
      "cflags_cc": ["-std=c++17", "-O3", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-ffp-contract=off"]
    }
  ]
}
