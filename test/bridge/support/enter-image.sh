#!/bin/sh
# What a container runtime adds to an image, in namespaces that unshare has just made: a volume, /tmp, /proc, and a root that is read-only.
#   enter-image.sh <root> <volume> <user> <program> [<argument>]...
set -eu
root=$1 volume=$2 user=$3
shift 3
mount --bind "$root" "$root"
mount --bind "$volume" "$root/gantry"
mount -o remount,bind,ro "$root/gantry"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
exec chroot --userspec="$user" "$root" "$@"
