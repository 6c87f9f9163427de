# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phones' parameters. Made by tools/build_yealink_parameters.py from tools/yealink-parameters.csv: edit those.

A row is: name (X, Y, Z stand for indexes); form of its values, '' where not known; factory default; first firmware, 0
where not known; first firmware that no longer has it, 0 for none; reboot (y, n, '' for unknown); confidence (d
documented, c comment in a template, t template, s seen, i inferred, n name only).
"""

from __future__ import annotations

ROWS: tuple[tuple[str, str, str, int, int, str, str], ...] = (
    ("account.X.100rel_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.acd.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.acd.initial_state", "enum:1|2", "1", 0, 0, "", "c"),
    ("account.X.acd.unavailable_reason_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.alert_info", "", "", 80, 0, "", "c"),
    ("account.X.alert_info_url_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.always_fwd.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.anonymous_call", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.auto_answer", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.backup_outbound_port", "", "5060", 80, 0, "", "c"),
    ("account.X.balance_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.bla_number", "range:60..7200", "300", 0, 0, "", "c"),
    ("account.X.bla_subscribe_period", "range:60..7200", "300", 0, 0, "", "c"),
    ("account.X.blf.blf_list_uri", "", "", 0, 0, "", "c"),
    ("account.X.blf.subscribe_event", "", "0", 0, 0, "", "c"),
    ("account.X.blf.subscribe_period", "range:30..2147483647", "1800", 0, 0, "", "c"),
    ("account.X.blf_list_barge_in_code", "", "", 0, 0, "", "c"),
    ("account.X.blf_list_code", "", "", 0, 0, "", "c"),
    ("account.X.blf_list_retrieve_call_parked_code", "", "", 80, 0, "", "c"),
    ("account.X.busy_fwd.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.bw_disp_code.Y", "", "", 84, 0, "", "c"),
    ("account.X.call_center.call_info_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.call_center.disp_code_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.call_center.emergency_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.call_center.play_bw_hold_tone_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.call_center.queue_status_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.call_center.queue_status_light_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.call_center.show_call_info_time", "", "30", 0, 0, "", "c"),
    ("account.X.call_center.trace_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.call_option.call_mode", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.call_option.local_video_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.callpark_enable", "", "0", 80, 0, "", "c"),
    ("account.X.check_cseq.enable", "enum:0|1", "", 80, 0, "", "t"),
    ("account.X.cid_source", "", "0", 0, 0, "", "c"),
    ("account.X.compact_header_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.conf_type", "enum:0|2", "0", 0, 0, "", "c"),
    ("account.X.conf_uri", "", "", 0, 0, "", "c"),
    ("account.X.cp_source", "enum:0|1|2", "1", 0, 0, "", "c"),
    ("account.X.dialoginfo_callpickup", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.direct_pickup_code", "", "", 0, 0, "", "c"),
    ("account.X.distinctive_ring_tones", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.dnd.enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("account.X.dns_cache_a.Y.ttl", "range:300..2147483647", "300", 0, 0, "", "c"),
    ("account.X.dns_cache_naptr.Y.order", "range:0..65535", "0", 0, 0, "", "c"),
    ("account.X.dns_cache_naptr.Y.preference", "range:0..65535", "0", 0, 0, "", "c"),
    ("account.X.dns_cache_naptr.Y.ttl", "range:300..2147483647", "300", 0, 0, "", "c"),
    ("account.X.dns_cache_srv.Y.port", "range:0..65535", "", 0, 0, "", "c"),
    ("account.X.dns_cache_srv.Y.priority", "range:0..65535", "0", 0, 0, "", "c"),
    ("account.X.dns_cache_srv.Y.ttl", "range:300..2147483647", "300", 0, 0, "", "c"),
    ("account.X.dns_cache_srv.Y.weight", "range:0..65535", "0", 0, 0, "", "c"),
    ("account.X.dns_query_timeout", "range:1..9", "8", 0, 0, "", "c"),
    ("account.X.dns_srv_type", "enum:0|1|2|3", "", 0, 0, "y", "c"),
    ("account.X.dtmf.dtmf_payload", "range:96..225", "101", 0, 0, "", "c"),
    ("account.X.dtmf.info_type", "enum:0|1|2|3", "0", 0, 0, "", "c"),
    ("account.X.dtmf.type", "enum:0|1|2|3", "1", 0, 0, "", "c"),
    ("account.X.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.enable_signal_encode", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.enable_user_equal_phone", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.expires", "", "3600", 0, 0, "", "c"),
    ("account.X.fallback.redundancy_type", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.fallback.timeout", "", "120", 0, 0, "", "c"),
    ("account.X.group_pickup_code", "", "", 0, 0, "", "c"),
    ("account.X.hoteling.auto_login_enable", "", "0", 0, 0, "", "c"),
    ("account.X.hoteling.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.idle_screen_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.missed_calllog", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.music_on_hold_type", "enum:0|1", "0", 0, 0, "y", "c"),
    ("account.X.music_server_uri", "", "", 0, 0, "y", "c"),
    ("account.X.mwi_parse_terminated", "", "0", 80, 0, "", "c"),
    ("account.X.nat.nat_traversal", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.nat.rport", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.nat.stun_port", "", "3478", 0, 0, "", "c"),
    ("account.X.nat.udp_update_enable", "enum:0|1|2|3", "1", 0, 0, "", "c"),
    ("account.X.nat.udp_update_time", "range:15..2147483647", "30", 0, 0, "", "c"),
    ("account.X.number_of_linekey", "", "1", 80, 0, "", "c"),
    ("account.X.out_dialog_blf_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.outbound_host", "", "", 70, 81, "n", "c"),
    ("account.X.outbound_port", "range:0..65535", "5060", 70, 81, "n", "c"),
    ("account.X.outbound_proxy.Y.address", "", "", 81, 0, "n", "t"),
    ("account.X.outbound_proxy.Y.failback_mode", "enum:0|1|2|3", "0", 84, 0, "", "c"),
    ("account.X.outbound_proxy.Y.failback_timeout", "", "3600", 84, 0, "", "c"),
    ("account.X.outbound_proxy.Y.port", "range:0..65535", "5060", 81, 0, "n", "t"),
    ("account.X.outbound_proxy.Y.register_on_enable", "enum:0|1", "0", 84, 0, "", "c"),
    ("account.X.outbound_proxy.Y.retry_counts", "", "3", 84, 0, "", "c"),
    ("account.X.outbound_proxy.Y.transport_type", "enum:0|1|2|3", "0", 0, 0, "", "c"),
    ("account.X.outbound_proxy_enable", "enum:0|1", "0", 70, 0, "n", "c"),
    ("account.X.phone_setting.call_appearance.transfer_via_new_linekey", "", "", 84, 0, "", "c"),
    ("account.X.picture_info_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.precondition", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.ptime", "", "20", 0, 0, "", "c"),
    ("account.X.reason_code.Y", "", "", 0, 0, "", "c"),
    ("account.X.reason_code_name.Y", "", "", 0, 0, "", "c"),
    ("account.X.reg_fail_retry_interval", "range:0..1800", "30", 0, 0, "", "c"),
    ("account.X.register_line", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.register_mac", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.reject_anonymous_call", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.reregister_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.send_anonymous_code", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.session_timer.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.session_timer.expires", "range:1..9999", "", 0, 0, "", "c"),
    ("account.X.session_timer.refresher", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.shared_line", "enum:0|1|2", "0", 0, 0, "", "c"),
    ("account.X.shared_line_callpull_code", "", "", 80, 0, "", "c"),
    ("account.X.shared_line_one_touch_bargein.enable", "", "1", 0, 0, "", "c"),
    ("account.X.shared_line_one_touch_retrieve.enable", "", "1", 0, 0, "", "c"),
    ("account.X.sip_listen_port", "range:0..65535", "5060", 70, 81, "", "c"),
    ("account.X.sip_server.Y.address", "", "", 70, 0, "n", "d"),
    ("account.X.sip_server.Y.expires", "range:30..2147483647", "3600", 70, 0, "n", "d"),
    ("account.X.sip_server.Y.failback_mode", "enum:0|1|2|3", "0", 70, 0, "n", "d"),
    ("account.X.sip_server.Y.failback_timeout", "", "3600", 0, 0, "", "c"),
    ("account.X.sip_server.Y.invite_retry_counts", "range:1..10", "3", 81, 0, "n", "d"),
    ("account.X.sip_server.Y.only_signal_with_registered", "enum:0|1", "0", 81, 0, "n", "d"),
    ("account.X.sip_server.Y.port", "range:0..65535", "5060", 70, 0, "n", "d"),
    ("account.X.sip_server.Y.register_on_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.sip_server.Y.retry_counts", "range:0..20", "3", 70, 0, "n", "d"),
    ("account.X.sip_server.Y.transport_type", "enum:0|1|2|3", "0", 80, 0, "n", "d"),
    ("account.X.sip_server_port", "", "5060", 0, 0, "", "c"),
    ("account.X.sip_server_type", "", "0", 0, 0, "", "c"),
    ("account.X.sip_trust_ctrl", "enum:0|1", "0", 70, 81, "n", "d"),
    ("account.X.srtp_auth_tag_mode", "", "0", 0, 0, "", "c"),
    ("account.X.srtp_encryption", "enum:0|1|2", "0", 70, 0, "n", "t"),
    ("account.X.srv_ttl_timer_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("account.X.static_cache_pri", "enum:0|1", "1", 0, 0, "", "c"),
    ("account.X.subscribe_acd_expires", "range:120..3600", "1800", 0, 0, "", "c"),
    ("account.X.subscribe_mwi", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.subscribe_mwi_expires", "range:0..84600", "3600", 0, 0, "", "c"),
    ("account.X.subscribe_mwi_to_vm", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.subscribe_register", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.supervisor_info_code.Y", "", "", 0, 0, "", "c"),
    ("account.X.supervisor_info_code_name.Y", "", "", 0, 0, "", "c"),
    ("account.X.timeout_fwd.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.transport", "enum:0|1|2|3", "0", 70, 80, "n", "d"),
    ("account.X.unregister_on_reboot", "enum:0|1", "0", 0, 0, "", "c"),
    ("account.X.xsi.host", "", "", 0, 0, "", "c"),
    ("account.X.xsi.password", "", "", 0, 0, "", "c"),
    ("account.X.xsi.port", "range:1..65535", "80", 0, 0, "", "c"),
    ("account.X.xsi.user", "", "", 0, 0, "", "c"),
    ("acd.auto_available", "enum:0|1", "0", 0, 0, "", "c"),
    ("acd.auto_available_timer", "range:0..120", "60", 0, 0, "", "c"),
    ("acd.enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("auto_provision.custom.protect", "enum:0|1", "0", 0, 0, "", "c"),
    ("auto_provision.custom.sync", "enum:0|1", "0", 0, 0, "", "c"),
    ("auto_provision.dhcp_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("auto_provision.dhcp_option.enable", "enum:0|1|4|5|6|7", "1", 0, 0, "", "c"),
    ("auto_provision.dhcp_option.list_user_options", "range:128..254", "", 0, 0, "", "c"),
    ("auto_provision.dhcp_option.option60_value", "", "yealink", 0, 0, "", "c"),
    ("auto_provision.mode", "enum:0|1|4|5|6|7", "1", 0, 81, "", "c"),
    ("auto_provision.mode_W52", "enum:0|1", "1", 0, 0, "", "c"),
    ("auto_provision.pnp_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("auto_provision.power_on", "enum:0|1|4|5|6|7", "0", 0, 0, "", "c"),
    ("auto_provision.repeat.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("auto_provision.repeat.minutes", "range:1..43200", "1440", 0, 0, "", "c"),
    ("auto_provision.schedule.dayofweek", "", "0123456", 0, 0, "", "c"),
    ("auto_provision.schedule.periodic_minute", "range:1..43200", "1440", 0, 0, "", "c"),
    ("auto_provision.schedule.time_from", "", "00:00", 0, 0, "", "c"),
    ("auto_provision.schedule.time_to", "", "00:00", 0, 0, "", "c"),
    ("auto_provision.weekly.begin_time", "", "00:00", 0, 0, "", "c"),
    ("auto_provision.weekly.enable", "enum:0|1|4|5|6|7", "0", 0, 0, "", "c"),
    ("auto_provision.weekly.enalbe", "enum:0|1", "0", 0, 0, "", "c"),
    ("auto_provision.weekly.end_time", "", "00:00", 0, 0, "", "c"),
    ("auto_provision.weekly.mask", "", "0123456", 0, 0, "", "c"),
    ("auto_redial.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("auto_redial.interval", "range:1..300", "10", 0, 0, "", "c"),
    ("auto_redial.times", "range:1..300", "10", 0, 0, "", "c"),
    ("base.pin_code", "", "0000", 70, 0, "", "n"),
    ("bw.behave_bw_dir", "enum:0|1", "1", 0, 0, "y", "c"),
    ("bw.behave_calllog", "enum:0|1", "1", 0, 0, "y", "c"),
    ("bw.calllog_and_dir", "enum:0|1", "0", 0, 0, "y", "c"),
    ("bw.directory_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("bw.feature_key_sync", "enum:0|1", "0", 0, 0, "", "c"),
    ("bw_phonebook.call_log_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("bw_phonebook.custom", "enum:0|1", "0", 0, 0, "", "c"),
    ("bw_phonebook.enterprise_common_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("bw_phonebook.enterprise_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("bw_phonebook.group_common_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("bw_phonebook.group_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("bw_phonebook.personal_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("call_waiting.enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("call_waiting.tone", "enum:0|1", "1", 0, 0, "", "c"),
    ("custom.handset.language", "enum:0|1|2|3|4|5|6|7|8|9|10|11", "", 83, 0, "", "c"),
    ("dialnow.item.X", "", "", 0, 0, "", "c"),
    ("dialplan.area_code.line_id", "", "1", 0, 0, "", "c"),
    ("dialplan.block_out.line_id.X", "", "", 70, 0, "n", "c"),
    ("dialplan.block_out.number.X", "", "", 70, 0, "n", "c"),
    ("dialplan.dialnow.line_id.X", "", "", 0, 0, "", "c"),
    ("dialplan.dialnow.rule.X", "", "", 0, 0, "", "c"),
    ("dialplan.emergency.X.server_priority", "", "1, 2, 3", 81, 0, "n", "d"),
    ("dialplan.emergency.X.value", "", "911", 81, 0, "n", "d"),
    ("dialplan.emergency.enable", "enum:0|1", "1", 81, 0, "n", "d"),
    ("dialplan.emergency.server.X.transport_type", "enum:0|1|2|3", "0", 81, 0, "n", "d"),
    ("dialplan.item.X", "enum:0|1", "", 0, 0, "", "c"),
    ("dialplan.replace.prefix.X", "", "", 0, 0, "", "c"),
    ("directory.incoming_call_match_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("directory.update_time_interval", "range:2..43200", "60", 0, 0, "", "c"),
    ("distinctive_ring_tones.alert_info.X.ringer", "enum:1|2|3|4|5|6|7|8", "1", 0, 0, "", "c"),
    ("distinctive_ring_tones.alert_info.X.text", "", "", 0, 0, "", "c"),
    ("expansion_module.X.key.Y.line", "", "0", 0, 0, "", "c"),
    ("features.action_uri.enable", "enum:0|1", "1", 81, 0, "n", "d"),
    ("features.action_uri_limit_ip", "addresses", "", 70, 0, "n", "d"),
    ("features.allow_mute", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.auto_answer_delay", "range:1..4", "1", 81, 0, "", "c"),
    ("features.auto_exit_logon_wizard.enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.auto_release_bla_line", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.blf_active_backlight.enable", "enum:0|1", "", 81, 0, "", "c"),
    ("features.blf_and_callpark_idle_led_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.blf_led_mode", "", "0", 0, 0, "", "c"),
    ("features.blf_list_version", "enum:0|1", "0", 0, 0, "y", "c"),
    ("features.busy_tone_delay", "", "0", 81, 0, "", "c"),
    ("features.call_completion_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.call_park.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.call_park.group_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.call_park.park_ring", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.call_park.park_visual_notify_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.conference_enable", "enum:0|1", "1", 0, 0, "y", "c"),
    ("features.config_dsskey_length", "enum:0|1", "", 81, 0, "", "c"),
    ("features.csta_control.enable", "enum:0|1", "0", 81, 0, "", "t"),
    ("features.direct_ip_call_enable", "enum:0|1", "1", 70, 0, "n", "d"),
    ("features.dnd.emergency_enable", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.dnd.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.dnd_mode", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.dnd_refuse_code", "enum:404|480|486|603", "480", 70, 0, "n", "c"),
    ("features.dsskey_blind_tran", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.dtmf.hide", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.dtmf.hide_delay", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.dtmf.repetition", "", "3", 81, 0, "", "c"),
    ("features.dtmf.replace_tran", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.export_cfg_erase_pwd", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.factory_pwd_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.forward.emergency.enable", "enum:0|1", "1", 80, 0, "", "c"),
    ("features.fullscreen_local_visible", "enum:0|1", "1", 0, 0, "", "c"),
    ("features.fwd_diversion_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("features.fwd_mode", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.headset_play_phone_ringtone.enable", "enum:0|1", "0", 80, 0, "", "c"),
    ("features.headset_prior", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.headset_training", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.hide_feature_access_codes.enable", "enum:0|1", "", 81, 0, "", "c"),
    ("features.history_save_display", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.hold_trans_delay", "", "0", 81, 0, "", "c"),
    ("features.hoteling.enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("features.hotline_delay", "range:0..180", "4", 81, 0, "", "c"),
    ("features.hotline_number", "range:0..180", "4", 81, 0, "", "c"),
    ("features.intercom.allow", "enum:0|1", "1", 70, 0, "n", "c"),
    ("features.intercom.barge", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.intercom.mute", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.intercom.tone", "enum:0|1", "1", 0, 0, "", "c"),
    ("features.keep_switch_page_key.enable", "enum:0|1", "", 0, 0, "", "c"),
    ("features.key_tone", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.normal_refuse_code", "enum:404|480|486|603", "486", 70, 0, "n", "d"),
    ("features.partition_tone", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.password_dial.enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.pickup.blf_audio_enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.pickup.blf_visual_enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.pickup.direct_pickup_code", "", "", 81, 0, "", "c"),
    ("features.pickup.direct_pickup_enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.pickup.group_pickup_code", "", "", 81, 0, "", "c"),
    ("features.pickup.group_pickup_enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.play_hold_tone.delay", "", "30", 81, 0, "", "c"),
    ("features.play_hold_tone.enable", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.play_local_dtmf_tone_enable", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.pound_key.mode", "", "1", 81, 0, "", "c"),
    ("features.power_led_on", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.reboot_in_talk_enable", "", "0", 80, 0, "", "c"),
    ("features.redial_tone", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.relog_offtime", "range:1..1000", "5", 70, 0, "n", "d"),
    ("features.remote_phonebook.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.remote_phonebook.enter_update_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("features.remote_phonebook.flash_time", "zero or range:3600..2592000", "3600", 81, 0, "", "c"),
    ("features.ringer_device.is_use_headset", "enum:0|1|2", "0", 81, 0, "", "c"),
    ("features.save_call_history", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.save_init_num_to_history.enable", "enum:0|1", "1", 80, 0, "", "c"),
    ("features.send_key_tone", "enum:0|1", "1", 81, 0, "", "c"),
    ("features.send_pound_key", "enum:0|1", "0", 81, 0, "", "c"),
    ("features.show_action_uri_option", "enum:0|1", "1", 81, 0, "n", "d"),
    ("features.show_default_account", "", "0", 81, 0, "", "c"),
    ("features.voice_mail_tone_enable", "enum:0|1", "1", 81, 0, "", "c"),
    ("forward.always.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("forward.busy.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("forward.international.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("forward.no_answer.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("gui_lang.delete", "", "http://localhost/all", 0, 0, "", "c"),
    ("handset.X.contact_list.url", "", "", 83, 0, "", "c"),
    ("handset.X.ipui", "", "", 0, 0, "", "c"),
    ("hotdesking.dsskey_outbound_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.dsskey_password_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.dsskey_register_name_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.dsskey_sip_server_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.dsskey_username_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.startup_outbound_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.startup_password_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.startup_register_name_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.startup_sip_server_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("hotdesking.startup_username_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("lang.gui", "", "English", 0, 0, "", "c"),
    ("lang.wui", "", "English", 0, 0, "", "c"),
    ("lcd_logo.delete", "", "http://localhost/all", 0, 0, "", "c"),
    ("ldap.base", "", "", 0, 0, "", "c"),
    ("ldap.call_in_lookup", "enum:0|1", "0", 0, 0, "", "c"),
    ("ldap.dial_lookup", "enum:0|1", "0", 0, 0, "", "c"),
    ("ldap.display_name", "", "", 0, 0, "", "c"),
    ("ldap.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("ldap.host", "", "", 0, 0, "", "c"),
    ("ldap.incoming_call_special_search.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("ldap.ldap_sort", "enum:0|1", "0", 0, 0, "", "c"),
    ("ldap.max_hits", "range:1..32000", "50", 0, 0, "", "c"),
    ("ldap.name_attr", "", "", 0, 0, "", "c"),
    ("ldap.name_filter", "", "", 0, 0, "", "c"),
    ("ldap.numb_attr", "", "", 0, 0, "", "c"),
    ("ldap.number_filter", "", "", 0, 0, "", "c"),
    ("ldap.password", "", "", 0, 0, "", "c"),
    ("ldap.port", "range:1..65535", "389", 0, 0, "", "c"),
    ("ldap.search_delay", "range:0..2000", "0", 0, 0, "", "c"),
    ("ldap.tls_mode", "", "0", 0, 0, "", "c"),
    ("ldap.user", "", "", 0, 0, "", "c"),
    ("ldap.version", "", "3", 0, 0, "", "c"),
    ("local_time.date_format", "enum:0|1|2|3|4|5|6", "0", 0, 0, "", "c"),
    ("local_time.dhcp_time", "enum:0|1", "0", 0, 0, "", "c"),
    ("local_time.dst_time_type", "enum:0|1", "0", 0, 0, "", "c"),
    ("local_time.end_time", "", "12/31/23", 0, 0, "", "c"),
    ("local_time.interval", "range:15..86400", "1000", 0, 0, "", "c"),
    ("local_time.manual_ntp_srv_prior", "enum:0|1", "0", 0, 0, "", "c"),
    ("local_time.manual_time_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("local_time.ntp_server1", "", "cn.pool.ntp.org", 0, 0, "", "c"),
    ("local_time.offset_time", "range:-300..300", "", 0, 0, "", "c"),
    ("local_time.start_time", "", "1/1/0", 0, 0, "", "c"),
    ("local_time.summer_time", "enum:0|1|2", "2", 0, 0, "", "c"),
    ("local_time.time_format", "", "1", 0, 0, "", "c"),
    ("local_time.time_zone", "", "+8", 0, 0, "", "c"),
    ("managementserver.enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("managementserver.periodic_inform_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("managementserver.periodic_inform_interval", "", "60", 0, 0, "y", "c"),
    ("multicast.listen_address.X.ip_address", "", "", 81, 0, "", "c"),
    ("multicast.listen_address.X.label", "", "", 81, 0, "", "c"),
    ("multicast.receive.use_speaker", "range:1..31", "", 81, 0, "", "c"),
    ("multicast.receive_priority.enable", "enum:0|1", "1", 81, 0, "", "c"),
    ("multicast.receive_priority.priority", "range:0..10", "", 81, 0, "", "c"),
    ("network.802_1x.mode", "enum:0|1|2|3", "0", 0, 0, "y", "c"),
    ("network.802_1x.mode_W52", "", "0", 0, 0, "", "c"),
    ("network.802_1x.proxy_eap_logoff.enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("network.attempt_expired_time", "range:0..300", "10", 0, 0, "", "c"),
    ("network.bridge_mode", "enum:0|1", "1", 0, 0, "y", "c"),
    ("network.dhcp.end_ip", "", "10.0.0.100", 0, 0, "", "c"),
    ("network.dhcp.start_ip", "", "10.0.0.10", 0, 0, "", "c"),
    ("network.internet_port.speed_duplex", "enum:0|1|2|3|4", "0", 0, 0, "y", "c"),
    ("network.internet_port.type", "enum:0|1|2", "0", 0, 0, "y", "c"),
    ("network.ip_address_mode", "enum:0|1|2", "", 0, 0, "y", "c"),
    ("network.lldp.enable", "enum:0|1", "1", 0, 0, "y", "c"),
    ("network.lldp.packet_interval", "range:1..3600", "60", 0, 0, "y", "c"),
    ("network.mtu_value", "range:128..1500", "1500", 0, 0, "y", "c"),
    ("network.pc_port.dhcp_server", "enum:0|1", "1", 81, 0, "y", "c"),
    ("network.pc_port.enable", "", "1", 0, 0, "y", "c"),
    ("network.pc_port.ip", "", "10.0.0.1", 0, 0, "y", "c"),
    ("network.pc_port.mask", "", "255.255.255.0", 0, 0, "y", "c"),
    ("network.pc_port.speed_duplex", "", "0", 0, 0, "y", "c"),
    ("network.port.http", "range:0..65535", "80", 0, 0, "y", "c"),
    ("network.port.https", "range:0..65535", "443", 0, 0, "y", "c"),
    ("network.port.max_rtpport", "range:0..65535", "11800", 0, 0, "y", "c"),
    ("network.port.min_rtpport", "range:0..65535", "11780", 0, 0, "y", "c"),
    ("network.qos.rtptos", "range:0..63", "46", 0, 0, "y", "c"),
    ("network.qos.signaltos", "range:0..63", "26", 0, 0, "y", "c"),
    ("network.sip.tag_mac_to_ua.enable", "enum:0|1", "", 81, 0, "y", "c"),
    ("network.snmp.enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("network.snmp.port", "range:0..65535", "514", 81, 0, "y", "c"),
    ("network.span_to_pc_port", "enum:0|1", "0", 0, 0, "y", "c"),
    ("network.vlan.dhcp_enable", "enum:0|1", "1", 0, 0, "y", "c"),
    ("network.vlan.dhcp_option", "range:0..255", "", 0, 0, "y", "c"),
    ("network.vlan.internet_port_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("network.vlan.internet_port_priority", "range:0..7", "0", 0, 0, "y", "c"),
    ("network.vlan.internet_port_vid", "range:0..4094", "1", 0, 0, "y", "c"),
    ("network.vlan.pc_port_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("network.vlan.pc_port_mode", "enum:0|1", "0", 0, 0, "y", "c"),
    ("network.vlan.pc_port_priority", "range:0..7", "0", 0, 0, "y", "c"),
    ("network.vlan.pc_port_vid", "range:1..4094", "1", 0, 0, "y", "c"),
    ("network.vpn_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("network.web_server_type", "enum:0|1|2|3", "1", 70, 81, "y", "c"),
    ("phone_setting.account_show_enable", "enum:0|1", "1", 0, 0, "y", "c"),
    ("phone_setting.action_uri_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("phone_setting.active_backlight_level", "range:1..10", "2", 81, 0, "", "c"),
    ("phone_setting.active_backlight_level_t2x", "range:1..3", "2", 0, 0, "", "c"),
    ("phone_setting.auto_blf_list_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.backlight_time", "enum:0|1", "0", 81, 0, "", "c"),
    ("phone_setting.blf_list_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.blf_list_sequence_type", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.common_power_led_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.contrast", "range:1..10", "6", 81, 0, "", "c"),
    ("phone_setting.custom_softkey_enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("phone_setting.dialnow_delay", "range:1..14", "1", 81, 0, "", "c"),
    ("phone_setting.dsskey_hide_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("phone_setting.emergency.number", "numbers", "112,911,110", 70, 0, "n", "c"),
    ("phone_setting.end_call_net_disconnect.enable", "enum:0|1", "", 81, 0, "", "c"),
    ("phone_setting.flash_hook_timer", "range:0..799", "1", 81, 0, "", "c"),
    ("phone_setting.hold_power_led_flash_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.inactive_backlight_level", "range:1..10", "1", 81, 0, "", "c"),
    ("phone_setting.inter_digit_time", "range:1..14", "4", 81, 0, "", "c"),
    ("phone_setting.is_deal180", "enum:0|1", "1", 81, 0, "", "c"),
    ("phone_setting.lcd_logo.mode", "enum:0|1|2", "0", 81, 0, "", "c"),
    ("phone_setting.lock", "enum:0|1|2|3|4", "0", 70, 80, "n", "c"),
    ("phone_setting.logon_wizard", "enum:0|1", "0", 81, 0, "", "c"),
    ("phone_setting.mail_power_led_flash_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.missed_call_power_led_flash.enable", "enum:0|1", "", 81, 0, "", "c"),
    ("phone_setting.mute_power_led_flash_enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("phone_setting.network_disconnect_keepalive.time", "range:1..9", "", 0, 0, "", "c"),
    ("phone_setting.page_tip", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.parse_ring_url_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("phone_setting.phone_lock.enable", "enum:0|1", "0", 80, 0, "n", "c"),
    ("phone_setting.phone_lock.lock_key_type", "enum:0|1|2", "0", 80, 0, "n", "c"),
    ("phone_setting.phone_lock.lock_time_out", "range:0..3600", "0", 70, 0, "n", "c"),
    ("phone_setting.phone_lock.unlock_pin", "digits", "123", 70, 0, "n", "c"),
    ("phone_setting.predial_autodial", "enum:0|1", "0", 81, 0, "", "c"),
    ("phone_setting.ring_for_tranfailed", "", "Ring1.wav", 81, 0, "", "c"),
    ("phone_setting.ring_type", "", "Ring1.wav", 81, 0, "", "c"),
    ("phone_setting.shortcuts_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.show_code403", "", "", 81, 0, "", "c"),
    ("phone_setting.sms_popup_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("phone_setting.softkey_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("phone_setting.tel_mode", "enum:0|1", "0", 0, 0, "", "c"),
    ("phone_setting.theme", "enum:0|1|2|3", "0", 0, 0, "", "c"),
    ("push_xml.block_in_calling", "enum:0|1", "0", 70, 0, "n", "c"),
    ("push_xml.sip_notify", "enum:0|1", "0", 70, 0, "n", "c"),
    ("redirect.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("remote_phonebook.data.X.url", "", "", 84, 0, "", "c"),
    ("remote_phonebook.display_name", "range:1..5", "", 0, 0, "", "c"),
    ("ringtone.delete", "", "http://localhost/all", 0, 0, "", "c"),
    ("security.ca_cert", "enum:0|1|2", "0", 0, 0, "y", "c"),
    ("security.cn_validation", "enum:0|1", "0", 0, 0, "y", "c"),
    ("security.default_access_level", "enum:0|1|2", "", 0, 0, "y", "c"),
    ("security.dev_cert", "enum:0|1", "0", 0, 0, "y", "c"),
    ("security.tls_cipher_list", "", "", 83, 0, "", "t"),
    ("security.trust_certificates", "enum:0|1", "1", 0, 0, "y", "c"),
    ("security.user_name.admin", "", "admin", 0, 0, "", "c"),
    ("security.user_name.user", "", "user", 0, 0, "", "c"),
    ("security.user_name.var", "", "custom", 0, 0, "", "c"),
    ("security.user_password", "user:password", "user:user / admin:admin", 70, 0, "n", "d"),
    ("security.var_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("server_certificates.delete", "", "http://localhost/all", 0, 0, "", "c"),
    ("server_certificates.url", "", "http://localhost/all", 86, 0, "", "c"),
    ("sip.call_park_without_blf", "enum:0|1", "0", 0, 0, "y", "c"),
    ("sip.check_autop_result_before_register", "enum:0|1", "0", 0, 0, "", "c"),
    ("sip.listen_mode", "enum:0|1|2", "0", 80, 0, "", "c"),
    ("sip.listen_port", "range:1..65535", "5060", 80, 0, "", "t"),
    ("sip.nat_stun.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("sip.notify_reboot_enable", "enum:0|1|2", "1", 70, 0, "n", "d"),
    ("sip.refer_by_header_auto_build", "enum:0|1", "0", 0, 0, "y", "c"),
    ("sip.reg_surge_prevention", "range:0..60", "0", 0, 0, "", "c"),
    ("sip.reserve_characters", "", "", 84, 0, "", "c"),
    ("sip.rfc2543_hold", "enum:0|1", "0", 0, 0, "", "c"),
    ("sip.tcp_port_random_mode", "enum:0|1|2", "0", 80, 0, "y", "c"),
    ("sip.tls_listen_port", "range:1..65535", "5061", 80, 0, "", "i"),
    ("sip.trust_ctrl", "enum:0|1", "0", 80, 0, "n", "d"),
    ("sip.use_23_as_pound", "enum:0|1", "1", 0, 0, "", "c"),
    ("sip.use_out_bound_in_dialog", "enum:0|1", "1", 0, 0, "", "c"),
    ("softkey.X.softkey_id", "", "", 84, 0, "", "c"),
    ("static.auto_provision.aes_key.com", "key:16|32", "", 84, 0, "", "d"),
    ("static.auto_provision.aes_key.mac", "key:16|32", "", 84, 0, "", "d"),
    ("static.auto_provision.aes_key_16.com", "key:16", "", 81, 0, "", "d"),
    ("static.auto_provision.aes_key_16.mac", "key:16", "", 81, 0, "", "d"),
    ("static.auto_provision.aes_key_in_file", "enum:0|1", "0", 81, 0, "", "d"),
    ("static.auto_provision.boot_discovery.order", "", "", 86, 0, "", "s"),
    ("static.auto_provision.connect.keep_alive", "enum:0|1", "", 83, 0, "", "d"),
    ("static.auto_provision.custom.protect", "enum:0|1", "0", 81, 0, "n", "d"),
    ("static.auto_provision.custom.sync", "enum:0|1", "0", 81, 0, "n", "c"),
    ("static.auto_provision.custom.sync.path", "", "", 81, 0, "n", "t"),
    ("static.auto_provision.custom.upload_method", "", "0", 81, 0, "n", "t"),
    ("static.auto_provision.dhcp_option.enable", "enum:0|1", "1", 81, 0, "", "c"),
    ("static.auto_provision.dhcp_option.list_user_options", "", "", 81, 0, "", "c"),
    ("static.auto_provision.dhcp_option.option60_value", "", "yealink", 81, 0, "", "c"),
    ("static.auto_provision.encryption.config", "enum:0|1", "0", 81, 0, "", "d"),
    ("static.auto_provision.encryption.directory", "enum:0|1", "0", 81, 0, "", "d"),
    ("static.auto_provision.flexible.begin_time", "time", "02:00", 81, 0, "", "d"),
    ("static.auto_provision.flexible.enable", "enum:0|1", "0", 81, 0, "", "d"),
    ("static.auto_provision.flexible.interval", "range:1..1000", "30", 81, 0, "", "d"),
    ("static.auto_provision.mode", "enum:0|1|4|5|6|7", "1", 70, 81, "", "c"),
    ("static.auto_provision.pnp_enable", "enum:0|1", "1", 81, 0, "", "c"),
    ("static.auto_provision.power_on", "enum:0|1", "1", 81, 0, "", "c"),
    ("static.auto_provision.prompt.enable", "enum:0|1", "0", 81, 0, "", "d"),
    ("static.auto_provision.reboot_force.enable", "enum:0|1", "", 80, 0, "y", "c"),
    ("static.auto_provision.repeat.enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("static.auto_provision.repeat.minutes", "range:1..43200", "1440", 81, 0, "", "c"),
    ("static.auto_provision.server.password", "", "", 81, 0, "", "c"),
    ("static.auto_provision.server.url", "url:tftp|ftp|http|https", "", 81, 0, "", "t"),
    ("static.auto_provision.server.username", "", "", 81, 0, "", "c"),
    ("static.auto_provision.update_file_mode", "enum:0|1", "0", 81, 0, "", "d"),
    ("static.auto_provision.user_agent_mac.enable", "enum:0|1", "1", 81, 0, "", "i"),
    ("static.auto_provision.weekly.begin_time", "time", "00:00", 81, 0, "", "d"),
    ("static.auto_provision.weekly.dayofweek", "weekdays", "0123456", 81, 0, "", "d"),
    ("static.auto_provision.weekly.enable", "enum:0|1", "0", 81, 0, "", "d"),
    ("static.auto_provision.weekly.end_time", "time", "00:00", 81, 0, "", "d"),
    ("static.auto_provision.weekly_upgrade_interval", "range:0..12", "0", 81, 0, "", "d"),
    ("static.autoprovision.X.code", "", "", 0, 0, "y", "c"),
    ("static.autoprovision.X.com_aes", "", "", 0, 0, "y", "c"),
    ("static.autoprovision.X.mac_aes", "", "", 0, 0, "y", "c"),
    ("static.autoprovision.X.name", "", "", 0, 0, "y", "c"),
    ("static.autoprovision.X.password", "", "", 0, 0, "y", "c"),
    ("static.autoprovision.X.url", "", "", 0, 0, "y", "c"),
    ("static.autoprovision.X.user", "", "", 0, 0, "y", "c"),
    ("static.custom_mac_cfg.url", "", "", 0, 0, "", "c"),
    ("static.firmware.url", "", "", 81, 0, "", "t"),
    ("static.lang.gui", "", "English", 0, 0, "", "c"),
    ("static.managementserver.enable", "enum:0|1", "0", 81, 0, "y", "t"),
    ("static.managementserver.periodic_inform_enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("static.network.802_1x.identity", "", "", 81, 0, "y", "c"),
    ("static.network.802_1x.md5_password", "", "", 81, 0, "y", "c"),
    ("static.network.802_1x.mode", "", "0", 81, 0, "y", "c"),
    ("static.network.802_1x.proxy_eap_logoff.enable", "enum:0|1", "0", 0, 0, "y", "c"),
    ("static.network.cdp.enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("static.network.cdp.packet_interval", "range:1..3600", "", 0, 0, "", "c"),
    ("static.network.internet_port.speed_duplex", "", "0", 0, 0, "y", "c"),
    ("static.network.ip_address_mode", "enum:0|1|2", "0", 0, 0, "y", "c"),
    ("static.network.lldp.enable", "enum:0|1", "1", 81, 0, "y", "c"),
    ("static.network.lldp.packet_interval", "range:1..3600", "60", 0, 0, "y", "c"),
    ("static.network.mtu_value", "range:128..1500", "1500", 0, 0, "y", "c"),
    ("static.network.pc_port.enable", "", "1", 0, 0, "y", "c"),
    ("static.network.pc_port.speed_duplex", "", "0", 0, 0, "y", "c"),
    ("static.network.port.http", "range:1..65535", "80", 81, 0, "y", "c"),
    ("static.network.port.https", "range:1..65535", "443", 81, 0, "y", "c"),
    ("static.network.port.max_rtpport", "range:0..65535", "12780", 0, 0, "y", "c"),
    ("static.network.port.min_rtpport", "range:0..65535", "11780", 0, 0, "y", "c"),
    ("static.network.qos.audiotos", "range:0..63", "46", 0, 0, "y", "c"),
    ("static.network.qos.rtptos", "range:0..63", "46", 0, 0, "y", "c"),
    ("static.network.qos.signaltos", "range:0..63", "26", 0, 0, "y", "c"),
    ("static.network.qos.videotos", "range:0..63", "34", 0, 0, "y", "c"),
    ("static.network.snmp.enable", "enum:0|1", "0", 81, 83, "y", "c"),
    ("static.network.span_to_pc_port", "enum:0|1", "0", 81, 0, "y", "c"),
    ("static.network.vlan.dhcp_enable", "enum:0|1", "1", 81, 0, "y", "c"),
    ("static.network.vlan.internet_port_enable", "enum:0|1", "0", 81, 0, "y", "c"),
    ("static.network.vlan.internet_port_priority", "range:0..7", "0", 81, 0, "y", "c"),
    ("static.network.vlan.internet_port_vid", "range:1..4094", "1", 81, 0, "y", "c"),
    ("static.network.vpn_enable", "enum:0|1", "0", 81, 0, "y", "c"),
    ("static.openvpn.url", "", "", 81, 0, "", "t"),
    ("static.security.ca_cert", "enum:0|1|2", "2", 81, 0, "y", "c"),
    ("static.security.cn_validation", "enum:0|1", "0", 81, 0, "y", "c"),
    ("static.security.default_access_level", "enum:0|1|2", "0", 80, 0, "y", "d"),
    ("static.security.default_ssl_method", "enum:0|3|4|5", "3", 81, 0, "", "c"),
    ("static.security.dev_cert", "enum:0|1", "0", 81, 0, "y", "c"),
    ("static.security.trust_certificates", "enum:0|1", "1", 81, 0, "y", "c"),
    ("static.security.user_name.admin", "", "admin", 81, 0, "n", "c"),
    ("static.security.user_name.user", "", "user", 81, 0, "n", "c"),
    ("static.security.user_name.var", "", "var", 81, 0, "n", "c"),
    ("static.security.user_password", "user:password", "user:user / admin:admin", 81, 0, "n", "d"),
    ("static.security.var_enable", "enum:0|1", "0", 81, 0, "y", "c"),
    ("static.server_certificates.delete", "", "", 81, 0, "", "c"),
    ("static.server_certificates.url", "", "", 81, 0, "", "d"),
    ("static.syslog.enable", "enum:0|1", "0", 81, 0, "", "t"),
    ("static.syslog.level", "range:0..6", "3", 81, 0, "", "c"),
    ("static.syslog.log_level", "range:0..6", "3", 0, 0, "y", "c"),
    ("static.syslog.server", "", "", 81, 0, "y", "t"),
    ("static.trusted_certificates.delete", "", "", 81, 0, "n", "c"),
    ("static.trusted_certificates.url", "", "", 81, 0, "n", "d"),
    ("static.wui.http_enable", "enum:0|1", "1", 81, 0, "y", "c"),
    ("static.wui.https_enable", "enum:0|1", "1", 81, 0, "y", "c"),
    ("static.zero_touch.enable", "enum:0|1", "0", 81, 0, "", "c"),
    ("static.zero_touch.wait_time", "range:0..100", "5", 81, 0, "", "c"),
    ("super_search.dial_pad", "enum:0|1", "1", 0, 0, "", "c"),
    ("super_search.recent_call", "enum:0|1", "1", 0, 0, "", "c"),
    ("syslog.log_level", "range:0..6", "3", 0, 0, "y", "c"),
    ("syslog.mode", "enum:0|1", "0", 0, 81, "y", "c"),
    ("syslog.server", "", "", 0, 0, "y", "c"),
    ("transfer.blind_tran_on_hook_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("transfer.dsskey_deal_type", "enum:0|1|2", "2", 0, 0, "", "c"),
    ("transfer.multi_call_trans_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("transfer.on_hook_trans_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("transfer.semi_attend_tran_enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("transfer.tran_others_after_conf_enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("voice.call_preview_mode", "enum:1|2|3", "", 0, 0, "", "c"),
    ("voice.cng", "enum:0|1", "1", 0, 0, "", "c"),
    ("voice.echo_cancellation", "enum:0|1", "1", 0, 0, "", "c"),
    ("voice.group_spk_vol", "range:0..15", "8", 81, 0, "", "c"),
    ("voice.handfree.spk_vol", "range:0..15", "8", 81, 0, "", "c"),
    ("voice.handfree.tone_vol", "range:0..15", "8", 81, 0, "", "c"),
    ("voice.handfree_send", "range:1..53", "25", 81, 0, "y", "c"),
    ("voice.handset.spk_vol", "range:0..15", "8", 81, 0, "", "c"),
    ("voice.handset.tone_vol", "range:0..15", "8", 81, 0, "", "c"),
    ("voice.handset_send", "range:1..53", "35", 81, 0, "y", "c"),
    ("voice.headset.spk_vol", "range:0..15", "8", 81, 0, "", "c"),
    ("voice.headset.tone_vol", "range:0..15", "8", 81, 0, "", "c"),
    ("voice.headset_send", "range:1..53", "29", 81, 0, "y", "c"),
    ("voice.jib.adaptive", "enum:0|1", "1", 0, 0, "", "c"),
    ("voice.jib.max", "", "300", 0, 0, "", "c"),
    ("voice.jib.min", "", "0", 0, 0, "", "c"),
    ("voice.jib.normal", "", "120", 0, 0, "", "c"),
    ("voice.ring_vol", "range:0..15", "8", 81, 0, "", "c"),
    ("voice.side_tone", "range:-48..0", "-3", 80, 0, "", "c"),
    ("voice.tone.country", "", "Custom", 81, 0, "", "c"),
    ("voice.tone.dial", "range:0..30000", "", 81, 0, "", "c"),
    ("voice.vad", "enum:0|1", "0", 0, 0, "", "c"),
    ("voice_mail.number.X", "", "", 0, 0, "", "c"),
    ("watch_dog.enable", "enum:0|1", "1", 0, 0, "", "c"),
    ("wui.http_enable", "enum:0|1", "1", 0, 0, "y", "c"),
    ("wui.https_enable", "enum:0|1", "1", 0, 0, "y", "c"),
    ("xml_phonebook.data.max_hits", "range:1..8", "", 0, 0, "", "c"),
    ("zero_touch.enable", "enum:0|1", "0", 0, 0, "", "c"),
    ("zero_touch.wait_time", "range:0..100", "5", 0, 0, "", "c"),
)

NAME_ONLY: dict[tuple[int, str], str] = {
    # First firmware and reboot: the parameters of which nothing else is known. Each line begins with what its names
    # have in common.
    (0, ""): """
account.X. acd.available acd.available_url acd.away_url advanced.timer_t1 advanced.timer_t2 advanced.timer_t4
account.X. always_fwd.off_code always_fwd.on_code always_fwd.target anonymous_call_mode anonymous_call_offcode
account.X. anonymous_call_oncode anonymous_reject_offcode anonymous_reject_oncode auth_name backup_sip_server_host
account.X. backup_sip_server_port balance_link_url busy_fwd.off_code busy_fwd.on_code busy_fwd.target
account.X. call_recording.enable cid_source_ppi cid_source_privacy codec.G722_1_24kpbs.enable
account.X. codec.G722_1_24kpbs.priority codec.G722_1c_24kpbs.enable codec.G722_1c_24kpbs.priority
account.X. codec.G722_1c_32kpbs.enable codec.G722_1c_32kpbs.priority codec.G722_1c_48kpbs.enable
account.X. codec.G722_1c_48kpbs.priority codec.Y.para codec.g722_1_24kpbs.enable codec.g722_1_24kpbs.para
account.X. codec.g722_1_24kpbs.priority codec.g722_1_24kpbs.rtpmap codec.g722_1_24kpbs.samplerate
account.X. codec.g722_1c_24kpbs.enable codec.g722_1c_24kpbs.para codec.g722_1c_24kpbs.priority
account.X. codec.g722_1c_24kpbs.rtpmap codec.g722_1c_24kpbs.samplerate codec.g722_1c_32kpbs.enable
account.X. codec.g722_1c_32kpbs.para codec.g722_1c_32kpbs.priority codec.g722_1c_32kpbs.rtpmap
account.X. codec.g722_1c_32kpbs.samplerate codec.g722_1c_48kpbs.enable codec.g722_1c_48kpbs.para
account.X. codec.g722_1c_48kpbs.priority codec.g722_1c_48kpbs.rtpmap codec.g722_1c_48kpbs.samplerate
account.X. codec.ilbc_13_33kbps.enable codec.ilbc_13_33kbps.priority codec.ilbc_15_2kbps.enable
account.X. codec.ilbc_15_2kbps.priority codec.opus.para codec.opus.samplerate display_name dns_cache_a.Y.ip
account.X. dns_cache_a.Y.name dns_cache_naptr.Y.flags dns_cache_naptr.Y.name dns_cache_naptr.Y.preferenc
account.X. dns_cache_naptr.Y.replace dns_cache_naptr.Y.service dns_cache_srv.Y.name dns_cache_srv.Y.target
account.X. dns_cache_type failback_mode failback_timeout features.call_decline.enable
account.X. features.dnd.feature_key_sync.local_processing.enable
account.X. features.forward.feature_key_sync.local_processing.enable fec_audio.mode flexible_seating.enable
account.X. hoteling.expires hoteling.mode hoteling.password hoteling.pin hoteling.user_id idle_screen_url
account.X. insert_outbound_in_route.enable label media_transmit.enable naptr_build nat.stun_server password path.enable
account.X. proxy_require redundancy_with_reg_fail.enable refresh_remote_id.enable reg_with_pani_header.enable
account.X. rereg_with_auth.enable retry_counts ringtone.ring_type sca_manage_interface_display_time
account.X. security_classification.enable send_anonymous_rejection_code share_line.barge_in.enable signal_encode_key
account.X. sip_server.template sip_server_host srtp_lifetime third_part_request_with_route.enable timeout_fwd.off_code
account.X. timeout_fwd.on_code timeout_fwd.target timeout_fwd.timeout user_name video.h263.enable video.h263.priority
account.X. video.h264.enable video.h264.priority video.h264hp.enable video.h264hp.priority video.vp8.enable
account.X. video.vp8.priority video_codec.Y.enable video_codec.Y.para video_codec.Y.payload_type video_codec.Y.priority
account.X. video_codec.Y.rtpmap vq_rtcpxr.collector_name vq_rtcpxr.collector_server_host vq_rtcpxr.collector_server_port
account.X. xsi.custom_url xsi.server_type
acd. bw
action_url. alarm.trigger always_fwd_off always_fwd_on answer_new_incoming_call attended_transfer_call
action_url. blind_transfer_call busy_fwd_off busy_fwd_on busy_to_idle call_established call_terminated dnd_off dnd_on
action_url. forward_incoming_call handfree hold idle_to_busy incoming_call ip_change is_ume log_off log_on missed_call
action_url. mute no_answer_fwd_off no_answer_fwd_on off_hook on_hook outgoing_call register_failed registered
action_url. reject_incoming_call reject_new_incoming_call setup_autop_finish setup_completed transfer_call
action_url. transfer_failed transfer_finished unhold unmute unregistered
alarm. button.X.weekly_dayofweek button.X.weekly_office_hour button.enable button.handset_stop.enable
alarm. button.pre_alarm.delay button.pre_alarm.handset_stop.enable button.report.mode button.ring.enable
alarm. button_trigger_mode line man_down.X.weekly_dayofweek man_down.X.weekly_office_hour man_down.enable
alarm. man_down.handset_stop.enable man_down.pre_alarm.delay man_down.pre_alarm.handset_stop.enable man_down.report.mode
alarm. man_down.ring.enable man_down.trigger_delay no_movement.X.weekly_dayofweek no_movement.X.weekly_office_hour
alarm. no_movement.enable no_movement.handset_stop.enable no_movement.pre_alarm.delay
alarm. no_movement.pre_alarm.handset_stop.enable no_movement.report.mode no_movement.ring.enable
alarm. no_movement.trigger_delay number running.X.weekly_dayofweek running.X.weekly_office_hour running.enable
alarm. running.handset_stop.enable running.pre_alarm.delay running.pre_alarm.handset_stop.enable running.report.mode
alarm. running.ring.enable running.trigger_delay
app. autorun install_url unavailable uninstall
auto_dst. url
auto_provision. aes_key_16.com aes_key_16.mac aes_key_in_file allsettings.sync allsettings.sync.path
auto_provision. attempt_expired_time complex_password.enable custom.handset.protect custom.upload_method
auto_provision. handset_configured.enable pnp_check_url.enable pnp_domain_name pnp_event_vendor server.password
auto_provision. server.url server.username update_file_mode weekly.dayofweek
base. active_handset.number eco_mode.enable repeater_mode.enable
blacklist. url
blf. SubscribePeriod enhanced.callin.parked.action enhanced.callout.parked.action enhanced.idle.parked.action
blf. enhanced.parked.parked.action enhanced.talking.parked.action
bw. call_recording.mode enable features.flash_time features_status.display_mode
bw. voice_mail.visual.display_videomail.enable voice_mail.visual.enable xmpp.change_presence.enable
bw. xmpp.change_presence.force_manual.enable xmpp.enable xmpp.presence_icon.mode xsi.directory.enable
bw. xsi.directory.server_search_type xsi.enable
bw_call_log. data.X.name data.X.password data.X.port data.X.server data.X.username display_name
bw_phonebook. common_displayname data.X.name data.X.password data.X.port data.X.server data.X.username display_name
bw_phonebook. enterprise_common_displayname enterprise_displayname group_common_displayname group_displayname
bw_phonebook. personal_displayname search_list_v1.X search_list_v2.X search_mode_or.X server_search_enable
bw_phonebook. update_interval
call_park. enable group_enable park_ring park_visual_notify_enable
call_waiting. off_code on_code
camera. flicker status_bar_icon.enable
ccount.X. dns_cache_srv.Y.target expires fallback.timeout
configuration. url
custom. handset.color_scheme handset.defined_direction_down_key.type handset.defined_direction_left_key.type
custom. handset.defined_direction_right_key.type handset.defined_direction_up_key.type handset.defined_left_key.type
custom. handset.defined_left_key.xml_url handset.defined_right_key.type static.system_mode static.system_mode_enable
custom. static.system_mode_selection
custom_factory_configuration. url
custom_mac_cfg. url
custom_softkey_call_failed. url
custom_softkey_call_in. url
custom_softkey_connecting. url
custom_softkey_dialing. url
custom_softkey_ring_back. url
custom_softkey_talking. url
dialplan. area_code.code area_code.max_len area_code.min_len digitmap.apply_to.history_dial replace.line_id.X
dialplan. replace.replace.X
dialplan_dialnow. url
dialplan_replace_rule. url
directory. edit_default_input_method
directory_setting. history.enable shared_contact.enable url
dm. enable file_upload.http_method file_upload.http_post_mode server.address server.port
doorphone_data. url
edk. edklist.X.action edklist.X.enable edklist.X.mname edkprompt.X.enable edkprompt.X.label edkprompt.X.type
edk. edkprompt.X.userfeedback id_mode.enable
expansion_module.X. key.Y.label key.Y.pickup_value key.Y.type key.Y.value key.Y.xml_phonebook
expansion_module. backgrounds key.X.extension key.X.label key.X.line key.X.type key.X.value key.X.xml_phonebook
expansion_module. page_tip.blf_call_in.enable page_tip.blf_call_in.led
features. action_call_answer action_contact action_dialer action_dsskey action_history auto_recording.enable
features. bluetooth_enable call_decline.enable call_num_filter call_park.group_park_code call_park.park_code
features. call_park.park_retrieve_code charging_tone.enable config_dsskey_length.shorten
features. cp_star_connection.master.enable cp_star_connection.master.mac cp_star_connection.slave.X.mac
features. cumulative_display_call_log.enable custom_factory_config.enable custom_version_info dect_mic.mute.mode
features. default_account default_layout dialpad_mode_on_hold.enable display_sca_barge_in.enable
features. dnd.feature_key_sync.enable dnd.feature_key_sync.local_processing.enable doorphone.X.autopreview.enable
features. doorphone.X.autopreview_record.enable doorphone.X.device_model doorphone.X.display_name
features. doorphone.X.full_screen doorphone.X.httpapi.password doorphone.X.httpapi.username doorphone.X.phone_number
features. doorphone.X.send_audio doorphone.X.send_video doorphone.X.unlock_pin doorphone.X.video.stream.httpurl
features. doorphone.X.videopreview.enable doorphone.amount dsskey_page_reset.call_established.enable
features. dsskey_page_reset.call_established.page dsskey_page_reset.enable dsskey_page_reset.page dtmf.dtmf_flash
features. dtmf.minium_on_time enhanced_dss_keys.enable exit_dnd_mode_enable factory_reset_option feature_key_sync.enable
features. forward.feature_key_sync.enable forward.feature_key_sync.local_processing.enable
features. headset.group_listen_in_talking_enable hide_unread_vm_number.enable hide_zero_touch_url.enable
features. hotdesking_clear_calllog.enable idle_recording.enable input.hebrew_enable intercom.barge_in_dialing.enable
features. intercom.led.enable intercom.ptt_mode.enable intercom.subscribe.enable intercom.video.mute
features. key.X.speeddial_label key.X.speeddial_line key.X.speeddial_number key_as_send
features. local_conf.combine_with_one_press.enable lower_your_voice_alarm.enable media_transmit.enable
features. noise_filtering_rev.enable out_of_service_alert.enable out_of_service_alert_time pab.enable pab.soupuser
features. paging_auto_resume.enable ptt.enable recording_file.delete_method recording_upload.enable
features. recording_upload.server.address recording_upload.server.password recording_upload.server.username
features. recording_upload_action registered_power_led_flash.enable text_message.enable transfer_complete.prompt.enable
features. uc_dir.match_tail_number uc_enable uc_password uc_username usb_call_recording.enable video_call_bandwidth
features. voice_mail_alert.enable voice_mail_key_lamp_field.enable voice_mail_popup.enable
firmware. url
forward. always.off_code always.on_code always.target busy.off_code busy.on_code busy.target no_answer.off_code
forward. no_answer.on_code no_answer.target no_answer.timeout
genesys. acd.after_call_work_display.enable
google_contact_server. display_mode
gui_lang. url
hoteling. authorized_call.X.value http_request_server password
ice. enable
lcd_logo. url
ldap. call_out_lookup customize_label
linekey.X. extension label line pickup_value shortlabel type value xml_phonebook
local_contact. data.url data_photo_tar.url icon.url image.url photo.url
local_contact_image. tar.url url
local_time. ntp_server2 time_zone_name
memorykey.X. extension label line pickup_value sub_type type value xml_phonebook
meta. comm_portal.acd.enable comm_portal.call_list.enable comm_portal.contacts.enable
meta. comm_portal.contacts.group.contacts.enable comm_portal.contacts.group.contacts.label
meta. comm_portal.contacts.group.extensions.enable comm_portal.contacts.group.extensions.label
meta. comm_portal.contacts.group.mlhgs.enable comm_portal.contacts.group.mlhgs.label
meta. comm_portal.contacts.update_interval comm_portal.enable comm_portal.keep_alive_interval_time
meta. comm_portal.logout.enable comm_portal.message.enable comm_portal.replace_local_call_list.enable
meta. comm_portal.server.password comm_portal.server.token comm_portal.server.url comm_portal.server.username enable
meta. login_mode
multicast. paging_address.X.label receive.enhance_volume receive.ignore_dnd.priority
network. dhcp.server_mac1 dhcp.server_mac2 dhcp_host_name dns.ttl_enable ipv6_icmp_v6.enable ipv6_internet_port.gateway
network. ipv6_internet_port.ip ipv6_internet_port.type ipv6_prefix ipv6_primary_dns ipv6_secondary_dns
network. ipv6_static_dns_enable static_nat.addr static_nat.enable vlan.vlan_change.enable wifi.band.mode
network. wifi.roaming_threshold
openvpn. url
over_the_air. mode url.X url.cp935w url.w57r url.w73h url.w78h
phone_setting. autop_led_flash_enable backgrounds_with_dsskey_unfold bluetooth_talk.enable
phone_setting. call_remote_end_when_hold.busy_tone.enable dsskey_directory_auto.enable hide_dsskey.mode
phone_setting. idle_clock_display.enable idle_dsskey_and_title.transparency lcd_logo.show_time lcd_logo.text
phone_setting. lcd_logo.wait_time login_note_text off_cradle_auto_answer.enable on_call.backlight_mode
phone_setting. permit_silent_mode.enable reserve_certs_enable retain_pin.enable ring_power_led_flash_enable
phone_setting. rtcp_xr_report.enable screen_saver_time sip_ua_attach_mac.enable sleep_time
phone_setting. talk_and_dial_power_led_enable vibrate.enable voice.ring_vol_min voice_volume
phone_setting. vq_rtcpxr.interval_report.enable vq_rtcpxr.session_report.enable vq_rtcpxr.states_show_on_gui.enable
phone_setting. vq_rtcpxr.states_show_on_web.enable vq_rtcpxr_delay_threshold_critical vq_rtcpxr_delay_threshold_warning
phone_setting. vq_rtcpxr_display_jitter.enable vq_rtcpxr_display_jitter_buffer_max.enable
phone_setting. vq_rtcpxr_display_local_call_id.enable vq_rtcpxr_display_local_codec.enable
phone_setting. vq_rtcpxr_display_moscq.enable vq_rtcpxr_display_moslq.enable vq_rtcpxr_display_packets_lost.enable
phone_setting. vq_rtcpxr_display_remote_call_id.enable vq_rtcpxr_display_remote_codec.enable
phone_setting. vq_rtcpxr_display_round_trip_delay.enable vq_rtcpxr_display_start_time.enable
phone_setting. vq_rtcpxr_display_stop_time.enable vq_rtcpxr_display_symm_oneway_delay.enable vq_rtcpxr_interval_period
phone_setting. vq_rtcpxr_moslq_threshold_critical vq_rtcpxr_moslq_threshold_warning
phone_settings. idle_dsskey_and_title.transparency
pm. gms_install_url gms_uninstall version
priv. auto_provision.screen.resolution
programablekey.X. extension history_type label line pickup_value type value xml_phonebook
programablekey10. DKtype Line Value XMLPhoneBook
programablekey14. DKtype Line Value XMLPhoneBook
programablekey5. DKtype Line Value XMLPhoneBook
programablekey6. DKtype Line Value XMLPhoneBook
programablekey7. DKtype Line Value XMLPhoneBook
programablekey8. DKtype Line Value XMLPhoneBook
programablekey9. DKtype Line Value XMLPhoneBook
ptt_group.X. enable name
ptt_group. caller_name join_code ptt_address
ringtone. url
screen_saver. pic.url
screensaver. clock_move_interval delete display_clock.enable display_clock_on_upload_picture.enable mode
screensaver. picture_change_interval upload_url
shortcutkey.X. icon label type value
sip. authentication_for_xsi escape_characters.enable h264.peer_resolution.default intercom_sub.enable
sip. listen_in_peer_localip.enable max_tcp_port max_udp_port min_tcp_port min_udp_port nat_stun.port nat_stun.server
sip. nat_turn.enable nat_turn.password nat_turn.port nat_turn.server nat_turn.username switch_server_on_503_response
softkey.X. action enable label position use.call_failed use.conferenced use.connecting use.held use.hold use.idle
softkey.X. use.incoming_call use.on_talk use.ring_back use.transfer_connecting use.transfer_ring_back
static.auto_provision. rsa_pri_key.delete rsa_pri_key.enable rsa_pri_key.url url_wildcard.pn
static.configuration. url
static.custom_factory_configuration. url
static.diagnose. log.max_size pcap.max_size server.password server.port server.url server.username type
static.directory_setting. url
static.dm. enterprise_id file_upload.http_method file_upload.http_post_mode server.address server.port site_id
static.features. custom_factory_config.enable default_account hide_zero_touch_url.enable
static.lang. wui
static.local_log. enable level max_file_size
static.network. dhcp_host_name dns.last_cache_expired dns.last_cache_expired.enable dns.query_timeout dns.ttl_enable
static.network. ethernet_as_wifi.enable http.user_agent ipv6_icmp_v6.enable ipv6_internet_port.gateway
static.network. ipv6_internet_port.ip ipv6_internet_port.type ipv6_prefix ipv6_primary_dns ipv6_secondary_dns
static.network. ipv6_static_dns_enable l2tp_server.address l2tp_server.password l2tp_server.username openvpn_file.url
static.network. pc_port.mode promisc_mode.enable set_fragment.enable vlan.vlan_change.enable vpn.mode
static.phone_setting. reserve_certs_enable
static.redirect. password user_name
static.sip. max_tcp_port max_udp_port min_tcp_port min_udp_port nat_stun.enable nat_stun.port nat_stun.server
static.station. mode
static.syslog. bootlog_upload_wait_time facility ftp.append_limit_mode ftp.max_logfile ftp.post_mode log_upload_period
static.syslog. prepend_mac_address.enable server_port transport_type
static.watch_dog. enable
static.wifi. 802_11e.enable show_scan_prompt
static.wifi.X. 802_1x.anonymous_identity eap_password eap_type eap_user_name priority
static.wifiap. channel dhcpd.mode dhcpd.segment enable generation password security_mode ssid
static.zero_touch. network_fail_delay_times network_fail_wait_times
super_search. url
telnet. telnet_enable
template.X. name outbound.Y.address outbound.Y.port outbound.enable outbound.fallback_interval sip_server.Y.address
template.X. sip_server.Y.expires sip_server.Y.port sip_server.Y.retry_counts
transfer. hang_up_after_success_trans
trusted_certificates. delete url
unify. enable
vcaccount. enable
video. enable
voice. bluetooth_headset_send
voice_mail. message_key.mode
vpm_tone_Country. Country
wallpaper_upload. url
web_setting. color.url logo_link model_name picture.delete picture.url title
wifi. 802_11e.enable enable
wifi.X. cipher_type label password priority security_mode ssid
wui_lang. delete url
wui_lang_note. url
xml_phonebook. data.X.name data.X.password data.X.url data.X.username
xsi. host password user
""",
    (0, "y"): """
auto_provision. reboot_force.enable
autoprovision.X. code com_aes mac_aes name password url user
call_list. url
dialing_shortcut. url
managementserver. connection_request_password connection_request_username password url username
network. 802_1x.client_cert_url 802_1x.identity 802_1x.md5_password 802_1x.root_cert_url internet_port.gateway
network. internet_port.ip internet_port.mask primary_dns secondary_dns static_dns_enable
sip. tls_port_random
static.managementserver. connection_request_password connection_request_username password periodic_inform_interval url
static.managementserver. username
static.network. 802_1x.client_cert_url 802_1x.root_cert_url internet_port.gateway internet_port.ip internet_port.mask
static.network. internet_port.type primary_dns secondary_dns static_dns_enable vlan.dhcp_option vlan.pc_port_enable
static.network. vlan.pc_port_mode vlan.pc_port_priority vlan.pc_port_vid
static.syslog. mode
static.web_item_level. url
web_item_level. url
""",
    (70, "n"): """
push_xml. server
""",
    (80, ""): """
account.X. acd.auto_login_enable auto_dial_enable auto_dial_num backup_outbound_host bla.notify_with_expire.enable
account.X. bla.subscribe_uri_build_type blf.match_host.enable call_id_mode call_info callerid_in_support_header.enable
account.X. check_to_tag.enable contact_take_line_param contact_take_line_param.enable custom_ua dial_tone
account.X. display_mwi.enable end_call_when_transferred.enable hold_use_inactive instance_id.enable line_seize.expires
account.X. nat.stun_refresh_timer outbound_proxy_fallback_interval register_expires_overlap sub_fail_retry_interval
account.X. subscribe_expires_overlap transfer_refer_to_contact_header.enable update_ack_while_dialing update_sip_call_id
action_url. call_remote_canceled call_waiting_off call_waiting_on cancel_callout headset held remote_busy report_server
action_url. show_msgbox unheld
auto_provision. url_wildcard.pn
custom. features.dnd_sync.enable features.redial_via_local_sip_server.enable
default_input_method. xml_browser_input_screen
dns_cache_a.X. ip name ttl
dns_cache_naptr.X. flags name order preference replace service ttl
dns_cache_srv.X. name port priority target ttl weight
features. action_uri_force_autop auto_answer_tone.enable barge_in_via_username.enable blf_call_out_by_number.enable
features. bluetooth_adapter_name call_invite_format call_out_history_by_off_hook.enable caller_name_type_on_dialing
features. forward.emergency.authorized_number hide_caller_id.enable ip_call.auto_answer.enable off_hook_answer.enable
features. play_dtmf_2833.enable power_saving.enable power_saving.off_hour.idle_timeout power_saving.office_hour.friday
features. power_saving.office_hour.idle_timeout power_saving.office_hour.monday power_saving.office_hour.saturday
features. power_saving.office_hour.sunday power_saving.office_hour.thursday power_saving.office_hour.tuesday
features. power_saving.office_hour.wednesday power_saving.user_input_ext.idle_timeout redial_via_local_sip_server.enable
features. transfer_type
gui_input_method. delete
network. cdp.enable cdp.packet_interval
phone_setting. logon_wizard_forever_wait ringback_timeout ringing_timeout
screensaver. wait_time
sip. bind_local_addr_enable disp_incall_to_info limit_server_name limit_server_reason terminate_notify_sub_delay_time
sip. timer_t1 timer_t2 timer_t4 user_agent_prefix
static.auto_provision. attempt_expired_time
static.network. attempt_expired_time dhcp.server_mac1 dhcp.server_mac2
static.wifi.X. cipher_type label password security_mode ssid
static.wifi. enable
syslog. bootlog_upload_wait_time ftp.append_limit_mode ftp.max_logfile ftp.post_mode log_upload_period
voice. rtcp.enable rtcp_cname rtcp_intval rtcp_xr.enable
zero_touch. network_fail_delay_times network_fail_wait_times
""",
    (81, ""): """
account.X. bw_acd_reason_code.Y codec.Y.enable codec.Y.payload_type codec.Y.priority codec.Y.rtpmap codec.g722.enable
account.X. codec.g722.priority codec.g723_53.enable codec.g723_53.priority codec.g723_63.enable codec.g723_63.priority
account.X. codec.g726_16.enable codec.g726_16.priority codec.g726_16.rtpmap codec.g726_24.enable codec.g726_24.priority
account.X. codec.g726_24.rtpmap codec.g726_32.enable codec.g726_32.priority codec.g726_32.rtpmap codec.g726_40.enable
account.X. codec.g726_40.priority codec.g726_40.rtpmap codec.g729.enable codec.g729.priority codec.ilbc.enable
account.X. codec.ilbc.priority codec.ilbc.rtpmap codec.opus.enable codec.opus.priority codec.opus.rtpmap
account.X. codec.pcma.enable codec.pcma.priority codec.pcmu.enable codec.pcmu.priority
account.X. dialplan.digitmap.active.on_hook_dialing dialplan.digitmap.apply_to.directory_dial
account.X. dialplan.digitmap.apply_to.forward dialplan.digitmap.apply_to.history_dial
account.X. dialplan.digitmap.apply_to.on_hook_dial dialplan.digitmap.apply_to.press_send dialplan.digitmap.enable
account.X. dialplan.digitmap.interdigit_long_timer dialplan.digitmap.interdigit_short_timer
account.X. dialplan.digitmap.no_match_action dialplan.digitmap.string dnd.off_code dnd.on_code gruu.enable
account.X. reg_failed_retry_max_time reg_failed_retry_min_time simultaneous_outgoing.num
account.X. sip_server.Y.failback_subscribe.enable
auto_provision. common_file_name
call_waiting. mode
dialplan. digitmap.active.on_hook_dialing digitmap.apply_to.directory_dial digitmap.apply_to.forward
dialplan. digitmap.apply_to.on_hook_dial digitmap.apply_to.press_send digitmap.enable digitmap.interdigit_long_timer
dialplan. digitmap.interdigit_short_timer digitmap.no_match_action digitmap.string emergency.asserted_id_source
dialplan. emergency.custom_asserted_id emergency.server.X.address emergency.server.X.port
expansion_module.X. key.Y.extension
features. action_uri_reboot_now alert_info_tone anonymous_response_code auto_linekeys.enable blf_pickup_only_send_code
features. block_linekey_in_menu.enable call.dialtone_time_out call_log_show_num dnd.emergency_authorized_number
features. dnd.large_icon.enable dnd.off_code dnd.on_code dtmf.duration dtmf.transfer dtmf.volume emergency_ring
features. flash_url_dsskey_led.enable forward_call_popup.enable group_listen_in_talking_enable
features. idle_talk_power_led_flash_enable intercom.headset_prior.enable ip_call_auto_answer.enable keep_mute.enable
features. ldap.input_type linekey_call_with_default_account missed_call_popup.enable password_dial.length
features. password_dial.prefix power_saving.intelligent_mode reset_by_long_press_enable rtp_symmetric.enable
features. shorten_linekey_label.enable show_anywhere_remote_office_enable special_auto_answer_tone
features. text_message_popup.enable upload_server
lcl. datetime.date.format
multicast. codec listen_address.X.channel listen_address.X.volume paging_address.X.channel paging_address.X.ip_address
over_the_air. url.w52h url.w56h
phone_setting. backgrounds call_info_display_method called_party_info_display.enable contact_photo_display.enable
phone_setting. headsetkey_mode hold_and_held_power_led_flash_enable max_number_of_handset
phone_setting. unregister_account_block_out.enable
sip. cid_source.preference dns_transport_type reliable_protocol.timerAE.enable request_validation.digest.list
sip. request_validation.digest.realm request_validation.event request_validation.source.list
sip. requesturi.e164.addglobalprefix sdp_early_answer_or_offer skip_redundant_failover_addr
static.auto_provision. attempt_before_failed dns_resolv_nosys dns_resolv_nretry dns_resolv_timeout flexible.end_time
static.auto_provision. inactivity_time_expire local_contact.backup.enable local_contact.backup.path
static.auto_provision. local_log.backup.append local_log.backup.append.limit_mode local_log.backup.append.max_file_size
static.auto_provision. local_log.backup.bootlog.upload_wait_time local_log.backup.enable local_log.backup.path
static.auto_provision. local_log.backup.upload_period retry_delay_after_file_transfer_failed server.type
static.network. 802_1x.anonymous_identity 802_1x.eap_fast_provision_mode dhcp.option60type
voice. jib.wifi.adaptive jib.wifi.max jib.wifi.min jib.wifi.normal tone.autoanswer tone.busy tone.callwaiting
voice. tone.congestion tone.dialrecall tone.info tone.message tone.record tone.ring tone.secondary_dial tone.stutter
wui. quick_login
""",
    (81, "y"): """
network. pppoe.password pppoe.user snmp.trust_ip
""",
    (83, ""): """
account.X. invite_with_pani_header.enable sip_server.Y.outbound_proxy_enable sip_server_mode
account.X. srtp.unencrypted_rtcp.enable srtp.unencrypted_rtp.enable
base. double_pin_code.enable pin_code_for_register
bw. emergency_calling.enable xsi.call_log.delete.enable xsi.call_log.enable xsi.call_log.multiple_accounts.enable
bw. xsi.directory.update.enable
custom. auto_provision.save_rps_info.enable handset.auto_answer.enable handset.auto_intercom
custom. handset.backlight_in_charger.enable handset.backlight_out_of_charger.enable handset.confirmation_tone.enable
custom. handset.date_format handset.eco_mode.enable handset.keypad_light.enable handset.keypad_tone.enable
custom. handset.low_battery_tone.enable handset.missed_call_notify_light.enable handset.screen_saver.enable
custom. handset.time_format handset.voice_mail_notify_light.enable handset.wallpaper
dialplan. digitmap.apply_to.prefix_key
directory_setting. bw_directory.enable bw_directory.priority bw_uc_buddies.enable bw_uc_buddies.priority
directory_setting. meta_call_log.enable meta_call_log.priority meta_directory.enable meta_directory.priority
dsskey. icon.delete icon.url
expkey. type_range.custom
features. acoustic_shield.level acoustic_shield.mode call_out_directory_by_off_hook.enable calllog_detailed_information
features. congestion_tone.codelist custom_softkey_dynamic.enable forward.no_answer.show_ring_times
features. full_screen_in_call_enable headset.ctrl_call.enable hide_world_clock.enable homescreen_softkey.acd.enable
features. homescreen_softkey.hoteling.enable keep_dnd.enable ms.X.mode ms.X.slave_handset_number play_mute_tone.enable
features. play_mute_tone.interval power_saving.power_led_flash.off_time power_saving.power_led_flash.on_time
features. station_name.scrolling_display station_name.value status_bar.hide system_funtion_bar.hide
features. xml_browser.loading_tip.delay xml_browser.pwd xml_browser.user_name
google_contact_server. enable
handset.X. dial_out_default_line dial_out_lines hac.enable incoming_lines name
hoteling. authentication_mode
linekey. type_range.custom
local. dsskey_type_config.mode
local_contact. favorite.enable
over_the_air. base_trigger handset_tip handset_trigger url url.w53h
phone_setting. browser.url custom_softkey.apply_to_states dsskey_label.display_method end_call_on_hook.enable
phone_setting. favorite_sequence_type incoming_call.reject.enable keytype_sequence reserve_certs_config.enable
phone_setting. ring_duration search.highlight_keywords.enable uc_favorite_sequence_type virtual_keyboard.enable
phone_setting. warnings_display.mode
programablekey.X. icon
programablekey. type_range.custom
push_xml. password phonebook.search.delay username
screensaver. type
search_in_dialing. bw_directory.enable bw_directory.priority bw_uc_buddies.enable bw_uc_buddies.priority
search_in_dialing. meta_call_log.enable meta_call_log.priority meta_directory.enable meta_directory.priority
shared_contact_list. url
sip. dhcp.option120.mode loopback.auto_answer.mode loopback.enable loopback_type mac_in_ua pkt_loopback_directed_payload
sip. pkt_loopback_encapsulated_payload send_response_by_request
static.auto_provision. authentication.expired_time custom.handset.protect dhcp_option.list_user6_options
static.auto_provision. handset_configured.enable local_calllog.backup.enable local_calllog.backup.path
static.auto_provision. local_calllog.write_delay.terminated
static.base. repeater_mode.enable
static.bluetooth. function.enable
static.camera. function.enable
static.directory_setting. shared_contact.enable
static.network. preference redundancy.failback.timeout redundancy.mode
static.usb. power.enable
static.usbdisk. function.enable
static.wifi. function.enable
voice. handfree.autoreset_spk_vol handset.autoreset_spk_vol headset.autoreset_spk_vol
voice. tone.stutter_dial_tone.apply_to_dnd.enable tone.stutter_dial_tone.apply_to_fwd.enable tone.stutterdial
wui. secure_domain_list
""",
    (84, ""): """
account.X. acd.call_information acd.refresh_url anonymous_call.server_base_only auto_answer_mute_enable
account.X. auto_label.enable auto_label.rule blf_list_call_parked_code blf_list_call_parked_list blf_list_listen_in_code
account.X. blf_list_whisper_code bw_disp_code_name.Y dnd.feature_key_sync.enable feature_key_sync.enable
account.X. forward.feature_key_sync.enable invite_with_rpid_header.enable networkconf_type
account.X. outbound_proxy.Y.failback_subscribe.enable outbound_proxy.Y.invite_retry_counts
account.X. outbound_proxy.Y.only_signal_with_registered phone_setting.call_appearance.calls_per_linekey
account.X. phone_setting.call_appearance.conference_via_new_linekey share_line.cancel_private_code
account.X. share_line.enable_private_code shared_line.idle_details
acd. available_fixed_display.enable disp_code_fixed_display.enable logout_fixed_display.enable
acd. trace_fixed_display.enable
action_url. peripheral_information vpn_ip
app. auto_arrange.enable
blf. enhanced.callin.callin.action enhanced.callin.enable enhanced.callin.idle.action enhanced.callin.led
blf. enhanced.callin.talking.action enhanced.callout.callin.action enhanced.callout.enable enhanced.callout.idle.action
blf. enhanced.callout.led enhanced.callout.talking.action enhanced.dnd.enable enhanced.dnd.led enhanced.hold.enable
blf. enhanced.hold.led enhanced.idle.callin.action enhanced.idle.enable enhanced.idle.idle.action enhanced.idle.led
blf. enhanced.idle.talking.action enhanced.parked.callin.action enhanced.parked.enable enhanced.parked.idle.action
blf. enhanced.parked.led enhanced.parked.talking.action enhanced.talking.callin.action enhanced.talking.enable
blf. enhanced.talking.idle.action enhanced.talking.led enhanced.talking.talking.action listen_barge_in_code
blf. normal_barge_in_code whisper_barge_in_code
bluetooth. a2dp_sink connect_confirm.enable
bw. flexible_seating.remember_password.ldap.enable virtual_user.X.enable virtual_user.X.label
bw. virtual_user.X.xsi.dnd.enable virtual_user.X.xsi.host virtual_user.X.xsi.password virtual_user.X.xsi.port
bw. virtual_user.X.xsi.server_type virtual_user.X.xsi.user xsi.directory.alphabetized_by_lastname.enable
custom. features.dsskey_lock_type features.dsskey_unlock_password
default_input_method. dialing xsi_password
dialplan. emergency.asserted_id.sip_account emergency.held.request_element.X.name emergency.held.request_element.X.value
dialplan. emergency.held.request_type emergency.held.secondary.server_url emergency.held.server_url transfer.mode
directory. search_default_input_method search_type
directory_setting. gb_gab_directory.enable gb_gab_directory.priority gb_pab_directory.enable gb_pab_directory.priority
directory_setting. ldap.enable ldap.priority local_directory.enable local_directory.priority presence_list.enable
directory_setting. presence_list.priority remote_phone_book.enable remote_phone_book.priority
edk. edkprompt.X.title
features. auto_answer.first_call_only auto_answer.ring_type blf.intercom_mode.enable blf.ring_type
features. blf.show_callinfo.enable blf_extension.mode call_log_merge.enable call_park.direct_send.enable
features. call_park.line_restriction.enable call_park.park_mode call_park.performby_holdhardkey.enable
features. conference.local.enable conference.with_previous_call.enable custom_auto_answer_tone.enable dnd.allow
features. dtmf.min_interval emergency_instant_messages.ring_type fwd.allow handset_mode.enable headset_mode.enable
features. ignore_incoming_call.enable intercom.feature_access_code intercom.mode local_calllog.received.replace_rule
features. mute.autoanswer_mute.enable no_answer_code parked_call_monitor.blf.ring_type
features. parked_call_monitor.blf_audio_enable parked_call_monitor.blf_visual_enable pickup.blf_audio.list
features. pickup.blf_visual.list pickup_display.method play_held_tone.delay play_held_tone.enable
features. play_held_tone.interval play_hold_tone.interval speaker_mode.enable system_function_bar.hide touch_tone
features. transfer_keep_session2_after_failed.enable
force. voice.ring_vol
forward. idle_access_always_fwd.enable
gb. emergency_instant_messages.displaytimeout emergency_instant_messages.enable presence.enable presence.line
gb. sopi.enable sopi.gab.enable sopi.gab.retain_search_filter sopi.pab.enable sopi.pab.match_in_calling.enable
gb. sopi.password sopi.service_url sopi.username
gui_input_method. url
ldap. anonymous_bind_operation.enable custom_extra_attr_name display_extra_attr extra_attr numb_display_mode search_type
local_contact. data.delete icon_image.url
phone_setting. call_appearance.calls_per_linekey call_appearance.conference_via_new_linekey
phone_setting. call_appearance.transfer_via_new_linekey call_display_name.mode change_183_to_180
phone_setting. disable_account_without_username.enable early_media.rtp_sniffer.timeout hold_or_swap.mode icon.delete
phone_setting. icon.url incoming_call.horizontal_roll_interval incoming_call_when_dialing.priority
phone_setting. reverse_lookup.contact_list.replace.pattern reverse_lookup.contact_list.replace.with
phone_setting. reverse_lookup.incoming_call.replace.pattern reverse_lookup.incoming_call.replace.with search_t9.enable
remote_phonebook. data.X.name data.X.password data.X.username
search_in_dialing. gb_pab_directory.enable gb_pab_directory.priority history.enable history.priority ldap.enable
search_in_dialing. ldap.priority local_directory.enable local_directory.priority remote_phone_book.enable
search_in_dialing. remote_phone_book.priority
sip. call_fail_use_reason.enable pkt_loopback_mode reliable_protocol.timerae.enable send_keepalive_by_socket
sip. sub_refresh_random unreg_with_socket_close
softkey.X. use.dialing use.dialtone
static.auto_provision. config_version.com config_version.mac encryption.call_log pnp_check_url.enable
static.features. network_test.check_policy network_test.enable network_test.host network_test.period
static.features. network_unavailable_test.period
static.ice. enable
static.network. dns.retry_times static_nat.addr static_nat.enable wifi.internet_port.gateway wifi.internet_port.ip
static.network. wifi.internet_port.mask wifi.internet_port.type wifi.ip_address_mode wifi.ipv6_icmp_v6.enable
static.network. wifi.ipv6_internet_port.gateway wifi.ipv6_internet_port.ip wifi.ipv6_internet_port.type wifi.ipv6_prefix
static.network. wifi.ipv6_primary_dns wifi.ipv6_secondary_dns wifi.ipv6_static_dns_enable wifi.preference
static.network. wifi.primary_dns wifi.secondary_dns wifi.static_dns_enable
static.security. server_ssl_method
static.sip. nat_turn.enable nat_turn.password nat_turn.port nat_turn.server nat_turn.username
syslog. usb.enable
voice. ans_nb.enable g726.aal2.enable handset.tia4965.enable headset.tia4965.enable tns.enable
""",
    (85, ""): """
bluetooth. high_encryption.enable
phone_setting. usb.pc_mode usb.pc_mode.audio_union usb.pc_mode.default_conference
pstn. account.X.auto_answer account.X.auto_answer_mute_enable account.X.enable account.X.label account.X.missed_calllog
pstn. account.X.ring_type
""",
    (86, ""): """
account.X. codec.g729ab.enable tls.srtp_encryption_compulsorily ume.manual_record.enable
alarm.X. handset_stop.enable name pre_alarm.delay pre_alarm.handset_stop.enable ring.enable trigger_delay type
alarm.X. weekly.begin_time weekly.dayofweek weekly.end_time
alarm. server.address server.expires server.port server.retry_counts server.transport_type
ddp.X. features.pickup.blf_audio.list features.pickup.blf_audio_enable features.pickup.blf_visual.list
ddp.X. features.pickup.blf_visual_enable linekey.Y.extension linekey.Y.label linekey.Y.type linekey.Y.value
ddp.X. linekey.xline
directory. containing_search.additional_sorting_mode
dm. enterprise_id site_id
features. accessibility.large_text.enable analog_headset.mode anonymous.feature_key_sync.enable
features. blf_key_state_display.enable caller_name_type_on_call connect_pstn_popup.enable
features. dtmf.sampling_frequency.match_codec.enable font.size keep_mute.mode missed_call_icon_event
features. network.8021x_upload.mode transfer.mode xml_active_backlight.enable
firmware. usb_headset.server usb_headset.server.appid usb_headset.server.special_num usb_headset.url
gb. sopi.gab.default_search sopi.gab.default_search_keywords sopi.gab.default_search_type
handset.X. alarm.number alarm.template
meta. comm_portal.contacts.group.shortcodes.enable comm_portal.contacts.group.shortcodes.label server.version
network. dns_list.mode wifi.dns_list.mode
over_the_air. url.cp930w url.t41s_dd10k url.t54w_dd10k url.w59r
packet_capture. interface
phone_setting. called_party_info_display_method fwd_and_dnd.suspension_prompt headset_image.url
phone_setting. local_directory_order.type message_call.rule old_mail_display.enable phone_lock.emergency.number_rule
phone_setting. recorder_tone.enable vq_rtcpxr.min_callduration wifi_security_check.enable
pstn. country enable
remote_control.X. allow
satic. security.tr069.trust_certificates
screensaver. xml_browser.url
security. 802_1x.ca_cert 802_1x.cn_validation 802_1x.dev_cert 802_1x.ssl_method 802_1x.tls_cipher_list
security. 802_1x.trust_certificates auto_provision.ca_cert auto_provision.cn_validation auto_provision.dev_cert
security. auto_provision.ssl_method auto_provision.tls_cipher_list auto_provision.trust_certificates
security. complex_password.enable dm.ca_cert dm.cn_validation dm.dev_cert dm.ssl_method dm.tls_cipher_list
security. dm.trust_certificates download_library.ssl_method download_library.tls_cipher_list ldap.ca_cert
security. ldap.cn_validation ldap.dev_cert ldap.ssl_method ldap.tls_cipher_list ldap.trust_certificates
security. remote_phonebook.ca_cert remote_phonebook.cn_validation remote_phonebook.dev_cert remote_phonebook.ssl_method
security. remote_phonebook.tls_cipher_list remote_phonebook.trust_certificates sip.ca_cert sip.cn_validation
security. sip.dev_cert sip.ssl_method sip.tls_cipher_list sip.trust_certificates sopi.ca_cert sopi.cn_validation
security. sopi.dev_cert sopi.ssl_method sopi.tls_cipher_list sopi.trust_certificates tr069.ca_cert tr069.cn_validation
security. tr069.dev_cert tr069.ssl_method tr069.tls_cipher_list tr069.trust_certificates web_limited_access_level
security. web_server.ca_cert web_server.cn_validation web_server.dev_cert web_server.ssl_method
security. web_server.tls_cipher_list web_server.trust_certificates xml_browser.ca_cert xml_browser.cn_validation
security. xml_browser.dev_cert xml_browser.ssl_method xml_browser.tls_cipher_list xml_browser.trust_certificates
security. xmpp_xsi.ca_cert xmpp_xsi.cn_validation xmpp_xsi.dev_cert xmpp_xsi.ssl_method xmpp_xsi.tls_cipher_list
security. xmpp_xsi.trust_certificates
sip. check_sync.action_url check_sync.mode emergency_call.mode
static.network. dns_list.mode wifi.dns_list.mode
static.security. 802_1x.ca_cert 802_1x.cn_validation 802_1x.dev_cert 802_1x.ssl_method 802_1x.tls_cipher_list
static.security. 802_1x.trust_certificates auto_provision.ca_cert auto_provision.cn_validation auto_provision.dev_cert
static.security. auto_provision.ssl_method auto_provision.tls_cipher_list auto_provision.trust_certificates dm.ca_cert
static.security. dm.cn_validation dm.dev_cert dm.ssl_method dm.tls_cipher_list dm.trust_certificates ldap.ca_cert
static.security. password_use_default.mode remote_phonebook.ca_cert remote_phonebook.cn_validation
static.security. remote_phonebook.dev_cert remote_phonebook.ssl_method remote_phonebook.tls_cipher_list
static.security. remote_phonebook.trust_certificates sip.ca_cert sip.cn_validation sip.dev_cert sip.ssl_method
static.security. sip.tls_cipher_list sip.trust_certificates sopi.ca_cert sopi.cn_validation sopi.dev_cert
static.security. sopi.ssl_method sopi.tls_cipher_list sopi.trust_certificates tr069.ca_cert tr069.cn_validation
static.security. tr069.dev_cert tr069.ssl_method tr069.tls_cipher_list tr069.trust_certificates web_limited_access_level
static.security. web_server.cn_validation web_server.dev_cert web_server.ssl_method web_server.tls_cipher_list
static.security. web_server.trust_certificates xml_browser.ca_cert xml_browser.cn_validation xml_browser.dev_cert
static.security. xml_browser.ssl_method xml_browser.tls_cipher_list xmpp_xsi.ca_cert xmpp_xsi.cn_validation
static.security. xmpp_xsi.dev_cert xmpp_xsi.ssl_method xmpp_xsi.tls_cipher_list xmpp_xsi.trust_certificates
ume. call_push.enable directory.enable directory.update_time_interval
voice. headset_side_tone intercom.tone_vol
wifiap. brocast_ssid
xmlbrowser_icon. delete
xmlbrowser_icon_upload. url
""",
}
