# What the programs in helm/ make on this machine, and its end: a directory, processes, and network namespaces, so that
# nothing of the machine's own network is touched. They source this, define say, and may define end_others.
# shellcheck shell=bash

readonly id=tandem-$$ # of everything made here
readonly lan=$id-lan

scratch=$(mktemp -d "/tmp/$id.XXXXXX")
# Process ids. What goes here is started as it is, never through a function, behind which the id would be a shell's.
started=()
networks=()

die() {
  say "$@" >&2
  exit 1
}

# What else has to end, while what is started does.
end_others() { :; }

clean_up() {
  local status=$? one
  trap - EXIT
  trap '' INT TERM # asked again, it is on its way already
  for one in "${started[@]}"; do kill "$one" 2>/dev/null || true; done
  end_others
  for one in "${started[@]}"; do wait "$one" 2>/dev/null || true; done
  for one in "${networks[@]}"; do ip netns delete "$one" 2>/dev/null || true; done
  if [ "$status" -ne 0 ] && [ "$status" -lt 128 ]; then
    find "$scratch" -maxdepth 2 -name '*.log' -size +0 | sort | while read -r one; do
      printf -- '--- %s\n' "${one#"$scratch"/}"
      tail -n 40 "$one" | cut -c1-400
    done >&2
  fi
  rm -rf "$scratch"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

network() { # NAME
  networks+=("$1")
  ip netns add "$1"
  ip -n "$1" link set lo up
}

# A network with a bridge, where the clients are and what all share.
bridged() { # ADDRESS
  network "$lan"
  ip -n "$lan" link add bridge type bridge
  ip -n "$lan" address add "$1/24" dev bridge
  ip -n "$lan" link set bridge up
}

# A network with an address on that bridge.
attach() { # NAME NUMBER ADDRESS
  network "$1"
  ip -n "$lan" link add "port$2" type veth peer name eth0 netns "$1"
  ip -n "$lan" link set "port$2" master bridge up
  ip -n "$1" address add "$3/24" dev eth0
  ip -n "$1" link set eth0 up
}

await() { # SECONDS COMMAND...: until it succeeds
  local end=$((SECONDS + $1))
  until "${@:2}"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.2
  done
}
