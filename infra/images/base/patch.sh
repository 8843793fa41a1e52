#!/bin/bash
# patch.sh ROOT: makes a plain Debian root file system fit to boot under systemd-nspawn in the lab. Root only.
set -euo pipefail
root=${1:?root folder}
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/resolv.conf" "$root/etc/hostname"
: > "$root/etc/machine-id"
# NoCloud only. The network is set up from outside (a container cannot rename links); there is no locale package.
cat > "$root/etc/cloud/cloud.cfg.d/99-lab.cfg" <<'C'
datasource_list: [ NoCloud, None ]
network: {config: disabled}
locale: false
disable_root: false
ssh_genkeytypes: [ed25519]
C
# Controllers of cgroup v1 come in read-only from nspawn. They must be writable before systemd starts, else it ignores MemoryMax.
cat > "$root/usr/local/sbin/lab-init" <<'C'
#!/bin/sh
for c in /sys/fs/cgroup/*/; do mount -o remount,rw,bind "$c" 2>/dev/null; done
exec /usr/lib/systemd/systemd
C
chmod 755 "$root/usr/local/sbin/lab-init"
for unit in systemd-networkd-wait-online e2scrub_reap getty@tty1 console-getty; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
done
for unit in apt-daily apt-daily-upgrade fstrim e2scrub_all; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit.timer"
done
mkdir -p "$root/opt"
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/*
