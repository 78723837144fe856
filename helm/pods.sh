# Pods of the chart without Kubernetes: the image under runc, each pod in a network of its own, with names, service,
# Secrets, ConfigMaps and NetworkPolicy as Kubernetes would have them. For helm/containers, which sources it and says
# what is missing before; it sets image and objects, and defines say.
# shellcheck shell=bash

readonly namespace=default
readonly subnet=10.213.77 # in network namespaces of our own, so no network of the machine is concerned
readonly service_address=10.96.77.10

# shellcheck source=helm/sandbox.sh
. helm/sandbox.sh

containers=()
end_others() {
  local one
  for one in "${containers[@]}"; do runc delete --force "$one" >/dev/null 2>&1 || true; done
}

# From there come the nodes' clients and probes.
in_lan() { ip netns exec "$lan" "$@"; }

# --- The chart's objects -------------------------------------------------------------------------------

rendered() { # KIND FILTER
  jq -r --arg kind "$1" 'map(select(.kind == $kind))[] | '"$2" "$objects"
}
name=$(rendered StatefulSet .metadata.name)
replicas=$(rendered StatefulSet .spec.replicas)
headless=$(rendered StatefulSet .spec.serviceName)
port_of() { rendered StatefulSet ".spec.template.spec.containers[0].ports[] | select(.name == \"$1\").containerPort"; }
client_port=$(port_of client)
management_port=$(port_of management)
cluster_port=$(port_of cluster)
links_port=$(port_of links)
jq 'map(select(.kind == "StatefulSet"))[0].spec.template' "$objects" >"$scratch/node.json"
jq 'map(select(.kind == "Pod"))[0]' "$objects" >"$scratch/test.json"

octets() { # QUANTITY
  case $1 in
    *Gi) echo $((${1%Gi} * 1024 * 1024 * 1024)) ;;
    *Mi) echo $((${1%Mi} * 1024 * 1024)) ;;
    *) die "a memory limit of $1 is not understood" ;;
  esac
}

# Directories for what the kubelet mounts from ConfigMaps and Secrets: real files in a directory that is exchanged
# whole, by a link. The pod's group, fsGroup, may read Secrets.
versions=0
volume() { # NAME: what is in $scratch/next becomes its content
  local directory=$scratch/volumes/$1 version
  version=..$((++versions))
  mkdir -p "$directory"
  chgrp -R "$(jq .spec.securityContext.fsGroup "$scratch/node.json")" "$scratch/next"
  chmod -R g+rX,o-rwx "$scratch/next"
  mv "$scratch/next" "$directory/$version"
  ln -s "$version" "$directory/..new"
  mv -T "$directory/..new" "$directory/..data"
  local file
  for file in "$directory/$version"/*; do
    ln -sfn "..data/$(basename "$file")" "$directory/$(basename "$file")"
  done
}

# --- Image, network, names -------------------------------------------------------------------------------

mkdir "$scratch/image" "$scratch/root"
tar -xf "$image" -C "$scratch/image"
jq -r '.[0].Layers[]' "$scratch/image/manifest.json" | while read -r layer; do
  tar -xzf "$scratch/image/$layer" -C "$scratch/root" --warning=no-unknown-keyword
done
mapfile -t entry < <(jq -r '.config.Entrypoint[]' "$scratch/image/config.json")
# Where a container runtime mounts what belongs to the pod.
mkdir -p "$scratch"/root/{proc,sys,dev}
touch "$scratch"/root/etc/{hosts,resolv.conf,hostname}
jq -r '.spec.containers[0].volumeMounts[].mountPath' "$scratch/node.json" | while read -r mount; do
  mkdir -p "$scratch/root$mount"
done

bridged "$subnet.1"
ip -n "$lan" route add "$service_address" dev bridge

domain=$namespace.svc.cluster.local
printf 'nameserver %s.1\nsearch %s svc.cluster.local cluster.local\noptions ndots:5\n' "$subnet" "$domain" \
  >"$scratch/resolv.conf"

address_of() { echo "$subnet.$((10 + $1))"; }
node_of() { echo "$name-$1"; }

# Whom the headless service knows: pods that are there, ready or not. A name server reads it again on SIGHUP.
mkdir "$scratch/names"
published() { # NUMBER...
  local i
  for i in "$@"; do
    printf '%s %s.%s %s.%s.%s\n' "$(address_of "$i")" "$headless" "$domain" "$(node_of "$i")" "$headless" "$domain"
  done >"$scratch/names.new"
  mv "$scratch/names.new" "$scratch/names/hosts"
  [ -z "${dns:-}" ] || kill -HUP "$dns"
}
published
ip netns exec "$lan" dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --pid-file= --no-resolv --no-hosts \
  --addn-hosts="$scratch/names/hosts" --local=/cluster.local/ --listen-address="$subnet.1" --bind-interfaces \
  >"$scratch/dns.log" 2>&1 &
dns=$!
started+=("$dns")

# Where connections to the client service's address go: to any of these pods, as the nodes of Kubernetes have it.
serving() { # NUMBER...
  local i targets=""
  for i in "$@"; do targets+="${targets:+, }$((i - $1)) : $(address_of "$i")"; done
  {
    printf 'table ip service\ndelete table ip service\ntable ip service {\nchain out {\n'
    printf 'type nat hook output priority -100;\n'
    [ $# -eq 0 ] || printf 'ip daddr %s tcp dport %s dnat to numgen random mod %s map { %s }\n' \
      "$service_address" "$client_port" $# "$targets"
    printf '}\n}\n'
  } | in_lan nft -f -
}

memory_limits=true
if ! grep -qE '^memory.*1$' /proc/cgroups && ! grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null; then
  memory_limits=false
  say "this machine has no control group for memory: the containers run without their limit"
fi

# --- NetworkPolicy -------------------------------------------------------------------------------------------

# All pods that there may be, with their labels. The node of Kubernetes that a pod is on, which probes it, is .1.
others=$subnet.190
pods() {
  local i
  for ((i = 0; i < replicas; i++)); do
    jq --arg address "$(address_of "$i")" '{address: $address, labels: .metadata.labels}' "$scratch/node.json"
  done
  for i in 1 2 3; do
    jq --arg address "$subnet.$((100 + i))" '{address: $address, labels: .metadata.labels}' "$scratch/test.json"
  done
  jq -n --arg address "$others" '{address: $address, labels: {}}'
}

# What the NetworkPolicy for the nodes lets in, as rules of nftables.
policy() {
  jq -r --slurpfile pods <(pods) --arg host "$subnet.1" '
    map(select(.kind == "NetworkPolicy"))[0].spec as $policy
    | def peers: if .ipBlock then [.ipBlock.cidr] else
          (.podSelector.matchLabels // {}) as $wanted
          | [$pods[] | select(.labels as $has | all($wanted | to_entries[]; $has[.key] == .value)) | .address] end;
      "table inet admitted {", "chain in {", "type filter hook input priority 0; policy drop;",
      "ct state established,related accept", "iif lo accept", "ip saddr \($host) accept",
      ($policy.ingress[]
        | "tcp dport { \([.ports[].port | tostring] | join(", ")) } accept" as $ports
        | if .from then .from[] | peers | select(length > 0) | "ip saddr { \(join(", ")) } \($ports)" else $ports end),
      "}", "}"' "$objects"
}

reaches() { # NETWORK NUMBER PORT: whether a connection is made
  ip netns exec "$1" timeout 1 bash -c "exec 3<>/dev/tcp/$(address_of "$2")/$3" 2>/dev/null
}

# --- Containers --------------------------------------------------------------------------------------------

# Writes a bundle for the first container of a pod, as the kubelet would ask for it.
bundle() { # NAME NETWORK ADDRESS POD_FILE
  local limit
  mkdir "$scratch/$1"
  limit=$(octets "$(jq -r '.spec.containers[0].resources.limits.memory' "$4")")
  printf '127.0.0.1 localhost\n%s %s\n' "$3" "$1" >"$scratch/$1/hosts"
  (cd "$scratch/$1" && runc spec)
  jq --slurpfile pod "$4" --slurpfile image "$scratch/image/config.json" \
    --arg pod_name "$1" --arg address "$3" --arg network "/run/netns/$2" --arg scratch "$scratch" \
    --argjson limit "$limit" --argjson limits $memory_limits '
    ($pod[0].spec.containers[0]) as $container | ($pod[0].spec.securityContext) as $security
    | def expanded: gsub("\\$\\(POD_IP\\)"; $address) | gsub("\\$\\(POD_NAME\\)"; $pod_name);
      def bound(from; to): {source: from, destination: to, type: "bind", options: ["rbind", "ro"]};
    .hostname = $pod_name
    | .process.terminal = false
    | .process.user = {uid: $security.runAsUser, gid: $security.runAsGroup}
    | .process.args = $image[0].config.Entrypoint + [$container.args[] | expanded]
    | .process.env = $image[0].config.Env
        + [$container.env // [] | .[] | select(.value) | "\(.name)=\(.value)"]
        + ["POD_IP=\($address)", "POD_NAME=\($pod_name)"]
    | .process.capabilities = {}
    | .process.noNewPrivileges = ($container.securityContext.allowPrivilegeEscalation | not)
    | .process.rlimits = []
    | .root = {path: "\($scratch)/root", readonly: $container.securityContext.readOnlyRootFilesystem}
    | .mounts += [$container.volumeMounts // [] | .[] | bound("\($scratch)/volumes/\(.name)"; .mountPath)]
        + [bound("\($scratch)/resolv.conf"; "/etc/resolv.conf"), bound("\($scratch)/\($pod_name)/hosts"; "/etc/hosts")]
    | .linux.namespaces |= map(if .type == "network" then .path = $network else . end)
    | if $limits then .linux.resources.memory = {limit: $limit, swap: $limit} else . end
    ' "$scratch/$1/config.json" >"$scratch/$1/new.json"
  mv "$scratch/$1/new.json" "$scratch/$1/config.json"
}

declare -A process_of
start_node() { # NUMBER
  local node
  node=$(node_of "$1")
  if [ ! -d "$scratch/$node" ]; then
    attach "$id-$node" $((10 + $1)) "$(address_of "$1")"
    policy | ip netns exec "$id-$node" nft -f -
    bundle "$node" "$id-$node" "$(address_of "$1")" "$scratch/node.json"
    containers+=("$id-$node")
  fi
  runc run --bundle "$scratch/$node" "$id-$node" >>"$scratch/$node.log" 2>&1 &
  process_of[$1]=$!
  started+=($!)
}

# Ends a node as its StatefulSet would: told after the notice, with what is left of the grace period.
stop_node() { # NUMBER SERVING_NUMBER...
  local node grace notice begin status=0
  node=$(node_of "$1")
  grace=$(jq .spec.terminationGracePeriodSeconds "$scratch/node.json")
  notice=$(jq '.spec.containers[0].lifecycle.preStop.sleep.seconds // 0' "$scratch/node.json")
  serving "${@:2}"
  sleep "$notice"
  begin=$SECONDS
  runc kill "$id-$node" TERM
  await $((grace - notice)) ended "$1" || die "$node outlives its grace period"
  wait "${process_of[$1]}" || status=$?
  [ "$status" -eq 0 ] || die "$node ended with $status"
  runc delete "$id-$node" 2>/dev/null || true
  say "$node was gone after $((SECONDS - begin)) s, of $((grace - notice)) s that it had"
}

ended() { ! kill -0 "${process_of[$1]}" 2>/dev/null; }

in_node() { # NUMBER WORD...: a command of the image in the node's container
  runc exec "$id-$(node_of "$1")" "${entry[@]}" "${@:2}"
}

is_healthy() { # NUMBER KIND: what a probe sees
  in_lan curl -sf -o /dev/null --max-time 2 "http://$(address_of "$1"):$management_port/health/$2"
}

await_ready() { # NUMBER...
  local i
  for i in "$@"; do
    await 120 is_healthy "$i" startup || die "$(node_of "$i") has not started within 120 s"
    await 30 is_healthy "$i" ready || die "$(node_of "$i") is not ready within 30 s"
  done
}

metric() { # NUMBER NAME: the sum of its series
  in_lan curl -sf --max-time 5 "http://$(address_of "$1"):$management_port/metrics" |
    awk -v name="$2" '$1 == name || index($1, name "{") == 1 { sum += $2 } END { printf "%d\n", sum }'
}

# The chart's test, as helm would run it.
chart_test() { # NUMBER
  local test=selftest-$1
  attach "$id-$test" "$((100 + $1))" "$subnet.$((100 + $1))"
  bundle "$test" "$id-$test" "$subnet.$((100 + $1))" "$scratch/test.json"
  containers+=("$id-$test")
  runc run --bundle "$scratch/$test" "$id-$test" >"$scratch/$test.log" 2>&1 || die "the chart's test failed"
  say "the chart's test: $(grep -c '^ok: call' "$scratch/$test.log") calls and" \
    "$(grep -c '^ok: event' "$scratch/$test.log") events, each from one node to one"
}
