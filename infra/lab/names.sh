# Addresses of the lab, the same in each: every lab has network namespaces of its own, so they cannot collide.
# Sourced by network.sh and server.sh. LAB_KEY tells the labs of one machine apart (a hash of the lab's folder).
: "${LAB_KEY:?LAB_KEY is not set}"
LAB_NS=berth-$LAB_KEY            # our side: bridge of the servers, gateway
INET_NS=berth-$LAB_KEY-inet      # the fake internet
BRIDGE=servers0
UPLINK=inet0                     # the lab's leg in the fake internet
SERVERS4=10.88.0 SERVERS6=fd88:0:0:1:
INET4=203.0.113 INET6=2001:db8:113:
METADATA4=169.254.169.254
server_ns() { echo "berth-$LAB_KEY-s$1"; }
# "nsenter --net", never "ip netns exec": that one makes a private mount namespace and would hide overlay mounts.
in_lab() { nsenter --net="/run/netns/$LAB_NS" -- "$@"; }
# /run may be a plain folder that outlives a reboot of the machine: a name is a namespace only if nsfs is mounted on it.
has_ns() { [ "$(stat -f -c %T "/run/netns/$1" 2>/dev/null)" = nsfs ]; }
add_ns() {
  if has_ns "$1"; then return; fi
  rm -f "/run/netns/$1"
  ip netns add "$1"
  # Duplicate address detection would leave IPv6 dead for the first two seconds of a server.
  nsenter --net="/run/netns/$1" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
  ip -n "$1" link set lo up
}
del_ns() { if has_ns "$1"; then ip netns del "$1"; else rm -f "/run/netns/$1"; fi; }
