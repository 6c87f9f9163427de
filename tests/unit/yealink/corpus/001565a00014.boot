#!version:1.0.0.1
include:config <common.cfg>
[T46S,T23G]include:config "y000000000066.cfg"
[T99X]include:config "special.cfg"
include:config https://prov:CanaryBoot@prov.example.net/extra.cfg
include:config http://192.0.2.9/plain.cfg
include:config "list.txt"
overwrite_mode = 2
sip.trust_ctrl = 1
