#!/bin/bash
# Runs inside the machine that boot.sh made, as root, once after each of its starts: a person's first day with
# install-service. Says `ok` or `not ok` with what it looked at; the next part follows the next start.
set -u
cd /
part=$(cat /var/lib/part 2>/dev/null || echo install)
unit=ringmaster-home.service
home=/home/ada/fleet
mine=/home/ada/mine
deadline_seconds=300

as_ada() { runuser -u ada -- env HOME=/home/ada XDG_RUNTIME_DIR=/run/user/1000 "$@"; }
ask() { as_ada ringmaster "$2" --file "$1/ringmaster.yaml" --json 2>/dev/null; }
# Pids of the servers that are ready, one a line, in the order of their names.
ready() {
  ask "$1" status | node -e '
    const { servers } = JSON.parse(require("fs").readFileSync(0, "utf8") || "{\"servers\":[]}");
    for (const { name, state, pid } of servers) if (state === "ready") console.log(name, pid);'
}
are_ready() { [ "$(ready "$1" | wc -l)" = 2 ]; }
running() { pgrep -u ada -f "$1" | wc -l; }
guardians() { running "guardian.js /home/ada/.local/state/ringmaster/$1\$"; }
property() { systemctl show --property="$1" --value "$unit"; }

check() {
  local name=$1 waited=0
  shift
  until "$@"; do
    waited=$((waited + 1))
    if [ "$waited" -ge "$deadline_seconds" ]; then
      echo "not ok $name"
      systemctl status "$unit" --no-pager --lines=20
      ps -u ada -o pid,ppid,cgroup,args
      return
    fi
    sleep 1
  done
  echo "ok $name"
}

both_up() {
  check "the service of the machine is up after $1" are_ready "$home"
  check "the service of ada is up after $1" are_ready "$mine"
  check "each has one guardian" eval '[ "$(guardians home) $(guardians mine)" = "1 1" ]'
}

fleet() {
  mkdir -p "$2"
  cat > "$2/ringmaster.yaml" <<Y
fleet: $1
listen: { port: $3 }
servers:
  echo:
    command: node
    args: [/srv/echo.js]
    resources: { memoryBytes: 150000000 }
  web:
    command: node
    args: [/srv/http-echo.js]
    port: auto
    url: http://127.0.0.1:\${PORT}/mcp
    start: { timeoutMs: 240000 }
Y
  chown -R ada: "$2"
}

install() {
  fleet home "$home" 7464
  fleet mine "$mine" 7465
  loginctl enable-linger ada
  check "the manager of ada runs" test -S /run/user/1000/systemd/private
  check "install-service --system" env SUDO_USER=ada \
    ringmaster install-service --system --file "$home/ringmaster.yaml"
  check "install-service" as_ada ringmaster install-service --file "$mine/ringmaster.yaml"
  both_up "install-service"
  check "systemd understood the unit" eval '! journalctl --boot | grep "Unknown key" |
    grep -v DelegateSubgroup'
  check "each server has a control group" test -d "/sys/fs/cgroup/system.slice/$unit/s.echo.0.1.1"
  if [ "$(systemctl --version | sed -n 's/^systemd \([0-9]*\).*/\1/p')" -ge 254 ]; then
    check "its limit is the kernel's" \
      grep -q '^1499' "/sys/fs/cgroup/system.slice/$unit/s.echo.0.1.1/memory.max"
  fi
  next reboot "systemctl reboot"
}

reboot() {
  both_up "a reboot"
  check "the daemon said farewell before it" eval 'ask "$home" events | grep -q daemon.stopped'
  next kill "sync; systemctl reboot --force --force"
}

kill() {
  both_up "a power failure"
  local before
  before=$(ready "$home")
  systemctl kill --kill-who=main --signal=KILL "$unit"
  check "a killed daemon is started again" eval '[ "$(property NRestarts)" = 1 ]'
  check "and takes its servers up" eval '[ "$(ready "$home")" = "'"$before"'" ]'
  systemctl kill --kill-who=all --signal=KILL "$unit"
  check "killed with all its servers it starts them anew" \
    eval 'are_ready "$home" && [ "$(ready "$home")" != "'"$before"'" ]'
  check "none of them twice" eval '[ "$(running /srv/echo.js) $(guardians home)" = "2 1" ]'

  systemctl stop "$unit"
  check "a stop leaves nothing" test ! -d "/sys/fs/cgroup/system.slice/$unit"
  sed -i.good 's/^servers:/servres:/' "$home/ringmaster.yaml"
  systemctl start "$unit"
  check "a mistake in the file is in the journal" \
    eval 'journalctl --boot --unit "$unit" | grep -q "servres: unknown key"'
  check "and tried again" eval '[ "$(property NRestarts)" -ge 2 ]'
  check "uninstall-service would work all the same" \
    ringmaster uninstall-service --system --dry-run --file "$home/ringmaster.yaml"
  mv "$home/ringmaster.yaml.good" "$home/ringmaster.yaml"
  check "repaired it starts by itself" are_ready "$home"

  check "ringmaster down" as_ada ringmaster down --file "$home/ringmaster.yaml"
  check "is the end of it" eval '[ "$(property ActiveState)" = inactive ]'
  systemctl start "$unit"
  check "until it is started" are_ready "$home"
  check "uninstall-service --system" \
    ringmaster uninstall-service --system --file "$home/ringmaster.yaml"
  check "uninstall-service" as_ada ringmaster uninstall-service --file "$mine/ringmaster.yaml"
  check "nothing is left" eval '[ "$(running /srv/) $(running ringmaster)" = "0 0" ]'
  check "no file either" eval '! ls /etc/systemd/system /home/ada/.config/systemd/user | grep ringm'
  next done "systemctl poweroff"
}

# The next part, and how the machine is left.
next() {
  echo "$1" > /var/lib/part
  [ "$1" = done ] && echo end
  sh -c "$2"
}

exec >> /share/said 2>&1
"$part"
