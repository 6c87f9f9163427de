<?php
$password = 'CanaryPhp';
$part = <<<'CFG'
#!version:1.0.0.1

[PROVISIONING]
static.auto_provision.url=https://prov.example.net/
static.provisioning.protocol=https
account.1.password={{PASSWORD}}
CFG;
echo $part;
