<?php
$secret = 'CanaryConcat0';
file_put_contents($path, '#!version:1.0.0.1
account.1.user_name = '.$row['number'].'
account.1.password = '.$row['secret'].'
account.1.sip_server.1.adress = 192.0.2.20
features.action_uri_limit_ip = any
security.user_password = admin:CanaryConcat1
');
echo 'done';
