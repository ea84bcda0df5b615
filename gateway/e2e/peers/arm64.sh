#!/bin/sh
# Runs a command in which arm64 programs run as if they were at home: `unshare -Um --map-root-user arm64.sh ROOT NODE_MODULES CMD...`
# in namespaces of its own, nothing global changes. Needs Linux 6.7 (binfmt_misc of a namespace) and qemu-user-static.
set -eu
root=$1 packages=$2
shift 2
here=$(dirname "$(readlink -f "$0")")
mount --make-rprivate /
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
printf '%s' ':arm64:M::\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:'"$here/arm64-emulator.sh:F" \
  > /proc/sys/fs/binfmt_misc/register
# onnxruntime asks the kernel what the processor is, and crashes when it hears of another architecture.
fake=$packages/../cpu
mkdir -p "$fake/sys"
for list in possible present online; do echo 0-1 > "$fake/sys/$list"; done
for core in 0 1; do
  printf 'processor\t: %s\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: 0xd08\nCPU revision\t: 3\n\n' "$core"
done > "$fake/cpuinfo"
mount --bind "$fake/sys" /sys/devices/system/cpu
mount --bind "$fake/cpuinfo" /proc/cpuinfo
mount --bind "$packages" "$root/node_modules"
exec "$@"
