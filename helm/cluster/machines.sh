# The machines of a Kubernetes cluster, as namespaces of this one. For helm/cluster/run, which sources it, has built
# program and image, and defines say.
#
# One network namespace holds the bridge, the control plane and the name server. Each node has namespaces of its own
# for network, mounts, processes, IPC and its name: what runs there ends with its first process, and what it mounts
# and writes below /run, /var/lib and /var/log is its own.
# shellcheck shell=bash

readonly subnet=10.214.0 # in network namespaces of our own, so no network of the machine is concerned
readonly pods=10.215
readonly api=$subnet.1
readonly nodes=(1 2)

# shellcheck source=helm/sandbox.sh
. helm/sandbox.sh

programs=() # as started, of Kubernetes, which has nothing to save and would take minutes to end
end_others() {
  local one
  for one in "${programs[@]}"; do kill -KILL "$one" 2>/dev/null || true; done
  for one in "${programs[@]}"; do wait "$one" 2>/dev/null || true; done
  await 10 no_control_groups || say "control groups called $id are left behind" >&2
}

# Before a command that is to run there. Unlike ip netns exec, it leaves /sys as it is, and with it the control groups.
readonly in_lan=(nsenter "--net=/run/netns/$lan")

forwarding() { # NAME
  ip netns exec "$1" sysctl -qw net.ipv4.ip_forward=1
}

# The roots of all hierarchies: one with version 2 of control groups, several with version 1.
control_groups() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo /sys/fs/cgroup
  else
    printf '%s\n' /sys/fs/cgroup/*/
  fi
}

no_control_groups() { # once their processes are gone
  local root
  for root in $(control_groups); do
    [ ! -d "$root/$id" ] || find "$root/$id" -depth -type d -exec rmdir {} \; 2>/dev/null || return 1
  done
}

# --- Networks and control groups --------------------------------------------------------------------------

connect_machines() {
  local i other root
  bridged "$api"
  forwarding "$lan"
  for i in "${nodes[@]}"; do
    attach "$id-$i" "$i" "$subnet.1$i"
    forwarding "$id-$i"
    ip -n "$id-$i" route add default via "$api"
    ip -n "$lan" route add "$pods.$i.0/24" via "$subnet.1$i"
  done
  for i in "${nodes[@]}"; do
    for other in "${nodes[@]}"; do
      [ "$i" = "$other" ] || ip -n "$id-$i" route add "$pods.$other.0/24" via "$subnet.1$other"
    done
  done
  # Clients of services come by the first node, which knows where these are.
  ip -n "$lan" route add 10.96.0.0/16 via "$subnet.11"
  for root in $(control_groups); do
    for i in "" "${nodes[@]/#//node-}"; do
      mkdir "$root/$id$i"
      [ ! -e "$root/cpuset.cpus" ] || for one in cpus mems; do
        cat "$root/cpuset.$one" >"$root/$id$i/cpuset.$one"
      done
    done
  done
}

# --- The control plane ------------------------------------------------------------------------------------

client_config() { # NAME USER [GROUP]
  local token
  token=$(openssl rand -hex 16)
  echo "$token,$2,$2${3:+,$3}" >>"$scratch/tokens"
  cat >"$scratch/$1.kubeconfig" <<END
apiVersion: v1
kind: Config
clusters: [{name: own, cluster: {server: "https://$api:6443", certificate-authority: $scratch/ca.crt}}]
users: [{name: $1, user: {token: $token}}]
contexts: [{name: own, context: {cluster: own, user: $1}}]
current-context: own
END
}

certificate() { # NAME SUBJECT EXTENSION
  openssl req -newkey rsa:2048 -nodes -keyout "$scratch/$1.key" -out "$scratch/$1.csr" -subj "/CN=$2"
  openssl x509 -req -in "$scratch/$1.csr" -CA "$scratch/ca.crt" -CAkey "$scratch/ca.key" -CAcreateserial -days 30 \
    -out "$scratch/$1.crt" -extfile <(echo "$3")
}

make_keys() {
  local i
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$scratch/ca.key" -out "$scratch/ca.crt" -days 30 -subj /CN=own
  certificate api kube-apiserver "subjectAltName=IP:$api,IP:10.96.0.1,DNS:kubernetes.default.svc"
  certificate metrics metrics-server "subjectAltName=DNS:metrics-server.kube-system.svc"
  certificate aggregator aggregator "extendedKeyUsage=clientAuth" # of the API server, for those who answer a part of it
  openssl genrsa -out "$scratch/accounts.key" 2048
  client_config admin admin system:masters
  client_config manager system:kube-controller-manager
  client_config scheduler system:kube-scheduler
  client_config proxy system:kube-proxy
  for i in "${nodes[@]}"; do client_config "node-$i" "system:node:node-$i" system:nodes; done
}

start_control_plane() {
  "${in_lan[@]}" "$program" etcd --data-dir "$scratch/etcd" --unsafe-no-fsync --log-level warn >"$scratch/etcd.log" 2>&1 &
  programs+=($!)
  "${in_lan[@]}" "$program" kube-apiserver --etcd-servers=http://127.0.0.1:2379 --bind-address="$api" \
    --tls-cert-file="$scratch/api.crt" --tls-private-key-file="$scratch/api.key" --cert-dir="$scratch" \
    --token-auth-file="$scratch/tokens" --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --service-cluster-ip-range=10.96.0.0/16 --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$scratch/accounts.key" --service-account-signing-key-file="$scratch/accounts.key" \
    --kubelet-preferred-address-types=InternalIP --allow-privileged --client-ca-file="$scratch/ca.crt" \
    --proxy-client-cert-file="$scratch/aggregator.crt" --proxy-client-key-file="$scratch/aggregator.key" \
    --requestheader-client-ca-file="$scratch/ca.crt" --requestheader-allowed-names=aggregator \
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
    --requestheader-extra-headers-prefix=X-Remote-Extra- >"$scratch/api.log" 2>&1 &
  programs+=($!)
  await 120 answers || die "the API server does not start"
  "${in_lan[@]}" "$program" kube-controller-manager --kubeconfig="$scratch/manager.kubeconfig" --leader-elect=false \
    --service-account-private-key-file="$scratch/accounts.key" --root-ca-file="$scratch/ca.crt" \
    --use-service-account-credentials --cert-dir="$scratch" --flex-volume-plugin-dir="$scratch/plugins" \
    >"$scratch/manager.log" 2>&1 &
  programs+=($!)
  "${in_lan[@]}" "$program" kube-scheduler --kubeconfig="$scratch/scheduler.kubeconfig" --leader-elect=false \
    >"$scratch/scheduler.log" 2>&1 &
  programs+=($!)
  # With the 30 s for which name servers of clusters remember.
  cat >"$scratch/Corefile" <<END
.:53 {
  errors
  ready $api:8181
  kubernetes cluster.local {
    kubeconfig $scratch/admin.kubeconfig
  }
  cache 30
}
END
  "${in_lan[@]}" "$program" coredns -conf "$scratch/Corefile" >"$scratch/names.log" 2>&1 &
  programs+=($!)
}

# What pods use of CPU and memory, as the kubelets say it: a part of the API that another program answers.
start_metrics_server() {
  local config=$scratch/admin.kubeconfig
  "${in_lan[@]}" "$program" metrics-server --kubeconfig="$config" --authentication-kubeconfig="$config" \
    --authorization-kubeconfig="$config" --bind-address="$api" --secure-port=4443 \
    --tls-cert-file="$scratch/metrics.crt" --tls-private-key-file="$scratch/metrics.key" --kubelet-insecure-tls \
    --kubelet-preferred-address-types=InternalIP --metric-resolution=15s >"$scratch/metrics.log" 2>&1 &
  programs+=($!)
  "$scratch/bin/kubectl" apply -f - >"$scratch/metrics-api.log" <<END
apiVersion: v1
kind: Service
metadata: {name: metrics-server, namespace: kube-system}
spec: {type: ExternalName, externalName: $api}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  group: metrics.k8s.io
  version: v1beta1
  service: {name: metrics-server, namespace: kube-system, port: 4443}
  caBundle: $(base64 -w 0 "$scratch/ca.crt")
  groupPriorityMinimum: 100
  versionPriority: 100
END
}

answers() { "$scratch/bin/kubectl" get --raw /readyz >/dev/null 2>&1; }
tells_metrics() { "$scratch/bin/kubectl" get --raw /apis/metrics.k8s.io/v1beta1 >/dev/null 2>&1; }

# --- Nodes --------------------------------------------------------------------------------------------------

# An image for the sandboxes of pods: every container runtime wants one.
make_pause_image() {
  local digest
  mkdir "$scratch/pause"
  (cd helm/cluster && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$scratch/pause/pause" ./pause)
  tar -C "$scratch/pause" --owner 0 --group 0 -cf "$scratch/pause/layer.tar" pause
  digest=$(sha256sum "$scratch/pause/layer.tar" | cut -d' ' -f1)
  cat >"$scratch/pause/config.json" <<END
{"architecture": "$(go env GOARCH)", "os": "linux",
 "config": {"Entrypoint": ["/pause"], "User": "65535:65535"},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]}}
END
  echo '[{"Config": "config.json", "RepoTags": ["localhost/pause:1"], "Layers": ["layer.tar"]}]' \
    >"$scratch/pause/manifest.json"
  tar -C "$scratch/pause" -cf "$scratch/pause.tar" manifest.json config.json layer.tar
}

configure_node() { # NUMBER DIRECTORY
  cat >"$2/network/10-pods.conflist" <<END
{"cniVersion": "1.0.0", "name": "pods", "plugins": [{"type": "ptp", "ipam": {
  "type": "host-local", "ranges": [[{"subnet": "$pods.$1.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
END
  cat >"$2/containerd.toml" <<END
version = 2
root = "$2/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$2/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$plugins"
    conf_dir = "$2/network"
END
  cat >"$2/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $subnet.1$1
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}} # nobody else is in this network
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /$id/node-$1
cgroupsPerQOS: false
enforceNodeAllocatable: []
failCgroupV1: false
failSwapOn: false
makeIPTablesUtilChains: false
containerRuntimeEndpoint: unix:///run/containerd.sock
volumePluginDir: $2/volume-plugins
clusterDNS: [$api]
clusterDomain: cluster.local
resolvConf: ""
END
  # The first process of the node. Its kubelet wants settings of the kernel that are not a namespace's: it is shown
  # files that have them, and the machine keeps its own.
  cat >"$2/first" <<END
set -e
mount -t tmpfs none /run
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1; do
  file=\$(mktemp /run/setting.XXXXXX)
  echo "\${setting#*=}" >"\$file"
  mount --bind "\$file" "/proc/sys/\${setting%%=*}"
done
mkdir -p $2/lib/kubelet
mount --bind $2/lib /var/lib
mount --bind $2/log /var/log
mount --bind /var/lib/kubelet /var/lib/kubelet
mount --make-shared /var/lib/kubelet
hostname node-$1
containerd --config $2/containerd.toml >$2/containerd.log 2>&1 &
until ctr --address /run/containerd.sock version >/dev/null 2>&1; do sleep 0.2; done
for image in $scratch/pause.tar $PWD/$image; do
  ctr --address /run/containerd.sock --namespace k8s.io images import "\$image"
done
$program kube-proxy --kubeconfig=$scratch/proxy.kubeconfig --proxy-mode=nftables --cluster-cidr=$pods.0.0/16 \
  --hostname-override=node-$1 --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 \
  --conntrack-tcp-timeout-close-wait=0 >$2/proxy.log 2>&1 &
exec $program kubelet --config=$2/kubelet.yaml --kubeconfig=$scratch/node-$1.kubeconfig \
  --hostname-override=node-$1 --node-ip=$subnet.1$1 >$2/kubelet.log 2>&1
END
}

start_node() { # NUMBER
  local directory=$scratch/node-$1
  mkdir -p "$directory"/{network,log}
  configure_node "$1" "$directory"
  nsenter --net="/run/netns/$id-$1" unshare --mount --pid --fork --mount-proc --uts --ipc --kill-child \
    bash "$directory/first" >"$directory/first.log" 2>&1 &
  programs+=($!)
}

are_ready() { [ "$("$scratch/bin/kubectl" get nodes 2>/dev/null | grep -c ' Ready ')" -eq ${#nodes[@]} ]; }

begin_cluster() {
  local i tool began=$SECONDS
  connect_machines
  make_keys >"$scratch/keys.log" 2>&1
  make_pause_image
  mkdir "$scratch/bin"
  for tool in kubectl helm; do
    printf '#!/bin/sh\nKUBECONFIG=%s exec nsenter --net=/run/netns/%s %s %s "$@"\n' \
      "$scratch/admin.kubeconfig" "$lan" "$program" "$tool" >"$scratch/bin/$tool"
  done
  chmod +x "$scratch"/bin/*
  start_control_plane
  start_metrics_server
  for i in "${nodes[@]}"; do start_node "$i"; done
  await 120 are_ready || die "the nodes do not get ready"
  await 120 tells_metrics || die "nobody tells what pods use"
  say "Kubernetes $("$scratch/bin/kubectl" get node node-1 -o jsonpath='{.status.nodeInfo.kubeletVersion}')" \
    "with ${#nodes[@]} nodes is ready after $((SECONDS - began)) s"
}
