#!/bin/sh
# A container's own view of the machine, in mount and pid namespaces that unshare has just made. Every value is an argument.
#   enter-container.sh <empty directory> <working directory> <ro|rw> [<kind> <source> <target> <options>]...
# Says `ready` once the view stands, then is its init: it reaps orphans, and ends, and with it everything inside, when its input does.
set -eu
root=$1 workdir=$2 mode=$3
shift 3

seal() {
  mount -o remount,bind,ro "$1" || mount -o remount,bind,ro,nosuid,nodev "$1" || mount -o remount,bind,ro,nosuid,nodev,noexec "$1" || :
} 2>/dev/null

share() {
  if [ -L "$1" ]; then
    cp -P "$1" "$root$1"
  elif [ -d "$1" ]; then
    mkdir "$root$1"
    mount --rbind "$1" "$root$1" || :
    [ "$2" != ro ] || seal "$root$1"
  fi
}

mount -t tmpfs -o mode=0755 tmpfs "$root"
for entry in /*; do
  case $entry in
    /proc | /tmp | /opt | /app | /gantry) ;;
    /dev | /sys | /run) share "$entry" rw ;;
    *) share "$entry" "$mode" ;;
  esac
done
mkdir "$root/opt" "$root/proc" "$root/.before"
for entry in /opt/*; do
  [ "$entry" = /opt/gantry ] || share "$entry" "$mode"
done
mount -t proc proc "$root/proc"
[ ! -d "$root/run/user" ] || mount -t tmpfs -o mode=0755 tmpfs "$root/run/user"

while [ $# -ge 4 ]; do
  kind=$1 source=$2 target=$root$3 options=$4
  shift 4
  case $kind in
    tmpfs)
      mkdir -p "$target"
      mount -t tmpfs -o "$options" tmpfs "$target"
      ;;
    directory)
      mkdir -p "$target"
      mount --rbind "$source" "$target"
      [ "$options" != ro ] || seal "$target"
      ;;
    file)
      mkdir -p "${target%/*}"
      : >"$target"
      mount --bind "$source" "$target"
      ;;
    link)
      mkdir -p "${target%/*}"
      ln -s "$source" "$target"
      ;;
  esac
done

cd "$root"
pivot_root . .before
umount -l /.before
rmdir /.before
mkdir -p "$workdir" 2>/dev/null || :
[ "$mode" != ro ] || mount -o remount,ro /
cd "$workdir" 2>/dev/null || cd /
trap '' CHLD
echo ready
while read -r _; do :; done
