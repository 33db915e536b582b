# shellcheck shell=bash
# The worker for hosts that have nothing of Fleet: the program as it was built here, the .NET runtime that it runs on here, and
# its unit of systemd, in one archive.

# The directory that holds this machine's runtimes, whatever `dotnet` on the path is.
dotnet_root() {
  local shared
  shared=$(dotnet --list-runtimes | sed -nE 's/^Microsoft\.NETCore\.App 10\.[^ ]* \[(.*)\/Microsoft\.NETCore\.App\]$/\1/p' | tail -n 1)
  [[ -n $shared ]] || die "dotnet --list-runtimes names no Microsoft.NETCore.App 10."
  dirname -- "$shared"
}

newest_in() { printf '%s\n' "$1"/10.* | sort -V | tail -n 1; }

# worker_archive FILE USER: packs the worker, unless the file holds what is built now.
worker_archive() {
  local file=$1 user=$2 dll root stamp scratch=$FLEET_HOME/run/worker.$BASHPID known=$FLEET_HOME/run/.worker.archive fxr framework
  dll=$(binary Fleet.Worker)
  [[ -f $dll ]] || die "$dll is missing. Build it: compose/up.sh without FLEET_BUILD=0."
  root=$(dotnet_root)
  fxr=$(newest_in "$root/host/fxr")
  stamp=$( (echo "$root $fxr" && cd -- "$(dirname -- "$dll")" && find . -type f -newermt 1970-01-02 -printf '%P %s %T@\n' | sort &&
    cksum <"$CHECKOUT/compose/fleet-worker.service") | sha256sum | cut -d' ' -f1)
  [[ ! -s $file || $(cat -- "$known" 2>/dev/null) != "$stamp" ]] || return 0
  say "Packing the worker..."
  mkdir -p -- "$scratch/dotnet/host/fxr" "$scratch/dotnet/shared"
  cp -R -- "$(dirname -- "$dll")/." "$scratch/"
  rm -f -- "$scratch"/*.pdb "$scratch"/*.xml
  cp -L -- "$root/dotnet" "$scratch/dotnet/dotnet"
  cp -R -- "$fxr" "$scratch/dotnet/host/fxr/"
  for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    mkdir -- "$scratch/dotnet/shared/$framework"
    cp -R -- "$(newest_in "$root/shared/$framework")" "$scratch/dotnet/shared/$framework/"
  done
  cp -- "$CHECKOUT/compose/fleet-worker.service" "$scratch/"
  cat >"$scratch/start" <<'END'
#!/bin/sh
# The worker, on the runtime beside it.
here=$(dirname -- "$(readlink -f -- "$0")")
cd -- "$here" && exec ./dotnet/dotnet Fleet.Worker.dll "$@"
END
  chmod 755 -- "$scratch/start" "$scratch/dotnet/dotnet"
  chmod -R u=rwX,go=rX -- "$scratch"
  tar -C "$scratch" --owner=0 --group=0 -czf "$scratch.tar.gz" . || die "The worker could not be packed."
  rm -rf -- "$scratch"
  ((EUID != 0)) || chown -- "$user:" "$scratch.tar.gz"
  chmod 600 -- "$scratch.tar.gz"
  rm -f -- "$known"
  mv -T -- "$scratch.tar.gz" "$file"
  echo "$stamp" >"$known"
}
