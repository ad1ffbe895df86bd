#!/bin/sh
# The same script, the same callback, two initiators: one may read the responder, one may not.
set -eu
deputize=$1
cd "$(dirname "$0")"

for user in dana rob; do
  printf '\n$ deputize run acknowledge --as %s --payload samples/acknowledge.json --stand-ins\n\n' "$user"
  "$deputize" run acknowledge --as "$user" --payload samples/acknowledge.json --stand-ins
done
