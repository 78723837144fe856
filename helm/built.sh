# What the programs in helm/ need built before they begin. They source this, and define say, and missing for Go.
# shellcheck shell=bash

newer() { # FILE SOURCE...: whether a source is newer than the file, or the file is not there
  [ ! -f "$1" ] || [ -n "$(find "${@:2}" -newer "$1" -not -path '*/target/*' -print -quit)" ]
}

readonly image=image/target/tandem-image.tar
build_image() {
  if newer "$image" pom.xml {protocol,registry,cluster,client,node,image}/{pom.xml,src/main} image/root image/assemble; then
    say "assembling the image"
    mvn -B -q -pl image -am -Pimage -DskipTests package
    touch "$image"
  fi
}

# Builds a program of Go modules that stands on Kubernetes, once for each state of its sources, and keeps it in the
# user's cache. Sets program. Calls missing where Go or the modules cannot be had, or when time runs out; what is
# compiled by then is kept for the next time.
go_program() { # DIRECTORY NAME SECONDS
  local directory=$1 limit=$3 wanted present cache key log version minor flags setting begun=$SECONDS status=0
  command -v go >/dev/null || missing "Go is missing"
  wanted=$(sed -n 's/^go //p' "$directory/go.mod")
  present=$(GOTOOLCHAIN=local go env GOVERSION)
  [ "$(printf '%s\n' "go$wanted" "$present" | sort -V | head -1)" = "go$wanted" ] ||
    missing "Go $wanted or newer is needed; found: $present"
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/tandem
  key=$({ go env GOVERSION GOARCH GOOS && cat "$directory"/go.mod "$directory"/go.sum "$directory"/*.go; } | sha256sum | cut -c1-16)
  program=$cache/$2-$key
  [ ! -x "$program" ] || return 0

  mkdir -p "$cache"
  log=$cache/$2.log
  say "downloading modules"
  (cd "$directory" && timeout 300 go mod download) >"$log" 2>&1 || {
    cat "$log" >&2
    missing "the modules cannot be had"
  }
  # As Kubernetes' own builds say it; the chart asks which version it is.
  version=$(sed -n 's|.*k8s.io/kubernetes \(v[0-9.]*\)$|\1|p' "$directory/go.mod")
  minor=${version#v1.}
  flags="-s -w"
  for setting in gitVersion="$version" gitMajor=1 gitMinor="${minor%%.*}"; do
    flags+=" -X k8s.io/component-base/version.$setting"
  done
  say "building Kubernetes $version; the first time takes some minutes, $limit s at most"
  (cd "$directory" && CGO_ENABLED=0 timeout "$limit" go build -trimpath -ldflags "$flags" -o "$program.new" .) \
    >"$log" 2>&1 || status=$?
  [ "$status" -ne 124 ] || missing "it is not built after $limit s; the next time goes on from there"
  [ "$status" -eq 0 ] || {
    cat "$log" >&2
    say "it does not compile" >&2
    exit 1
  }
  if compgen -G "$directory/*_test.go" >/dev/null; then
    (cd "$directory" && CGO_ENABLED=0 go test -trimpath -vet=off .) || exit 1
  fi
  rm -f "$cache/$2"-???????????????? "$log"
  mv "$program.new" "$program"
  say "built in $((SECONDS - begun)) s: $program"
}
