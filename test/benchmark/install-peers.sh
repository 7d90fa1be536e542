#!/usr/bin/env bash
# Installs the load generators that `npm run benchmark` measures against, and nginx, the server that all of them load.
# None is required: the benchmark runs against what it finds. Debian's packages need root; oha, vegeta and k6 are built
# from source into ~/.cargo/bin and ~/go/bin, in minutes. What cannot be had is said at the end, and the rest goes on.
set -uo pipefail

missing=()

have() { command -v "$1" >/dev/null || [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/$1" ] || [ -x "$(go_bin)/$1" ]; }
go_bin() { echo "${GOBIN:-$( (go env GOPATH 2>/dev/null || echo "$HOME/go") | cut -d: -f1)/bin}"; }
step() { printf '== %s\n' "$*"; }

debian() {
  local -A package_of=([wrk]=wrk [ab]=apache2-utils [h2load]=nghttp2-client [siege]=siege [hey]=hey [nginx]=nginx-light)
  local tool packages=()
  for tool in "${!package_of[@]}"; do
    # nginx lies in /usr/sbin, which is not on everybody's PATH.
    have "$tool" || [ -x "/usr/sbin/$tool" ] || packages+=("${package_of[$tool]}")
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  step "apt-get install ${packages[*]}"
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    missing+=("${packages[*]}: needs root and apt-get")
    return 0
  fi
  apt-get update -qq || true
  local package
  # One by one: what a release lacks must not keep the others away. nginx must not start by itself.
  for package in "${packages[@]}"; do
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 nice -n 19 \
      apt-get install -y -qq --no-install-recommends "$package" >/dev/null || missing+=("$package: apt-get failed")
  done
}

by_cargo() {
  have "$1" && return 0
  step "cargo install $1"
  if ! command -v cargo >/dev/null; then
    missing+=("$1: needs cargo (https://rustup.rs)")
    return 0
  fi
  nice -n 19 cargo install --quiet --locked "$1" || missing+=("$1: cargo install failed")
}

by_go() {
  have "$1" && return 0
  step "go install $2"
  if ! command -v go >/dev/null; then
    missing+=("$1: needs Go (https://go.dev/dl)")
    return 0
  fi
  # Stamping asks git about folders that may belong to somebody else.
  GOFLAGS=-buildvcs=false CGO_ENABLED=0 nice -n 19 go install "$2" || missing+=("$1: go install failed")
}

debian
by_go vegeta github.com/tsenart/vegeta/v12@latest
by_go k6 go.k6.io/k6@latest
by_cargo oha

if [ ${#missing[@]} -gt 0 ]; then
  step "could not be had:"
  printf '  %s\n' "${missing[@]}"
  exit 1
fi
step "every peer is here"
