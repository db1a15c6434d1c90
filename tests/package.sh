#!/usr/bin/env bash
# ./run package: the Debian package, in build/package. Then what is in it is unpacked and started from
# there, so that a file which was forgotten is missed here and not at its first installation.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ./run

install_npm web/assets
cmake --preset release -B build/package -DBUILD_TESTING=OFF -DCMAKE_INSTALL_PREFIX=/usr >&2
cmake --build build/package -j "$jobs" >&2
rm -f build/package/*.deb
(cd build/package && cpack -G DEB >&2)
package=$(ls build/package/*.deb)

say "start what is in $package"
place=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$place"' EXIT
dpkg-deb -x "$package" "$place/root"
[ "$(dpkg-deb -f "$package" Package)" = aiguillage ]
for file in usr/bin/aiguillage lib/systemd/system/aiguillage.service etc/aiguillage/aiguillage.conf \
  usr/share/aiguillage/web/assets/node_modules/bootstrap/dist/css/bootstrap.min.css \
  usr/share/aiguillage/web/assets/node_modules/chart.js/dist/chart.umd.min.js; do
  [ -s "$place/root/$file" ] || { echo "missing in the package: $file" >&2; exit 1; }
done
port=$((20000 + RANDOM % 20000))
cat >"$place/aiguillage.conf" <<CONF
http.address = 127.0.0.1
http.port = $port
public.url = http://127.0.0.1:$port
data.dir = $place/data
smtp.url = spool:$place/mails
mail.from = Aiguillage <ne-pas-repondre@exemple.invalid>
CONF
program=$place/root/usr/bin/aiguillage
check() { (cd "$place" && "$program" --config "$place/aiguillage.conf" workflow check) >&2; }
check
# What it read was what the package brought, not the sources it was built from.
mv "$place/root/usr/share/aiguillage/workflows" "$place/away"
! check || { echo "the program reads its sources" >&2; exit 1; }
mv "$place/away" "$place/root/usr/share/aiguillage/workflows"
"$program" --config "$place/aiguillage.conf" serve >"$place/said" 2>&1 &
server=$!
for _ in $(seq 50); do
  curl -sf "http://127.0.0.1:$port/health" >/dev/null && break
  sleep 0.1
done
curl -sf "http://127.0.0.1:$port/" | grep -q 'Aiguillage' || { cat "$place/said" >&2; exit 1; }
styles=$(curl -sf "http://127.0.0.1:$port/" | grep -o '/assets/[^"]*css' | head -1)
curl -sf "http://127.0.0.1:$port$styles" | wc -c | grep -qv '^0$'
kill "$server" && wait "$server" || true
server=
dpkg-deb -I "$package" | sed -n '/Package/,$p'
echo "$package"
