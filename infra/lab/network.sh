#!/bin/bash
# network.sh up|down: the lab's own network. Nothing of it is in the machine's namespace: no bridge, address or route.
# Env: LAB_KEY. Both verbs may be repeated. Root only.
set -euo pipefail
. "$(dirname "$0")/names.sh"

up() {
  add_ns "$LAB_NS"
  # A bridge takes its lowest port's address: without one of its own, servers would lose their gateway as others come and
  # go. Snooping would hold back neighbour discovery of a server that has just come up.
  in_lab ip link show "$BRIDGE" >/dev/null 2>&1 ||
    in_lab ip link add "$BRIDGE" address 02:be:00:00:00:01 type bridge mcast_snooping 0
  in_lab ip addr replace "$SERVERS4.1/24" dev "$BRIDGE"
  in_lab ip addr replace "$METADATA4/32" dev "$BRIDGE"
  in_lab ip -6 addr replace "${SERVERS6}:1/64" dev "$BRIDGE" nodad
  in_lab ip link set "$BRIDGE" up
  add_ns "$INET_NS"
  if ! in_lab ip link show "$UPLINK" >/dev/null 2>&1; then
    in_lab ip link add "$UPLINK" type veth peer name eth0 netns "$INET_NS"
  fi
  in_lab ip addr replace "$INET4.1/24" dev "$UPLINK"
  in_lab ip -6 addr replace "${INET6}:1/64" dev "$UPLINK" nodad
  in_lab ip link set "$UPLINK" up
  local host
  for host in 10 53; do
    ip -n "$INET_NS" addr replace "$INET4.$host/24" dev eth0
    ip -n "$INET_NS" -6 addr replace "${INET6}:$host/64" dev eth0 nodad
  done
  ip -n "$INET_NS" link set eth0 up
  ip -n "$INET_NS" route replace default via "$INET4.1"
  ip -n "$INET_NS" -6 route replace default via "${INET6}:1"
  guard
  in_lab sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# Only server <-> fake internet is forwarded: not server to server through the gateway, and nothing to any other link.
guard() {
  in_lab nft -f - <<N
table inet berthlab
delete table inet berthlab
table inet berthlab {
  chain forward_guard {
    type filter hook forward priority -200; policy accept;
    iifname "$BRIDGE" oifname != "$UPLINK" counter reject with icmpx type admin-prohibited
    iifname "$UPLINK" oifname != "$BRIDGE" counter reject with icmpx type admin-prohibited
  }
}
N
}

down() {
  # A socket that someone still holds keeps a namespace alive after its name is gone: cut its links first.
  if has_ns "$LAB_NS"; then
    in_lab ip link del "$UPLINK" 2>/dev/null || true
    in_lab ip link del "$BRIDGE" 2>/dev/null || true
  fi
  del_ns "$INET_NS"
  del_ns "$LAB_NS"
}

case ${1:-} in up | down) "$1" ;; *) sed -n 2,3p "$0"; exit 2 ;; esac
