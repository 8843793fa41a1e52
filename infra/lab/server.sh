#!/bin/bash
# server.sh supervise|clean: runs one server of the lab (systemd-nspawn on overlayfs in a network namespace of its own).
# Env: LAB_KEY, SLOT (last number of its address), SERVER_NAME, SERVER_DIR, LAYERS (overlay lowerdirs), MEMORY_MB, CORES.
# supervise: runs until the guest powers off or SIGTERM; a reboot of the guest is handled. It holds SERVER_DIR/supervisor.lock.
# clean: removes whatever is left: processes, cgroups, namespace, mount. May be repeated. Root only.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/names.sh"
: "${SLOT:?}" "${SERVER_NAME:?}" "${SERVER_DIR:?}" "${LAYERS:?}" "${MEMORY_MB:?}" "${CORES:?}"
NS=$(server_ns "$SLOT") CG=berth-$LAB_KEY-s$SLOT ROOT=$SERVER_DIR/root VETH=v$SLOT

net_up() {
  add_ns "$NS"
  if ! ip -n "$NS" link show eth0 >/dev/null 2>&1; then
    in_lab ip link del "$VETH" 2>/dev/null || true
    # A fixed MAC per address: with a new one neighbours would talk to a stale ARP entry after a reboot.
    in_lab ip link add "$VETH" type veth peer name eth0 address "$(printf '02:be:%s:%02x' "${LAB_KEY:0:2}:${LAB_KEY:2:2}:${LAB_KEY:4:2}" "$SLOT")" netns "$NS"
  fi
  in_lab ip link set "$VETH" master "$BRIDGE" up
  in_lab bridge link set dev "$VETH" isolated on
  ip -n "$NS" addr replace "$SERVERS4.$SLOT/24" dev eth0
  ip -n "$NS" link set eth0 up
  ip -n "$NS" -6 addr replace "${SERVERS6}:$SLOT/64" dev eth0 nodad
  ip -n "$NS" route replace default via "$SERVERS4.1"
  ip -n "$NS" -6 route replace default via "${SERVERS6}:1"
}
net_down() {
  del_ns "$NS"
  if has_ns "$LAB_NS"; then in_lab ip link del "$VETH" 2>/dev/null || true; fi
}

# Every hierarchy: one folder per controller (cgroup v1, hybrid), or the single tree (cgroup v2).
cgroup_roots() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo /sys/fs/cgroup/; return; fi
  local c
  for c in /sys/fs/cgroup/*/; do if [ -e "$c/cgroup.procs" ]; then echo "$c"; fi; done
}
put() { if [ -w "$2" ]; then echo "$1" > "$2" || true; fi; }
cgroup_up() {
  local c
  for c in $(cgroup_roots); do
    mkdir -p "$c$CG"
    if [ -e "$c/cpuset.cpus" ]; then
      cat "$c/cpuset.cpus" > "$c$CG/cpuset.cpus"
      cat "$c/cpuset.mems" > "$c$CG/cpuset.mems"
      put 1 "$c$CG/cgroup.clone_children"
    fi
    # Root inside is root outside: without block devices it cannot make a node for the machine's disk and mount it.
    put 'b *:* rw' "$c$CG/devices.deny"
    put 1 "$c$CG/memory.use_hierarchy" 2>/dev/null
    put "${MEMORY_MB}M" "$c$CG/memory.limit_in_bytes"
    put "$((CORES * 100000))" "$c$CG/cpu.cfs_quota_us"
    put "${MEMORY_MB}M" "$c$CG/memory.max"
    put "$((CORES * 100000)) 100000" "$c$CG/cpu.max"
  done
}
cgroup_kill() {
  local c pids left
  for left in $(seq 50); do
    pids=$(for c in $(cgroup_roots); do find "$c$CG" -name cgroup.procs -exec cat {} + 2>/dev/null || true; done | sort -un)
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086
    kill -9 $pids 2>/dev/null || true
    sleep 0.05
  done
  echo "server.sh: processes of $SERVER_NAME do not end: $pids" >&2
  return 1
}
cgroup_down() {
  local c
  for c in $(cgroup_roots); do
    if [ -d "$c$CG" ]; then find "$c$CG" -depth -type d -exec rmdir {} + 2>/dev/null || true; fi
  done
}

disk_up() {
  mkdir -p "$SERVER_DIR"/{upper,work,root}
  mountpoint -q "$ROOT" || mount -t overlay "berth-$LAB_KEY-s$SLOT" -o "lowerdir=$LAYERS,upperdir=$SERVER_DIR/upper,workdir=$SERVER_DIR/work" "$ROOT"
}
# Processes that were just killed may hold the mount for a moment; going on with the old overlay would boot a dead server.
disk_down() {
  local left
  for left in $(seq 100); do
    mountpoint -q "$ROOT" || return 0
    umount "$ROOT" 2>/dev/null || sleep 0.05
  done
  echo "server.sh: cannot unmount $ROOT" >&2
  return 1
}

boot() { # becomes nspawn, as a member of the server's cgroups (whose root the guest then sees as its own)
  exec 9>&-
  local c devices=()
  for c in $(cgroup_roots); do echo "$BASHPID" > "$c$CG/cgroup.procs"; done
  for c in /dev/net/tun /dev/fuse; do if [ -e "$c" ]; then devices+=("--bind=$c"); fi; done
  # No machined here (PID 1 need not be systemd), hence --register=no --keep-unit. --capability=all: with a namespace
  # path nspawn would leave out CAP_NET_ADMIN. /proc/sys/net must be writable for the guest, the rest stays read-only.
  export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
  exec env -u LAYERS -u SERVER_DIR -u LAB_KEY systemd-nspawn -q -D "$ROOT" -M "berth-$LAB_KEY-s$SLOT" --hostname="$SERVER_NAME" \
    --kill-signal=SIGRTMIN+3 --register=no --keep-unit --network-namespace-path="/run/netns/$NS" \
    --capability=all --drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE,CAP_SYS_RAWIO \
    --system-call-filter="add_key keyctl bpf" "${devices[@]}" \
    --resolv-conf=off --timezone=off --link-journal=no --console=pipe /usr/local/sbin/lab-init
}

# Asks the guest's PID 1 to power off. Not by SIGTERM to nspawn: that counts once, and is lost on a PID 1 that is not
# systemd yet; a second one would cut the guest.
ask_to_halt() {
  local init
  for init in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do kill -s RTMIN+3 "$init" 2>/dev/null || true; done
}

supervise() {
  exec 9>>"$SERVER_DIR/supervisor.lock"
  flock -w 3 9 || { echo "already supervised"; exit 0; } # not -n: a probe of the lock holds it for a moment
  echo $$ > "$SERVER_DIR/supervisor.pid"
  local guest code stopping=
  trap 'stopping=1' TERM
  cgroup_kill; net_down # a supervisor that was killed leaves its guest behind
  disk_up; net_up; cgroup_up
  while [ -z "$stopping" ]; do
    boot & guest=$!
    echo "$guest" > "$SERVER_DIR/nspawn.pid"
    code=0; wait "$guest" || code=$?
    while kill -0 "$guest" 2>/dev/null; do # a signal to us ends the wait, not the guest
      if [ -n "$stopping" ]; then ask_to_halt "$guest"; sleep 0.2; else code=0; wait "$guest" || code=$?; fi
    done
    # With --keep-unit nspawn does not reboot by itself: it ends with 133. A real reboot loses the kernel's network state.
    [ "$code" = 133 ] || break
    net_down; net_up
  done
  rm -f "$SERVER_DIR/nspawn.pid"
  cgroup_kill; cgroup_down; net_down; disk_down
  rm -f "$SERVER_DIR/supervisor.pid"
}

clean() { cgroup_kill; cgroup_down; net_down; disk_down; rm -f "$SERVER_DIR/nspawn.pid" "$SERVER_DIR/supervisor.pid"; }

case ${1:-} in supervise | clean) "$1" ;; *) sed -n 2,5p "$0"; exit 2 ;; esac
