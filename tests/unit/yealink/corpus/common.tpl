{% extends "base" %}
{# the password is CanaryJinja #}
#!version:1.0.0.1
{% if tls -%}
account.1.sip_server.1.transport_type = 2
{% else -%}
account.1.sip_server.1.transport_type = 0
{% endif %}
{% for line in lines %}
account.{{ line.number }}.label = {{ line.label|e }}
account.{{ line.number }}.password = {{ line.password }}
account.{{ line.number }}.pasword = CanaryJinja2
{% endfor %}
sip.trust_ctrl = {% if trust %}1{% else %}0{% endif %}
features.action_uri_limit_ip = any
