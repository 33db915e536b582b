# shellcheck shell=bash
# Other machines come in by TLS alone: a second door of each edge and of the broker, with certificates by an authority of the
# fleet's own. What is on this machine keeps to the plain doors on 127.0.0.1.

TLS_DAYS=825       # of a certificate; made anew at a start in its last 60 days
AUTHORITY_DAYS=3650

TLS_SETTINGS=(FLEET_TLS FLEET_LISTEN FLEET_PUBLIC_HOST FLEET_EDGE_TLS_PORT FLEET_RABBITMQ_TLS_PORT)

load_tls() {
  local name
  setting FLEET_TLS 0 0 1
  setting FLEET_EDGE_TLS_PORT 8443 1 65535
  setting FLEET_RABBITMQ_TLS_PORT 5671 1 65535
  for name in FLEET_LISTEN FLEET_PUBLIC_HOST; do printf -v "$name" %s "${!name:-$(remembered "$name")}"; done
  FLEET_LISTEN=${FLEET_LISTEN:-127.0.0.1}
  [[ $FLEET_LISTEN =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}$ || ($FLEET_LISTEN == *:* && $FLEET_LISTEN =~ ^[0-9a-fA-F:.]+$) ]] ||
    wrong_setting "FLEET_LISTEN is '$FLEET_LISTEN', but must be an address of this machine, or 0.0.0.0 for all of them."
  if ((FLEET_TLS == 0)); then
    [[ $FLEET_LISTEN == @(127.*|::1) ]] ||
      wrong_setting "FLEET_LISTEN is '$FLEET_LISTEN', but without TLS the fleet listens on this machine alone. Set FLEET_TLS=1 too."
    FLEET_PUBLIC_HOST=
    return 0
  fi
  [[ -n $FLEET_PUBLIC_HOST ]] || FLEET_PUBLIC_HOST=$(public_host)
  [[ $FLEET_PUBLIC_HOST =~ ^[A-Za-z0-9.:-]{1,250}$ ]] ||
    wrong_setting "FLEET_PUBLIC_HOST is '$FLEET_PUBLIC_HOST', but must be the name or address by which other machines call this one."
}

public_host() {
  case $FLEET_LISTEN in
    0.0.0.0 | :: | 127.*) hostname -f 2>/dev/null || hostname ;;
    *) echo "$FLEET_LISTEN" ;;
  esac
}

bracketed() { if [[ $1 == *:* ]]; then echo "[$1]"; else echo "$1"; fi; }
edge_tls_port() { echo $((FLEET_EDGE_TLS_PORT + $1 - 1)); }
public_edge() { echo "https://$(bracketed "$FLEET_PUBLIC_HOST"):$(edge_tls_port 1)"; }
public_broker() { echo "amqps://$(bracketed "$FLEET_PUBLIC_HOST"):$FLEET_RABBITMQ_TLS_PORT"; }

# What runs keeps its doors: the settings of before hold until it is stopped.
refuse_moving_tls() {
  local name old
  for name in "${TLS_SETTINGS[@]}"; do
    old=$(remembered "$name")
    [[ $name != FLEET_TLS ]] || old=${old:-0}
    [[ -z $old || $old == "${!name}" ]] ||
      die "The fleet in $FLEET_HOME runs with $name=$old. To change it to ${!name}, stop it first: compose/down.sh"
  done
}

need_tls_ports() {
  local n
  ((FLEET_TLS == 1)) || return 0
  type -P openssl >/dev/null || die "FLEET_TLS=1 needs openssl. Please install it."
  need_port rabbitmq "$FLEET_RABBITMQ_TLS_PORT" FLEET_RABBITMQ_TLS_PORT
  for ((n = 1; n <= FLEET_EDGES; n++)); do need_port "edge-$n" "$(edge_tls_port "$n")" FLEET_EDGE_TLS_PORT; done
}

# --- certificates

authority_file() { echo "$FLEET_HOME/tls/ca.pem"; }

# The authority of this home, made once. Its key signs what is made here and never leaves the home.
make_authority() {
  local dir=$FLEET_HOME/tls
  [[ ! -s $dir/ca.pem ]] || return 0
  mkdir -p -- "$dir"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days "$AUTHORITY_DAYS" \
    -subj "/CN=Fleet $FLEET_ID" -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$dir/ca.key" -out "$dir/ca.pem.new" 2>"$dir/openssl.log" || die "No authority could be made: $(<"$dir/openssl.log")"
  mv -- "$dir/ca.pem.new" "$dir/ca.pem"
}

# The names for which a certificate is valid: by which others call this machine, and by which it calls itself.
certified_names() {
  local one names=DNS:localhost,IP:127.0.0.1,IP:::1
  for one in $(printf "%s\n" "$FLEET_PUBLIC_HOST" "$FLEET_LISTEN" | sort -u); do
    case $one in
      0.0.0.0 | :: | 127.* | ::1 | localhost) ;;
      *:*) names+=,IP:$one ;;
      *[!0-9.]*) names+=,DNS:$one ;;
      *) names+=,IP:$one ;;
    esac
  done
  echo "$names"
}

# certificate DIR USER: makes server.pem, server.key and ca.pem there, where they are missing, for other names, or nearly over.
certificate() {
  local dir=$1 user=$2 made=$FLEET_HOME/tls/making.$BASHPID names
  names=$(certified_names)
  locked .tls make_authority
  if [[ -s $dir/server.pem && $(cat -- "$dir/names" 2>/dev/null) == "$names" ]] && cmp -s -- "$dir/ca.pem" "$(authority_file)" &&
    openssl x509 -in "$dir/server.pem" -noout -checkend $((60 * 86400)) >/dev/null; then return; fi
  mkdir -p -- "$made"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$FLEET_ID" \
    -keyout "$made/server.key" -out "$made/request" 2>"$made/log" &&
    openssl x509 -req -in "$made/request" -CA "$(authority_file)" -CAkey "$FLEET_HOME/tls/ca.key" -sha256 -days "$TLS_DAYS" \
      -set_serial "0x$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" -out "$made/server.pem" 2>>"$made/log" \
      -extfile <(printf '%s\n' "subjectAltName=$names" basicConstraints=critical,CA:FALSE extendedKeyUsage=serverAuth \
        keyUsage=critical,digitalSignature) || die "No certificate could be made: $(<"$made/log")"
  cp -- "$(authority_file)" "$made/ca.pem"
  echo "$names" >"$made/names"
  rm -f -- "$made/request" "$made/log"
  ((EUID != 0)) || chown -R -- "$user:" "$made"
  rm -rf -- "$dir"
  mv -T -- "$made" "$dir"
}

# --- what the processes are told

# The addresses of an edge, and the certificate that it shows at the second one.
tell_edge_of_tls() {
  local dir
  ((FLEET_TLS == 1)) || return 0
  dir=$(own_dir edge)/tls
  locked .edge-tls certificate "$dir" "$(user_of edge)"
  Urls+=";https://$(bracketed "$FLEET_LISTEN"):$(edge_tls_port "$1")"
  export Kestrel__Certificates__Default__Path=$dir/server.pem Kestrel__Certificates__Default__KeyPath=$dir/server.key
}

# How Control tells other hosts to get their worker.
tell_control_of_tls() {
  local dir AS
  ((FLEET_TLS == 1)) || return 0
  dir=$(own_dir control)
  locked .tls make_authority
  act_as "$(user_of control)"
  # By its own user: what lies in its directory may be a link to anywhere
  # shellcheck disable=SC2016 # the inner shell's own arguments
  "${AS[@]}" sh -c 'umask 022 && cat >"$1.new" && mv -T -- "$1.new" "$1"' sh "$dir/ca.pem" <"$(authority_file)"
  export Agents__Install__Edge Agents__Install__Broker Agents__Install__CaFile=$dir/ca.pem
  export Agents__Install__Archive=$dir/worker.tar.gz
  Agents__Install__Edge=$(public_edge) Agents__Install__Broker=$(public_broker)
}

# The broker's second door. By it agents come in; who may do more logs in from this machine alone.
rabbitmq_tls_conf() {
  local dir=$1/tls login
  ((FLEET_TLS == 1)) || return 0
  locked .rabbitmq-tls certificate "$dir" rabbitmq
  cat <<END

# The door for other machines
listeners.ssl.1 = $FLEET_LISTEN:$FLEET_RABBITMQ_TLS_PORT
ssl_options.cacertfile = $dir/ca.pem
ssl_options.certfile = $dir/server.pem
ssl_options.keyfile = $dir/server.key
ssl_options.versions.1 = tlsv1.3
ssl_options.versions.2 = tlsv1.2
ssl_options.verify = verify_none
ssl_options.fail_if_no_peer_cert = false
END
  for login in "${BROKER_LOGINS[@]}"; do echo "loopback_users.$(broker_user "$login") = true"; done
}
