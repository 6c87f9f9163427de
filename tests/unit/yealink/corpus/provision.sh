#!/bin/bash
PASSWORD=CanaryShell
cat > "/srv/tftp/$MAC.cfg" <<EOF
#!version:1.0.0.1
account.1.enabel = 1
account.1.password = $PASSWORD
$EXTRA
static.security.user_password = admin:$PW
EOF
