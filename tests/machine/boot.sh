#!/bin/bash
# Boots a whole Debian whose first process is a real systemd, as an ordinary process of this one (User-Mode Linux), and
# lets inside.sh install Ringmaster's services there, restart, cut the power, kill and remove them. Takes about twenty
# minutes and 3 GB of a temporary folder. Needs root, and: apt-get install user-mode-linux debootstrap e2fsprogs
#
#   npm run test:boot            # Debian 13, systemd 257
#   npm run test:boot bookworm   # Debian 12, systemd 252, which knows no DelegateSubgroup
set -euo pipefail
suite=${1:-trixie}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
for program in linux.uml debootstrap mke2fs; do
  command -v "$program" > /dev/null && continue
  echo "Needs $program: apt-get install user-mode-linux debootstrap e2fsprogs" >&2
  exit 69
done
[ "$(id -u)" = 0 ] || { echo "Needs root, as debootstrap makes files of other users" >&2; exit 77; }

work=$(mktemp -d)
machine=
# The kernel's processes are those of its group; what else runs on this machine is never touched.
finish() {
  [ -z "$machine" ] || kill -KILL -- "-$machine" 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT
root=$work/root
share=$work/share
mkdir "$share"
touch "$share/said"

npm --prefix "$top" run build
packages=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,libstdc++6
packages+=,procps,iproute2,util-linux,login
debootstrap --variant=minbase --include="$packages" \
  "$suite" "$root" > "$work/debootstrap.log" || { tail "$work/debootstrap.log"; exit 1; }
cp "$(node -p process.execPath)" "$root/usr/local/bin/node"
package=$(cd "$top/packages/ringmaster" && npm pack --silent --pack-destination "$work")
npm install --global --ignore-scripts --no-audit --no-fund --prefix "$root/usr/local" "$work/$package"
cp "$top"/tests/dist/servers/*.js "$root/srv/"
cp "$top/tests/package.json" "$root/srv/"
cp "$here/inside.sh" "$root/usr/local/sbin/inside"
chroot "$root" useradd --create-home ada
mkdir "$root/share"
cat > "$root/etc/systemd/system/inside.service" <<UNIT
[Unit]
After=dbus.service systemd-user-sessions.service
[Service]
Type=oneshot
Environment=HOME=/root LANG=C.UTF-8
ExecStartPre=/bin/mount -t hostfs none /share -o $share
ExecStart=/bin/bash /usr/local/sbin/inside
TimeoutStartSec=infinity
[Install]
WantedBy=multi-user.target
UNIT
chroot "$root" systemctl enable inside.service
echo '/dev/ubda / ext4 defaults 0 1' > "$root/etc/fstab"
mke2fs -q -t ext4 -d "$root" "$work/disk" 1500M
rm -rf "$root"

# A session of its own, so that all its processes can be ended as one.
HOME=$work setsid linux.uml mem=1536M ubd0="$work/disk" root=/dev/ubda rw \
  init=/lib/systemd/systemd con=null con0=null,fd:1 con1=null quiet \
  < /dev/null > "$work/console" 2>&1 &
machine=$!
tail --follow --lines=+1 --pid="$machine" "$share/said" | grep -E '^(not )?ok ' || true
if grep -q '^end$' "$share/said" && ! grep -q '^not ok ' "$share/said"; then exit 0; fi
cat "$share/said"
tail -n 40 "$work/console"
exit 1
