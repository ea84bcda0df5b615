#!/bin/sh
# What the kernel calls for an arm64 program. A Cortex-A72 is many times faster to emulate than "everything there is".
QEMU_LD_PREFIX=/usr/aarch64-linux-gnu QEMU_CPU=cortex-a72 exec /usr/bin/qemu-aarch64-static "$@"
