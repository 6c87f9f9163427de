# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the phones, which several modules take."""

from __future__ import annotations


class ModuleDocFragment:
    """The option phones."""

    DOCUMENTATION = r"""
options:
  phones:
    description:
      - The phones. Made from the site's declaration by P(voipsec.hardening.desired#lookup).
      - Required, except by M(voipsec.hardening.yealink_audit), where it only gives the models and firmware of the
        files found.
    type: list
    elements: dict
    suboptions:
      mac:
        description: MAC address, with or without separators.
        type: str
        required: true
      model:
        description: Model as on the label, for example V(T46U) or V(SIP-T46U).
        type: str
        required: true
      firmware:
        description:
          - Firmware version as the phone shows it, for example V(108.86.0.118). It decides which names the phone
            understands.
          - Without it the newest known for the model is assumed, with a warning. Firmware that is known to be another
            model's is refused.
        type: str
      outside_lan:
        description: Whether the phone reaches the PBX over the internet. It then listens on a port of its own instead
          of 5060.
        type: bool
        default: false
      enrolled:
        description:
          - Whether the phone knows its provisioning server. It then no longer looks for one by PnP and DHCP, where
            anyone on the LAN could answer.
          - A phone that fetches this file knows its server, so V(false) is for phones that are moved to another one.
        type: bool
        default: true
      listen_port:
        description: Port on which the phone listens for SIP, outside 11780 to 12780, where its speech is. Before V80
          every account has a port, and the next ones are those above it.
        type: int
      random_listen_port:
        description: Whether the phone listens on a port of its own, 20000 to 59999, that follows from its MAC address.
          As O(phones[].outside_lan) without it.
        type: bool
      web_interface:
        description: The phone's web pages. Plain HTTP is off in any case.
        type: str
        choices: [https, 'off']
        default: https
      check_sync:
        description:
          - What the phone does when its PBX sends a SIP NOTIFY C(check-sync). V(reload) fetches the configuration, and
            reboots only where the NOTIFY says so. V(ignore) does nothing.
          - The factory's value reboots the phone at once.
        type: str
        choices: [reload, ignore]
        default: reload
      lock:
        description: The keypad lock. It opens with the extension's voicemail PIN, unless
          O(voipsec.hardening.yealink_config#module:secret_settings) has another. The factory's PIN is replaced even
          without a lock.
        type: dict
        suboptions:
          after:
            description: Seconds without a key pressed, at most 3600. 0 locks by hand only.
            type: int
            default: 300
          keys:
            description: Which keys are locked.
            type: str
            choices: [all, function, menu]
            default: all
      vlan:
        description: 802.1Q tags.
        type: dict
        suboptions:
          id:
            description: VLAN of the phone's own traffic, 1 to 4094.
            type: int
            required: true
          priority:
            description: Its priority, 0 to 7.
            type: int
          pc_id:
            description: VLAN of a computer behind the phone. The names for it are known by name only.
            type: int
          pc_priority:
            description: Its priority, 0 to 7.
            type: int
      dot1x:
        description: How the phone proves itself to the switch. V(md5) and V(peap) need the password as
          C(static.network.802_1x.md5_password) in O(voipsec.hardening.yealink_config#module:secret_settings).
        type: dict
        suboptions:
          method:
            description: EAP method. DECT bases are known to take V(md5) only.
            type: str
            choices: [md5, tls, peap]
            required: true
          identity:
            description: Name. The phone's MAC address without it.
            type: str
          ca_url:
            description: HTTPS address of the authority's certificate.
            type: str
          client_certificate_url:
            description: HTTPS address of the client's certificate, which V(tls) needs.
            type: str
      blocked_beginnings:
        description:
          - Beginnings of numbers that the phone refuses to dial, as dialled, for example V(0088). They become at most
            ten patterns; those that stop the most numbers come first, and a warning names what found no place.
          - A second barrier. The first is the PBX.
          - One that would bar an emergency number is refused.
        type: list
        elements: str
        default: []
      trusted_certificate:
        description: HTTPS address of the certificate of an own authority that the phone shall trust.
        type: str
      server_certificate:
        description: HTTPS address of the certificate and key that the phone's own web pages present. Whoever can fetch
          it has the key.
        type: str
      accounts:
        description: SIP accounts in the order of the phone's lines. The first one's extension owns the phone's
          passwords.
        type: list
        elements: dict
        required: true
        suboptions:
          number:
            description: Extension. Its credentials are looked up under this number.
            type: str
            required: true
          label:
            description: Text beside the line key. The number without it.
            type: str
          display_name:
            description: Name that others see. The label without it.
            type: str
          server:
            description: The PBX, by the name its certificate is for.
            type: str
            required: true
          port:
            description: Port of the PBX.
            type: int
            default: 5060
          transport:
            description: Transport of SIP.
            type: str
            default: udp
            choices: [udp, tcp, tls]
          srtp:
            description: Encryption of speech. It needs O(phones[].accounts[].transport=tls) to hide anything.
            type: str
            default: disabled
            choices: [disabled, optional, compulsory]
      provisioning:
        description: Where the phone fetches its files.
        type: dict
        required: true
        suboptions:
          url:
            description: Address of the directory. HTTPS only.
            type: str
            required: true
          username:
            description: Name for HTTP basic authentication with O(phones[].provisioning.access=shared). The password is
              in O(voipsec.hardening.yealink_config#module:credentials_file).
            type: str
          access:
            description:
              - With what the phone proves itself. V(phone_password) is a password of its own, with its MAC address as
                the user name. V(phone_path) is a folder of its own below O(phones[].provisioning.url) that nobody can
                guess. Both follow from one secret in O(voipsec.hardening.yealink_config#module:credentials_file);
                M(voipsec.hardening.yealink_access) gives them to the server.
              - V(shared) is one password for all phones, the default with O(phones[].provisioning.username). V(none) is
                the default without.
            type: str
            choices: [phone_password, phone_path, shared, none]
      emergency_numbers:
        description: Numbers that stay dialable, also while the phone is locked.
        type: list
        elements: str
        default: ['999', '112', '18000']
      settings:
        description: As O(voipsec.hardening.yealink_config#module:settings), for this phone only. It wins over
          O(voipsec.hardening.yealink_config#module:settings). What does not fit the phone is an error.
        type: dict
        default: {}
"""
