#!/bin/sh
# Without the identity provider nobody could sign in: the container says so at its start. The values go into JSON inside
# nginx's own quotes, so characters that would end either of them are refused.
set -eu
: "${ROTINA_OIDC_ISSUER:?set ROTINA_OIDC_ISSUER to the address of the identity provider}"
case "$ROTINA_OIDC_ISSUER$ROTINA_OIDC_CLIENT_ID$ROTINA_OIDC_AUDIENCE$ROTINA_OIDC_SCOPE" in
  *[\"\'\\\;\{\}\$]*)
    echo "ROTINA_OIDC_*: quotes, backslashes, semicolons, braces and dollar signs are not accepted" >&2
    exit 1
    ;;
esac
